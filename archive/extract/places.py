"""Where the pictures of a page stand between the lines of its text.

Engines drop pictures, or their captions. So they are looked up in the page: the part of it that holds the lines is read
out once, and each line is searched for from the end of the one before, without regard to whitespace. Pure.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml import etree, html

from archive.extract.inline import END, START

__all__ = ["Picture", "places"]

_PICTURES: Final = ("figure", "img")
_HOMES: Final = ("p", "h2", "h3", "blockquote", "pre")
_SILENT: Final = ("script", "style", "template", "textarea", "option", "svg", "iframe")
_BOUNDS: Final = re.compile(f"([{START}{END}])")
_KEY: Final = 24
"""Characters that tell one line from another."""
_SHORT: Final = 20
"""Below so many characters a line may stand anywhere; it is believed where it follows soon."""
_SOON: Final = 1500
_ABOVE: Final = 3
"""How many elements around the text are looked into for the headline, and what is between."""
_FORMAT: Final = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure, or an image, as it stands in a copy of its part of the page."""

    element: html.HtmlElement
    at: int
    """How many lines start before it."""
    start: int
    """Characters of that part, whitespace left out, before it …"""
    end: int
    """… and up to its end."""
    within: bool
    """Whether it stands between the first line and the last."""


def places(tree: html.HtmlElement, lines: Sequence[str]) -> list[Picture]:
    """The pictures of the page around these lines, in document order."""
    keys = [_squeeze(line) for line in lines]
    root = _root(tree, keys)
    if next(root.iter(*_PICTURES), None) is None:
        return []
    flat, found = _read(root)
    starts, last = _find(keys, flat)
    known = [(start, number) for number, start in enumerate(starts, start=1) if start >= 0]
    first = known[0][0] if known else 0
    return [
        Picture(
            element=element,
            at=known[before - 1][1] if (before := bisect_left(known, (start, 0))) else 0,
            start=start,
            end=end,
            within=first < start <= last,
        )
        for element, start, end in found
    ]


def _squeeze(text: str) -> str:
    """`text` without whitespace, and without characters that only say how to set it."""
    text = "".join(text.split())
    return text if text.isascii() else _FORMAT.sub("", text)


def _root(tree: html.HtmlElement, keys: Sequence[str]) -> html.HtmlElement:
    """The innermost element around all the lines that can be made out at once; within an article, that article."""
    known = {key[:_KEY] for key in keys if len(key) >= _SHORT}
    homes = list(tree.iter(*_HOMES))
    first = next((home for home in homes if _begins(home) in known), None)
    if first is None:
        return tree
    last = next(home for home in reversed(homes) if _begins(home) in known)
    branch = {last, *last.iterancestors()}
    around = [element for element in (first, *first.iterancestors()) if element in branch]
    for element in around:
        if element.tag in ("article", "main"):
            return element
    return next((element for element in around[:_ABOVE] if element.find(".//h1") is not None), around[0])


def _begins(element: html.HtmlElement) -> str:
    """The first characters of an element, as the keys of lines are."""
    text = element.text
    if not text or len(text) < 2 * _KEY:
        text = "".join(islice(element.itertext(), 8))
    return _squeeze(text[: 4 * _KEY])[:_KEY]


def _read(root: html.HtmlElement) -> tuple[str, list[tuple[html.HtmlElement, int, int]]]:
    """The text of `root` without whitespace, and where in it each picture starts and ends.

    To walk in Python would take longer than all else here: a copy gets a character at each start and end that no page
    has, and libxml2 reads it out.
    """
    copy = deepcopy(root)
    etree.strip_elements(copy, *_SILENT, with_tail=False)
    elements = list(copy.iterdescendants(*_PICTURES))
    for element in elements:
        element.text = START + (element.text or "")
        element.tail = END + (element.tail or "")
    text = _squeeze(etree.tostring(copy, method="text", encoding="unicode", with_tail=False))
    if text.count(START) != len(elements) or text.count(END) != len(elements):
        return "", []  # the page has these characters itself
    flat: list[str] = []
    starts: list[int] = []
    ends = [0] * len(elements)
    opened: list[int] = []
    at = 0
    for piece in _BOUNDS.split(text):
        if piece == START:
            opened.append(len(starts))
            starts.append(at)
        elif piece == END:
            ends[opened.pop()] = at
        else:
            flat.append(piece)
            at += len(piece)
    for element in elements:
        element.text = (element.text or "").replace(START, "")
    return "".join(flat), list(zip(elements, starts, ends, strict=True))


def _find(keys: Sequence[str], flat: str) -> tuple[list[int], int]:
    """Where each line starts, or -1, and where the last that was found ends."""
    starts: list[int] = []
    after = 0
    for key in keys:
        at = flat.find(key, after, after + _SOON if len(key) < _SHORT else None)
        if at < 0 and len(key) >= _SHORT:  # changed further on
            at = flat.find(key[:_KEY], after)
        starts.append(at)
        if at >= 0:
            after = at + len(key)
    return starts, after
