"""A page as discovery sees it: its tree, and where its links start from. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lxml import html

from archive.errors import ExtractionFailed
from archive.extract.decode import MAX_BYTES, charset_of, decode, parse
from crawler.discovery.candidates import joined

__all__ = ["Page", "meta", "read", "too_large", "too_many_tags"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Page:
    """A parsed page. Not a value to hand on: the tree is lxml's."""

    url: str
    base: str
    """What relative links are relative to."""
    tree: html.HtmlElement
    language: str | None
    most_links: int = 0
    """As many of its links are looked at, from the first; 0: all."""
    nofollow: bool = False
    """Whether those marked rel=nofollow are, too."""
    worked_out: dict[str, Any] = field(default_factory=dict)
    """What takes long to work out, kept by who did for who asks next."""


def too_large(data: bytes) -> bool:
    """Whether a page has more bytes than can be looked through while others wait."""
    return len(data) > MAX_BYTES


def too_many_tags(data: bytes, most: int) -> bool:
    """The same of its tags; told before anything is parsed."""
    return bool(most) and len(data) > most and data.count(b"<") > most


def read(
    data: bytes, *, url: str, content_type: str | None = None, most_links: int = 0, nofollow: bool = False
) -> Page | None:
    """The page in these bytes (content encodings removed); None when they hold no HTML that could be read."""
    try:
        tree = parse(decode(data, charset_of(content_type or "")))
    except ExtractionFailed:
        return None
    base = next((element.get("href") for element in tree.iter("base") if element.get("href")), None)
    language = (tree.get("lang") or "").strip().replace("_", "-").lower()
    return Page(
        url=url, base=joined(url, base), tree=tree, language=language or None, most_links=most_links, nofollow=nofollow
    )


def meta(page: Page, name: str) -> list[str]:
    """Contents of the page's meta elements of this name (in lower case)."""
    return [
        element.get("content") or ""
        for element in page.tree.iter("meta")
        if (element.get("name") or "").strip().lower() == name
    ]
