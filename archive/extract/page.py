"""What a page says of itself, looked up once: meta elements, JSON-LD, microdata, headings, times and links.

Values as the page has them, only whitespace and entities cleaned; metadata and kind are judged from these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import urljoin

from lxml import etree, html

from archive.extract import jsonld
from archive.extract.jsonld import Node, clean

__all__ = ["Page", "visible"]

_BYLINES: Final = etree.XPath(
    "//*[self::a or self::span or self::p or self::div or self::address or self::li or self::h3 or self::h4]"
    "[@rel='author' or contains(@class,'byline') or contains(@class,'author') or contains(@class,'Author')"
    " or contains(@class,'Byline') or contains(@data-testid,'byline') or contains(@class,'autor')]"
    "[not(ancestor::aside or ancestor::footer or ancestor::nav)]"
    "[not(ancestor-or-self::*[contains(@class,'comment') or contains(@id,'comment') or contains(@class,'related')])]"
)
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
    bylines: list[str]
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
            bylines=[
                text
                for element in cast("list[html.HtmlElement]", _BYLINES(tree))[:20]
                if 3 <= len(text := visible(element)) <= 200
            ],
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
    return clean("".join(_pieces(element)))


def _pieces(element: html.HtmlElement) -> Iterator[str]:
    skipped = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        hides = node.tag in _INVISIBLE
        if event == "start":
            skipped += hides
            if not skipped:
                yield " " if node.tag == "br" else ""
                yield node.text or ""
        else:
            skipped -= hides
            if node is not element and not skipped:
                yield node.tail or ""


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
    for element in tree.iterfind(".//*[@itemprop]"):
        for name in (element.get("itemprop") or "").split():
            if name in _ITEM_FIELDS:
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
    if any(word in said for word in ("modif", "updat", "edit")):
        return "modified"
    return "published" if time.get("pubdate") is not None or "publi" in said or "posted" in said else ""


def _join(base: str, link: str) -> str:
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return link
