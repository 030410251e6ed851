"""What kind of page it is: an article, an index of articles, or something else. Pure, and without an extractor.

A sum of points decides, from what the page declares (JSON-LD types, og:type), from its URL, from how much prose and how
many links it has, and from how it was found. No single sign is trusted: systems for blogs declare shops to be articles,
and newspapers forget to declare anything. A page with prose that a feed or sitemap listed is an article unless much
speaks against it, since an article missed is worse than a page too many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from archive.extract import jsonld
from archive.extract.page import Page
from archive.model import Discovery

__all__ = ["Outline", "judge", "kind_of"]

_POINTS: Final = {
    # what is declared
    "article node": 1.0,
    "article node with a date": 1.0,
    "og:type article": 1.0,
    "og:type website": -0.5,
    "og:type of goods": -1.5,
    "publication date": 0.5,
    "author": 0.5,
    "byline": 0.5,
    "forum node": -2.5,
    "goods node": -1.5,
    "media node": -1.5,
    "list node": -2.0,
    "price": -1.0,
    "software": -1.0,
    # the URL
    "front page": -2.5,
    "path of a list": -1.0,
    "path of no article": -1.5,
    "path of articles": 1.5,
    "dated path": 1.0,
    "long or numbered name": 1.0,
    # the content
    "many prices": -0.5,
    "little prose": -1.5,
    "mostly teasers": -1.0,
    # how it was found
    "listed in a feed": 4.0,
    "listed in a sitemap": 1.5,
}
"""Weights of a logistic regression over real pages, rounded to halves; to be seen as a whole."""
_ENOUGH: Final = 0.5

_ARTICLE: Final = frozenset({"article", "news", "blog", "post", "newsarticle", "blogposting"})
_FORUM: Final = frozenset({"DiscussionForumPosting", "QAPage"})
_GOODS: Final = frozenset(
    {"Product", "ProductGroup", "Service", "ProfessionalService", "LocalBusiness", "Store", "Restaurant", "Hotel"}
    | {"Course", "SoftwareApplication", "JobPosting", "RealEstateListing"}
)
_MEDIA: Final = frozenset({"VideoObject", "AudioObject", "PodcastEpisode", "ImageGallery", "Movie", "TVEpisode"})
_LISTS: Final = frozenset({"CollectionPage", "SearchResultsPage", "ProfilePage"})

_FRONT: Final = re.compile(r"/?(?:index\.\w+|home|[a-z]{2}(?:-[a-z]{2})?|)/?", re.IGNORECASE)
_LIST_PATH: Final = re.compile(
    r"""/(?:tags?|topics?|themen?|temas?|categor(?:y|ies|ia|ias)|kategorie|rubri(?:k|que|ca)s?|sections?|authors?
    |autor(?:en|es)?|auteurs?|contributors?|people|by|archives?|archiv|search|suche|recherche|buscar|cerca|list
    |collections?|trending|page/\d+|browse)(?:/[^/]*){0,2}$""",
    re.IGNORECASE | re.VERBOSE,
)
_SEARCH_QUERY: Final = re.compile(r"(?:^|&)(?:s|q|query|search)=", re.IGNORECASE)
_OTHER_PATH: Final = re.compile(
    r"""/(?:log-?in|sign-?(?:in|up)|register|account|subscri(?:be|ption)s?|newsletters?|cart|checkout|contact(?:-us)?
    |kontakt|impressum|about(?:-us)?|privacy(?:-policy)?|datenschutz|terms(?:-of-\w+)?|cookies?(?:-policy)?|legal|help
    |faqs?|careers?|jobs|advertise|pricing|shop|store|products?|dp|services?|solutions?|coupons?[\w-]*|forums?|threads?
    |boards?|discussions?|community|questions?|viewtopic\.php|docs?|documentation|reference|api|userguide|manual
    |courses?|programs?)(?:/|\.\w+$|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_OTHER_HOST: Final = re.compile(
    r"(?:docs?|forums?|shop|store|community|help|support|wiki|developers?)\.", re.IGNORECASE
)
_ARTICLE_PATH: Final = re.compile(
    r"""/(?:articles?|artikel|stor(?:y|ies)|news|blogs?|posts?|nachrichten|noticias?|actualites?|opinion
    |press-releases?|releases?|columns?|features?|reviews?)/.*[^/]{12}""",
    re.IGNORECASE | re.VERBOSE,
)
_DATED_PATH: Final = re.compile(
    r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2]|[a-z]{3})(?:[/-]?\d{1,2})?[/-]|/(?:19|20)\d{6}", re.IGNORECASE
)
_LONG_NAME: Final = re.compile(r"[^\W_]+(?:[-_+][^\W_]+){3,}|\D*\d{5,}")
_SOFTWARE: Final = re.compile(
    r"""phpbb|xenforo|discourse|vbulletin|simple\ machines|invision|flarum|nodebb|mybb|vanilla|question2answer
    |sphinx|mkdocs|docusaurus|mdbook|doxygen|gitbook|vuepress|vitepress|mediawiki""",
    re.IGNORECASE | re.VERBOSE,
)

_NO_PROSE: Final = frozenset(
    {"script", "style", "noscript", "template", "option", "button", "label", "title", "textarea"}
)
_PRICE: Final = re.compile(r"(?:[$€£¥₹]|\b(?:EUR|USD|GBP|kr|zł)\b)\s?\d|\d\s?(?:€|£|kr\b|zł)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """How much of a page is prose, and how much leads elsewhere."""

    prose: int
    """Characters in runs of text of some length, outside links."""
    teasers: int
    """Links as long as headlines, outside paragraphs."""
    prices: int

    @classmethod
    def of(cls, tree: html.HtmlElement) -> Outline:
        prose = teasers = prices = 0
        for element in tree.iter(etree.Element):
            text, tail = element.text, element.tail
            if element.tag == "a":
                parent = element.getparent()
                headline = len("".join(element.itertext()).strip()) >= 30
                teasers += headline and parent is not None and parent.tag != "p"
            elif text and element.tag not in _NO_PROSE:
                if len(text) >= 60:
                    prose += len(text.strip())
                elif len(text) < 40 and _PRICE.search(text):
                    prices += 1
            if tail and len(tail) >= 60:
                prose += len(tail.strip())
        return cls(prose=prose, teasers=teasers, prices=prices)


def kind_of(tree: html.HtmlElement, url: str, hint: Discovery | None = None) -> str:
    """``article``, ``index`` or ``other``, for a page that is not being extracted here and now."""
    return judge(Page.of(tree, url), Outline.of(tree), hint)


def judge(page: Page, outline: Outline, hint: Discovery | None = None) -> str:
    """The same, for a page that has been looked through."""
    signs = frozenset(_signs(page, outline, hint))
    if sum(map(_POINTS.__getitem__, signs)) >= _ENOUGH:
        return "article"
    lists = signs & {"list node", "front page", "path of a list"}
    goods = signs & {"goods node", "og:type of goods", "price", "forum node", "many prices"}
    return "index" if lists or ("mostly teasers" in signs and not goods) else "other"


def _signs(page: Page, outline: Outline, hint: Discovery | None) -> Iterator[str]:
    yield from _declared(page)
    yield from _named(page.url)
    if outline.prices >= 5:
        yield "many prices"
    if outline.prose < 400:
        yield "little prose"
    if outline.teasers * 150 > outline.prose:
        yield "mostly teasers"
    if hint and hint.listing in ("feed", "sitemap"):
        yield f"listed in a {hint.listing}"


def _declared(page: Page) -> Iterator[str]:
    own = page.node is not None and jsonld.is_article(page.node)
    if own:
        yield "article node"
        if page.said("datePublished"):
            yield "article node with a date"
    others = frozenset().union(*map(jsonld.types, page.nodes))
    for sign, types in (("forum node", _FORUM), ("goods node", _GOODS), ("media node", _MEDIA), ("list node", _LISTS)):
        if others & types and (not own or types is _FORUM):
            yield sign
    og_type = (page.first("og:type") or "").lower()
    if og_type:
        goods = "product" in og_type or og_type.startswith(("profile", "business", "place", "video", "music"))
        yield "og:type article" if og_type in _ARTICLE else "og:type of goods" if goods else "og:type website"
    if page.first("article:published_time", "og:published_time", *_DATE_NAMES) or page.items.get("datePublished"):
        yield "publication date"
    if (
        page.said("author")
        or page.first("author", "article:author", "parsely-author", "byl")
        or page.items.get("author")
    ):
        yield "author"
    if page.bylines:
        yield "byline"
    if page.first("product:price:amount", "og:price:amount", "product:availability"):
        yield "price"
    if _SOFTWARE.search(page.first("generator") or ""):
        yield "software"


_DATE_NAMES: Final = (
    "parsely-pub-date",
    "sailthru.date",
    "datepublished",
    "pubdate",
    "date",
    "dc.date.issued",
    "publish-date",
)


def _named(address: str) -> Iterator[str]:
    url = urlsplit(address)
    path = unquote(url.path)
    if _FRONT.fullmatch(path) and not url.query:
        yield "front page"
    if _LIST_PATH.search(path) or _SEARCH_QUERY.search(url.query):
        yield "path of a list"
    if _OTHER_PATH.search(path) or _OTHER_HOST.match(url.netloc):
        yield "path of no article"
    if _ARTICLE_PATH.search(path):
        yield "path of articles"
    if _DATED_PATH.search(path):
        yield "dated path"
    if _LONG_NAME.match(path.rstrip("/").rpartition("/")[2]):
        yield "long or numbered name"
