"""What a page needs to be shown without scripts: images, styles and what they import, fonts, its icon. Pure.

Each address is told as it would be asked for, once, in the order of the page. Images are also those that a script would
load later: their addresses wait in ``data-`` attributes, under the names that the common lazy loaders use.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, Literal
from urllib.parse import urljoin

import tinycss2
from lxml import html

from archive.urls import request_uri

__all__ = ["CANDIDATE", "IMAGE", "IMAGES", "Which", "of_page", "of_style", "srcset"]

Which = Literal["images", "all"]

MAX_STYLE: Final = 2 * 1024 * 1024
"""Bytes of a style sheet that are read."""

IMAGE: Final = ("src", "data-src", "data-lazy-src", "data-original", "data-lazy", "data-src-medium", "data-hi-res-src")
"""Attributes with the address of an image, those of lazy loaders after the one that browsers read."""
IMAGES: Final = ("srcset", "data-srcset", "data-lazy-srcset")
"""Attributes with several, by width or density."""
_SHARED: Final = frozenset({"og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"})
_ICONS: Final = frozenset({"icon", "apple-touch-icon", "apple-touch-icon-precomposed", "mask-icon"})
_PRELOADED: Final = {"image": "images", "style": "all", "font": "all"}
_XLINK: Final = "{http://www.w3.org/1999/xlink}href"
CANDIDATE: Final = re.compile(r"[\s,]*(\S*[^\s,])(?:\s[^,(]*(?:\([^)]*\)[^,]*)?)?(?:,|$)")
"""Of a ``srcset``: the address is the first group."""


def of_page(tree: html.HtmlElement, base: str, which: Which) -> list[str]:
    """What the parsed page needs; `base` is what its links are relative to."""
    return _addresses(base, _named(tree, which))


def of_style(css: bytes, base: str, which: Which, charset: str | None = None) -> list[str]:
    """What a style sheet at `base` needs: sheets that it imports, images, fonts; for ``images`` nothing."""
    if which == "images":
        return []
    rules, _ = tinycss2.parse_stylesheet_bytes(css[:MAX_STYLE], protocol_encoding=charset)
    return _addresses(base, _urls(rules))


def srcset(value: str) -> list[str]:
    """The addresses in a ``srcset`` attribute (HTML, 4.8.4.2.1), which may have commas in them."""
    return [found[1] for found in CANDIDATE.finditer(value)]


def _named(tree: html.HtmlElement, which: Which) -> Iterator[str | None]:
    icons = 0
    for element in tree.iter():
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if tag in ("img", "amp-img", "source"):
            if tag != "source" or _within_picture(element):
                yield from map(element.get, IMAGE)
            for name in IMAGES:
                yield from srcset(element.get(name) or "")
        elif tag == "meta" and (element.get("property") or element.get("name") or "").lower() in _SHARED:
            yield element.get("content")
        elif tag == "video":
            yield element.get("poster")
        elif tag == "input" and (element.get("type") or "").lower() == "image":
            yield element.get("src")
        elif tag == "image":
            yield element.get("href") or element.get("xlink:href") or element.get(_XLINK)
        elif tag == "link":
            relations = set((element.get("rel") or "").lower().split())
            icons += bool(relations & _ICONS)
            yield from _linked(element, relations, which)
        elif tag == "style" and which == "all":
            yield from _urls(tinycss2.parse_stylesheet((element.text or "")[:MAX_STYLE]))
        if style := element.get("style"):
            yield from _urls(tinycss2.parse_blocks_contents(style)) if "url" in style.lower() else ()
        yield element.get("background")
    if which == "all" and not icons:
        yield "/favicon.ico"


def _linked(link: html.HtmlElement, relations: set[str], which: Which) -> Iterator[str | None]:
    if (which == "all" and ("stylesheet" in relations or relations & _ICONS)) or "image_src" in relations:
        yield link.get("href")
    elif "preload" in relations and _PRELOADED.get((link.get("as") or "").lower()) in (which, "images"):
        yield link.get("href")
        yield from srcset(link.get("imagesrcset") or "")


def _within_picture(element: html.HtmlElement) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "picture"


def _urls(nodes: Iterable[object]) -> Iterator[str]:
    """Every url(…) in parsed CSS, and the strings of @import."""
    waiting = list(nodes)[::-1]
    while waiting:
        node = waiting.pop()
        kind = getattr(node, "type", "")
        if kind == "url":
            yield node.value  # type: ignore[attr-defined]
        elif kind == "function" and node.lower_name in ("url", "src"):  # type: ignore[attr-defined]
            yield from (one.value for one in node.arguments if one.type == "string")  # type: ignore[attr-defined]
            continue
        elif kind == "at-rule" and node.lower_at_keyword == "import":  # type: ignore[attr-defined]
            yield from (one.value for one in node.prelude if one.type == "string")  # type: ignore[attr-defined]
        elif kind == "at-rule" and node.lower_at_keyword == "namespace":  # type: ignore[attr-defined]
            continue
        for part in ("content", "prelude", "value", "arguments"):
            inner = getattr(node, part, None)
            if isinstance(inner, list):
                waiting += inner[::-1]


def _addresses(base: str, named: Iterable[str | None]) -> list[str]:
    found: dict[str, None] = {}
    for text in named:
        text = (text or "").strip()
        if not text or text.startswith(("data:", "#", "about:", "blob:", "javascript:")):
            continue
        try:
            found[request_uri(urljoin(base, text))] = None
        except ValueError:
            continue
    return list(found)
