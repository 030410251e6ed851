"""What a page says of itself, looked up once: meta elements, JSON-LD, microdata, headings, times and links.

Values as the page has them, only whitespace and entities cleaned; metadata and kind are judged from these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.parse import urljoin

from lxml import etree, html

from archive.extract import jsonld
from archive.extract.jsonld import Node, clean
from archive.extract.survey import Survey, following, is_elsewhere, lines, visible

__all__ = ["BY", "Page", "dates_above"]

_AUTHOR_PAGE: Final = re.compile(r"/(?i:authors?|autor(?:en|es)?|auteurs?|people|staff|profiles?|contributors?)(?:/|$)")
_DOOR: Final = re.compile(r"^https?://(?:www\.)?")
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_OTHER_YEAR: Final = re.compile(
    r"[\u0e01-\u0e5b].{0,12}25\d\d(?!\d)|(?:令和|平成|昭和|民[國国])\s*[元\d]"
    r"|[\u0620-\u06ff].{0,16}1[34]\d\d(?!\d)|(?<!\d)1[34]\d\d[/-]|\bה?'?ת[א-ת]{0,3}[\"״][א-ת]\b|(?:(?![0-9])\d){4}"
)
"""A year of the Buddhist era after Thai words, of a Japanese era, of the Republic of China, of Iran or the Hijra, of
Hebrew, or any in digits that are not ours."""
_RECENT: Final = re.compile(r"\d")
"""What a short text without a year has, if it is a date of these days: 3 hours ago, 27 Nov, 14:05, 27/11/26."""
_CHANGE: Final = re.compile(
    r"updat|modif|edit|review|revis|chang|aktualis|mis à jour|actualiz|aggiorn|gewijzigd|更新|обновл", re.IGNORECASE
)
BY: Final = re.compile(
    r"\s*(?:(?:written|words|story|text|posted)\s+)?(?:by|von|por|par|door|av|af|autor(?:in|a)?|auteur|author)(?:\s*:|\s+|$)",
    re.IGNORECASE,
)
_CANDIDATES: Final = 30
"""Elements looked at for a byline; hostile pages have thousands."""
_FAR: Final = 20_000
"""Starts and ends of elements of a page that are searched for a date where nothing else gives one."""
_SOON: Final = 150
"""Texts after the headline among which a date may stand."""
_SOONER: Final = 50
"""… and one without a year."""
_ITEM_FIELDS: Final = frozenset({"headline", "author", "datePublished", "dateModified", "articleSection"})
_LINKS: Final = frozenset({"canonical", "image_src"})
_LONGEST: Final = 2000
"""Characters of an address that others are relative to: each of them gets as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything a page offers as metadata."""

    url: str
    base: str
    own: frozenset[str]
    """Addresses that the page goes by: its URL, and what it claims to be."""
    meta: dict[str, list[str]]
    """Contents of meta elements by lower-case property, name or http-equiv."""
    nodes: list[Node]
    node: Node | None
    """The JSON-LD node of the article, if there is one."""
    items: dict[str, list[str]]
    """Microdata values by itemprop."""
    title: str | None
    h1s: list[str]
    times: list[tuple[str, str]]
    """Of time elements in document order: what they mark (``published``, ``modified`` or nothing), and the date."""
    author_links: list[str]
    """What links to pages of authors are called."""
    bylines: list[str]
    """What stands where authors are named, one line a block."""
    shown_dates: list[str]
    """Short texts with a year in them, soon after the headline."""
    shown_recent: list[str]
    """Short texts with a number and no year, soon after the headline."""
    shown_bylines: list[str]
    """Short texts that begin with "By", soon after the headline."""
    links: dict[str, str]
    """Absolute targets of link elements that are canonical or the lead image, the first of each."""
    language: str | None
    survey: Survey

    @classmethod
    def of(cls, tree: html.HtmlElement, url: str) -> Page:
        survey = Survey.of(tree)
        bases = (href for base in survey.all("base") if (href := base.get("href")) and len(href) <= _LONGEST)
        base = next((_join(url, href) for href in bases), url)
        meta = _meta(survey)
        links = _links(survey, base)
        nodes = jsonld.nodes(survey.all("script"))
        own = frozenset({url, links.get("canonical", url), *meta.get("og:url", ())})
        title = survey.first("title")
        shown_dates, shown_recent, shown_bylines = _shown(tree)
        return cls(
            url=url,
            base=base,
            own=own,
            meta=meta,
            nodes=nodes,
            node=jsonld.page_node(nodes, own),
            items=_items(survey),
            title=visible(title) or None if title is not None else None,
            h1s=[
                text
                for h1 in survey.all("h1")[:_CANDIDATES]
                if 3 <= len(text := visible(h1)) <= 400 and not _is_sign(h1, text, url)
            ],
            times=[
                (_marks(time), date) for time in survey.all("time") if (date := time.get("datetime") or visible(time))
            ],
            author_links=_short(filter(_leads_to_author, survey.all("a"))),
            bylines=_short(survey.bylined),
            shown_dates=shown_dates,
            shown_recent=shown_recent,
            shown_bylines=shown_bylines,
            links=links,
            language=tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang"),
            survey=survey,
        )

    def first(self, *keys: str) -> str | None:
        """The first content there is among meta elements of these names, in the order of the names."""
        return next((values[0] for key in keys if (values := self.meta.get(key))), None)

    def said(self, *keys: str) -> str | None:
        """The first text of these properties of the article's JSON-LD node."""
        if self.node is None:
            return None
        return next((texts[0] for key in keys if (texts := jsonld.strings(self.node.get(key)))), None)

    def absolute(self, link: str) -> str:
        return _join(self.base, link)


def _meta(survey: Survey) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in survey.all("meta"):
        content = clean(element.get("content") or "")
        if content:
            for attribute in ("property", "name", "http-equiv"):
                if key := element.get(attribute):
                    found.setdefault(key.strip().lower(), []).append(content)
    return found


def _links(survey: Survey, base: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in survey.all("link"):
        for rel in _LINKS.intersection((element.get("rel") or "").lower().split()):
            if rel not in found and (href := (element.get("href") or "").strip()):
                found[rel] = _join(base, href)
    return found


def _is_sign(heading: html.HtmlElement, text: str, url: str) -> bool:
    """Whether it is the sign over the door: all of it a link to a page above this one."""
    link = next(heading.iter("a"), None)
    if link is None or visible(link) != text:
        return False
    above = _DOOR.sub("", _join(url, link.get("href") or "")).rstrip("/") + "/"
    page = _DOOR.sub("", url)
    return page.startswith(above) and page != above


def _leads_to_author(link: html.HtmlElement) -> bool:
    return link.get("rel") == "author" or _AUTHOR_PAGE.search(link.get("href") or "") is not None


def _short(elements: Iterable[html.HtmlElement]) -> list[str]:
    """The texts of the first elements that hold a line or two of the page itself, with a newline between blocks."""
    near = (element for element in islice(elements, _CANDIDATES) if not is_elsewhere(element))
    return [text for element in near if 3 <= len(text := lines(element)) <= 200]


def _shown(tree: html.HtmlElement) -> tuple[list[str], list[str], list[str]]:
    """What follows closely on the first heading: short texts with a year, those of a change last; without; bylines."""
    heading = next(tree.iter("h1", "h2"), None)
    dates: list[str] = []
    recent: list[str] = []
    bylines: list[str] = []
    before = ""
    texts = following(heading) if heading is not None else ()
    for place, text in enumerate(islice(texts, _SOON)):
        if text.isspace():
            continue
        if len(text) <= 80:
            years = _YEAR.search(text) if "20" in text or "19" in text else None
            if (years or (not text.isascii() and _OTHER_YEAR.search(text))) and "©" not in before + text:
                dates.append(clean(f"{before} {text}"))
            elif place < _SOONER and len(text) <= 40 and _RECENT.search(text) and "©" not in text:
                recent.append(clean(text))
            if BY.match(text) or BY.fullmatch(before):
                bylines.append(clean(f"{before if BY.fullmatch(before) else ''} {text}"))
        before = text if len(text) <= 40 else ""
    return sorted(dates[:5], key=lambda text: bool(_CHANGE.search(text))), recent[:8], bylines[:3]


def dates_above(tree: html.HtmlElement) -> list[str]:
    """Short texts with a year in them above the first h1, the nearest first; of a page without one, the first."""
    heading = next(tree.iter("h1"), None)
    body = tree.find("body")
    found: list[str] = []
    before = ""
    walk = etree.iterwalk(body if body is not None else tree, events=("start", "end"))
    for event, element in islice(walk, _FAR):
        if element is heading:
            return found[:-_CANDIDATES:-1]
        line = ((element.text if event == "start" else element.tail) or "").strip()
        if (
            6 <= len(line) <= 40
            and ("20" in line or "19" in line or not line.isascii())
            and (_YEAR.search(line) or (not line.isascii() and _OTHER_YEAR.search(line)))
            and "©" not in before + line
        ):
            found.append(clean(line))
        before = line[:40] or before
    return found[:_CANDIDATES] if heading is None else []


def _items(survey: Survey) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in survey.items[: _CANDIDATES * 10]:
        for name in (element.get("itemprop") or "").split():
            if name in _ITEM_FIELDS and not is_elsewhere(element):
                value = element.get("content") or element.get("datetime") or _item_text(element)
                if value and len(value) < 2000:
                    found.setdefault(name, []).append(clean(value))
    return found


def _item_text(element: html.HtmlElement) -> str:
    """An item's own name where it is an item with properties, else its text."""
    inner = element.find(".//*[@itemprop='name']")
    if inner is not None:
        return inner.get("content") or visible(inner)
    return visible(element)


def _marks(time: html.HtmlElement) -> str:
    """Whether a time element says it is the publication or the change, by itself or by its parent."""
    parent = time.getparent()
    names = [time.get("itemprop"), time.get("class"), time.get("id"), parent.get("class") if parent is not None else ""]
    said = " ".join(filter(None, names)).lower()
    if _CHANGE.search(said):
        return "modified"
    return "published" if time.get("pubdate") is not None or "publi" in said or "posted" in said else ""


def _join(base: str, link: str) -> str:
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return link
