"""What a page says of itself, looked up once: meta elements, JSON-LD, microdata, headings, times and links.

Values as the page has them, only whitespace and entities cleaned; metadata and kind are judged from these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, cast
from urllib.parse import urljoin

from lxml import etree, html

from archive.extract import jsonld
from archive.extract.jsonld import Node, clean

__all__ = ["Page", "visible"]

_ITEMS: Final = etree.XPath("//*[@itemprop]")
_AUTHOR_PAGE: Final = re.compile(
    r"/(?:authors?|autor(?:en|es)?|auteurs?|people|staff|profiles?|contributors?)(?:/|$)", re.IGNORECASE
)
_BYLINE: Final = re.compile(r"byline|author|autor", re.IGNORECASE)
_ELSEWHERE: Final = re.compile(r"comment|related", re.IGNORECASE)
_ASIDE: Final = frozenset({"aside", "footer", "nav"})
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_CHANGE: Final = re.compile(
    r"updat|modif|edit|review|revis|chang|aktualis|mis à jour|actualiz|aggiorn|gewijzigd|更新|обновл", re.IGNORECASE
)
_BLOCKS: Final = frozenset(
    {"div", "p", "li", "br", "ul", "h2", "h3", "h4", "h5", "time", "section", "address", "td", "a"}
)
_CANDIDATES: Final = 30
"""Elements looked at for a byline; hostile pages have thousands."""
_PIECES: Final = 400
"""Runs of text and breaks that make up a title or a byline at most."""
_INVISIBLE: Final = frozenset({"script", "style", "noscript", "template", "svg", "button"})
_ITEM_FIELDS: Final = frozenset({"headline", "author", "datePublished", "dateModified", "articleSection"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything a page offers as metadata."""

    url: str
    base: str
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
    links: dict[str, str]
    """Absolute targets of link elements by rel, the first of each."""
    language: str | None

    @classmethod
    def of(cls, tree: html.HtmlElement, url: str) -> Page:
        base_element = tree.find(".//base[@href]")
        base = _join(url, base_element.get("href", "")) if base_element is not None else url
        meta = _meta(tree)
        links = _links(tree, base)
        nodes = jsonld.nodes(tree)
        own = {url, links.get("canonical", url), *meta.get("og:url", ())}
        title = tree.find(".//title")
        return cls(
            url=url,
            base=base,
            meta=meta,
            nodes=nodes,
            node=jsonld.page_node(nodes, frozenset(own)),
            items=_items(tree),
            title=visible(title) or None if title is not None else None,
            h1s=[text for h1 in tree.iter("h1") if 3 <= len(text := visible(h1)) <= 400],
            times=[
                (_marks(time), date) for time in tree.iter("time") if (date := time.get("datetime") or visible(time))
            ],
            author_links=_short(_author_links(tree)),
            bylines=_short(_bylines(tree)),
            shown_dates=_shown_dates(tree),
            links=links,
            language=tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang"),
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


def visible(element: html.HtmlElement) -> str:
    """The text of an element as one line, without scripts and buttons."""
    return clean("".join(islice(_pieces(element), _PIECES)))


def _author_links(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    for link in tree.iter("a"):
        if link.get("rel") == "author" or _AUTHOR_PAGE.search(link.get("href", "")):
            yield link


def _bylines(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    for element in tree.iter("span", "p", "div", "address", "li", "h3", "h4"):
        if _BYLINE.search(element.get("class", "")) or "byline" in element.get("data-testid", ""):
            yield element


def _short(elements: Iterable[html.HtmlElement]) -> list[str]:
    """The texts of the first elements that hold a line or two of the page itself, with a newline between blocks."""
    found = []
    for element in islice(elements, _CANDIDATES):
        if not _elsewhere(element):
            lines = filter(None, map(clean, "".join(islice(_pieces(element, "\n"), _PIECES)).split("\n")))
            if 3 <= len(text := "\n".join(lines)) <= 200:
                found.append(text)
    return found


def _elsewhere(element: html.HtmlElement) -> bool:
    """Whether it belongs to comments, to other articles or to the furniture of the page."""
    for node in (element, *element.iterancestors()):
        if node.tag in _ASIDE or node.get("itemprop") == "comment":
            return True
        if any(_ELSEWHERE.search(node.get(name, "")) for name in ("class", "id", "itemtype")):
            return True
    return False


def _shown_dates(tree: html.HtmlElement) -> list[str]:
    """Short texts with a year in them that follow closely on the first heading, those that tell of a change last."""
    heading = next(tree.iter("h1", "h2"), None)
    found: list[str] = []
    before = ""
    following = cast("list[str]", heading.xpath("following::text()")) if heading is not None else []
    for text in (text for text in following[:150] if not text.isspace()):
        if len(text) <= 80 and _YEAR.search(text) and "©" not in before + text:
            found.append(clean(f"{before} {text}"))
        before = text if len(text) <= 40 else ""
    return sorted(found[:5], key=lambda text: bool(_CHANGE.search(text)))


def _pieces(element: html.HtmlElement, between: str = " ") -> Iterator[str]:
    hidden = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if node.tag in _BLOCKS:
            yield between
        if event == "start":
            hidden += node.tag in _INVISIBLE
            piece = node.text
        else:
            hidden -= node.tag in _INVISIBLE
            piece = node.tail if node is not element else None
        if piece and not hidden:
            yield piece if between == " " else piece.replace("\n", " ")


def _meta(tree: html.HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = clean(element.get("content") or "")
        if content:
            for attribute in ("property", "name", "http-equiv"):
                if key := element.get(attribute):
                    found.setdefault(key.strip().lower(), []).append(content)
    return found


def _items(tree: html.HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in cast("list[html.HtmlElement]", _ITEMS(tree))[: _CANDIDATES * 10]:
        for name in element.get("itemprop", "").split():
            if name in _ITEM_FIELDS and not _elsewhere(element):
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


def _links(tree: html.HtmlElement, base: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("link"):
        if href := (element.get("href") or "").strip():
            for rel in (element.get("rel") or "").lower().split():
                found.setdefault(rel, _join(base, href))
    return found


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
