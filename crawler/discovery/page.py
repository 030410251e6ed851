"""A page as discovery sees it: its tree, and where its links start from. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import html

from archive.errors import ExtractionFailed
from archive.extract.decode import MAX_BYTES, MAX_ELEMENTS, charset_of, decode, parse
from crawler.discovery.candidates import joined

__all__ = ["Page", "meta", "read", "too_much"]

_MOST_TAGS = 2 * MAX_ELEMENTS


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Page:
    """A parsed page. Not a value to hand on: the tree is lxml's."""

    url: str
    base: str
    """What relative links are relative to."""
    tree: html.HtmlElement
    language: str | None


def too_much(data: bytes) -> str | None:
    """What of a page is more than can be looked through while others wait; told before anything is parsed."""
    if len(data) > MAX_BYTES:
        return f"a page of {len(data)} bytes, more than {MAX_BYTES}: its links are left out"
    if len(data) > _MOST_TAGS and data.count(b"<") > _MOST_TAGS:
        return f"a page of more than {_MOST_TAGS} tags: its links are left out"
    return None


def read(data: bytes, *, url: str, content_type: str | None = None) -> Page | None:
    """The page in these bytes (content encodings removed); None when they hold no HTML that could be read."""
    try:
        tree = parse(decode(data, charset_of(content_type or "")))
    except ExtractionFailed:
        return None
    base = next((element.get("href") for element in tree.iter("base") if element.get("href")), None)
    language = (tree.get("lang") or "").strip().replace("_", "-").lower()
    return Page(url=url, base=joined(url, base), tree=tree, language=language or None)


def meta(page: Page, name: str) -> list[str]:
    """Contents of the page's meta elements of this name (in lower case)."""
    return [
        element.get("content") or ""
        for element in page.tree.iter("meta")
        if (element.get("name") or "").strip().lower() == name
    ]
