"""Links of a section page: which lead to articles, which to other sections. Scored by address, wording and place. Pure.

No single sign is believed. A score of ARTICLE or more makes a candidate; the weights were set on the bundled newsroom
and on front pages of a few dozen outlets, and what they let through by mistake is seen through once it is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from lxml import html

from archive.urls import canonical
from crawler.discovery.candidates import Candidate, address, plain
from crawler.discovery.page import Page

__all__ = ["ARTICLE", "Link", "articles", "score_of_address", "scored", "sections", "too_many"]

ARTICLE = 3
"""The least score of a link to an article."""
_MOST_SECTIONS = 60

_DATE = re.compile(
    r"/(?:19|20)\d\d[/\-_.]?(?:0?[1-9]|1[0-2]|[a-z]{3})(?:[/\-_.]?(?:0?[1-9]|[12]\d|3[01]))?(?=[/\-_.]|$)"
)
_YEAR = re.compile(r"/(?:19|20)\d\d/")
_SUFFIX = re.compile(r"\.(?:s?html?|php|aspx?|jsp|ece|cms|story|article)$")
_NUMBER = re.compile(r"\d{5,}|[0-9a-f]{16,}|(?<=[a-z\-_/])\d{4,}$")
_ARTICLE_PARAMETER = re.compile(r"(?:^|&)(?:p|id|aid|artid|article_?id|story_?id|news_?id|idxno|oid|sid)=\d+")
_ARTICLE_WORD = re.compile(
    r"/(?:articles?|story|stories|posts?|artikel|articulo|article-|noticias?|nachrichten|nyheter|notizie|"
    r"haber|berita|news/\d|story-|detail|view)(?=[/\-_.\d]|$)"
)
_NO_ARTICLE = re.compile(
    r"/(?:tags?|categor(?:y|ies|ie)|authors?|autor(?:en)?|profile|people|contributors?|topics?|thema|themen|search|suche|"
    r"login|log-in|signin|sign-in|signup|register|registration|subscribe|subscription|abo|account|konto|user|users|"
    r"about|about-us|contact|kontakt|privacy|datenschutz|terms|legal|imprint|impressum|cookies?|careers?|jobs|advertis\w*|"
    r"videos?|watch|gallery|galleries|photos|fotos|slideshow|podcasts?|live-?tv|shop|store|cart|checkout|products?|"
    r"rss|feeds?|newsletters?|help|faq|wp-admin|wp-login\.php|wp-json|print|share|comments?|"
    r"calendar|weather|wetter|horoscopes?|games|page|cgi-bin|logout|unsubscribe|donate|sitemap)(?:/|\.\w+$|$)"
)
_NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|mjs|json|xml|rss|atom|pdf|docx?|xlsx?|pptx?|zip|gz|rar|7z|mp[34]|m4[av]|"
    r"mov|avi|webm|ogg|wav|exe|dmg|apk|woff2?|ttf|ics|txt|csv)$"
)
_CHROME = frozenset({"nav", "footer", "aside", "form"})
_CHROME_NAME = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|footer|breadcrumbs?|social|share|sharing|cookie|login|tags|taglist|"
    r"byline|author|pagination|pager|paging|toolbar|legal|sitemap|skip)(?:$|[\s_-])",
    re.IGNORECASE,
)
_TEASER_NAME = re.compile(
    r"(?:^|[\s_-])(?:teaser|story|article|headline|entry|post|card|news|item|title|media-object)", re.IGNORECASE
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})
_WIDE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DEPTH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What is known of one address from all the links to it on a page."""

    url: str
    score: int
    text: str | None
    """The longest wording of them."""
    chrome: bool
    """Only in navigation, footers and the like."""


def articles(page: Page) -> tuple[Candidate, ...]:
    """Candidates among a page's links, in the order of the page."""
    return tuple(
        Candidate(url=link.url, title=_title(link.text), language=page.language)
        for link in scored(page)
        if link.score >= ARTICLE
    )


def sections(page: Page) -> tuple[str, ...]:
    """Links that may lead to other lists of articles: short addresses that say nothing against it."""
    found = [
        link.url
        for link in scored(page)
        if link.score < ARTICLE and not urlsplit(link.url).query and not _NO_ARTICLE.search(_path(link.url))
        if 1 <= len(_segments(_path(link.url))) <= 2 and not _SUFFIX.search(_path(link.url))
    ]
    return tuple(found[:_MOST_SECTIONS])


def scored(page: Page) -> tuple[Link, ...]:
    """Every address a page links to over http, itself aside, with the best score of the links to it.

    Of as many links as the page allows; the answer is kept with the page.
    """
    if "scored" not in page.worked_out:
        page.worked_out["scored"] = _scored(page)
    found: tuple[Link, ...] = page.worked_out["scored"]
    return found


def _scored(page: Page) -> tuple[Link, ...]:
    own = canonical(page.url)
    found: dict[str, tuple[str, int, str, bool]] = {}
    for anchor in islice(page.tree.iter("a", "area"), page.most_links or None):
        if _unseen(anchor, nofollow=page.nofollow):
            continue
        url = address(page.base, anchor.get("href")) if anchor.get("href") else None
        if url is None or (key := canonical(url)) == own or _NO_PAGE.search(_path(url)):
            continue
        text, chrome = _wording(anchor), _in_chrome(anchor)
        points = _score_of_anchor(anchor, text) - (4 if chrome else 0)
        if key not in found:
            found[key] = (url, points, text, chrome)
        else:
            first, best, longest, only_chrome = found[key]
            found[key] = (first, max(best, points), max(longest, text, key=len), only_chrome and chrome)
    return tuple(
        Link(url=url, score=points + score_of_address(url), text=text or None, chrome=chrome)
        for url, points, text, chrome in found.values()
    )


def too_many(page: Page) -> bool:
    """Whether a page has more links than are looked at."""
    most = page.most_links
    return bool(most) and next(islice(page.tree.iter("a", "area"), most, None), None) is not None


def score_of_address(url: str) -> int:
    """What an address alone says for (above 0) or against an article being there."""
    path, query = _path(url), urlsplit(url).query.lower()
    segments = _segments(path)
    if not segments:
        return 2 if _ARTICLE_PARAMETER.search(query) else -6
    stem = _SUFFIX.sub("", segments[-1])
    words = len([word for word in re.split(r"[-_+]|%20", stem) if word])
    score = 3 if _DATE.search(path) and (words > 1 or _NUMBER.search(stem)) else 1 if _YEAR.search(path) else 0
    score += 3 if words >= 5 else 2 if words >= 3 else 0
    score += 2 if _NUMBER.search(stem) or _ARTICLE_PARAMETER.search(query) else 0
    score += 1 if _SUFFIX.search(path) and len(segments) > 1 else 0
    score += 1 if _ARTICLE_WORD.search(path) and len(segments) > 1 else 0
    score -= 5 if _NO_ARTICLE.search(path) else 0
    return score - (2 if stem in ("index", "default", "home") else 0)


def _score_of_anchor(anchor: html.HtmlElement, text: str) -> int:
    words = len(text.split()) + len(_WIDE.findall(text)) // 2
    score = 2 if words >= 5 or len(text) >= 30 else 1 if words >= 3 else 0
    inside = next(anchor.iter(*_HEADINGS), None) is not None
    if inside or any(ancestor.tag in _HEADINGS for ancestor in _around(anchor, 3)):
        return score + (3 if words >= 3 else 1)  # one or two words head a section as often as a story
    teaser = any(a.tag == "article" or _TEASER_NAME.search(a.get("class") or "") for a in (anchor, *_around(anchor, 4)))
    return score + (1 if teaser else 0)


def _in_chrome(anchor: html.HtmlElement) -> bool:
    return any(
        element.tag in _CHROME or _CHROME_NAME.search(f"{element.get('class') or ''} {element.get('id') or ''}")
        for element in (anchor, *_around(anchor, _DEPTH))
    )


def _unseen(anchor: html.HtmlElement, *, nofollow: bool) -> bool:
    """Whether it is for crawlers only: hidden from readers, as traps are, or marked as not to be followed."""
    if not nofollow and "nofollow" in (anchor.get("rel") or "").lower():
        return True
    return any(
        "hidden" in element.attrib or _HIDDEN.search(element.get("style") or "")
        for element in (anchor, *_around(anchor, _DEPTH))
    )


def _around(element: html.HtmlElement, depth: int) -> Iterator[html.HtmlElement]:
    """Its ancestors, nearest first, as far as they belong to it rather than to the page."""
    for number, ancestor in enumerate(element.iterancestors()):
        if number >= depth or ancestor.tag in ("body", "html", "main"):
            return
        yield ancestor


def _wording(anchor: html.HtmlElement) -> str:
    text = plain(" ".join(map(str, anchor.itertext()))) or plain(anchor.get("title"))
    return text or plain(next((image.get("alt") for image in anchor.iter("img") if image.get("alt")), None)) or ""


def _title(text: str | None) -> str | None:
    """The wording as a title, unless it is too short to be one (``more``, ``read on``)."""
    return text if text and (len(text.split()) >= 3 or len(_WIDE.findall(text)) >= 6) else None


def _path(url: str) -> str:
    return urlsplit(url).path.lower()


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]
