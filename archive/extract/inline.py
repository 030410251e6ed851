"""Links and emphasis within a line of text, told by characters that no page has until the line is made. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from archive.model import Mark

__all__ = ["END", "START", "Run", "absolute", "join", "make_absolute", "marked", "run_of"]

START: Final = "\ufdd0"
END: Final = "\ufdd1"
"""Noncharacters, which Unicode keeps for use within a program."""

Kind = Literal["link", "strong", "em", "code", "sub", "sup"]
Run = tuple[Kind, str | None]
"""What a run of characters is, and where it leads."""

_RENDITIONS: Final[dict[str, Kind]] = {"#b": "strong", "#i": "em", "#t": "code", "#sub": "sub", "#sup": "sup"}
_SCHEMES: Final = ("http://", "https://", "mailto:", "tel:", "ftp://")
_ABSOLUTE: Final = re.compile(r"https?://[\w.:-]+(?:/[^\s?#;]*)?(?:\?[^\s#]+)?", re.ASCII)
"""What joining would leave as it is, …"""
_FROM_ROOT: Final = re.compile(r"/(?![/.])(?:[^\s?#;/]|/(?!\.))*(?:\?[^\s#]+)?")
"""… and what it would only put behind the host: most links of most pages, and joining takes its time."""
_BOUNDS: Final = re.compile(f"([{START}{END}])")


def run_of(element: etree._Element, base: str) -> Run | None:
    """What an inline element of trafilatura's vocabulary makes of its text; `base` is for relative links."""
    if element.tag == "ref":
        href = absolute(base, element.get("target"))
        return ("link", href) if href else None
    if element.tag == "hi":
        kind = _RENDITIONS.get(element.get("rend", ""))
        return (kind, None) if kind else None
    return ("code", None) if element.tag == "code" else None


def make_absolute(tree: html.HtmlElement, base: str) -> None:
    """Give every link of a page its absolute address: engines take relative ones for relative to the site."""
    for link in tree.iter("a"):
        href = link.get("href")
        if href and not href.startswith(("http://", "https://", "#")) and (target := absolute(base, href)):
            link.set("href", target)


def absolute(base: str, href: str | None) -> str | None:
    """The absolute address of a link; None for one that leads nowhere, within its page, or runs a script."""
    href = "".join((href or "").split())
    if not href or href.startswith("#"):
        return None
    try:
        target = join(base, href)
    except ValueError:
        return None
    return target if target.lower().startswith(_SCHEMES) else None


def join(base: str, href: str) -> str:
    """`href` as urljoin has it; ValueError where that is none."""
    if _ABSOLUTE.fullmatch(href):
        return href
    if _FROM_ROOT.fullmatch(href) and (origin := _origin(base)):
        return origin + href
    return urljoin(base, href)


@lru_cache(maxsize=64)
def _origin(base: str) -> str | None:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else None


def marked(text: str, runs: Sequence[Run]) -> tuple[str, tuple[Mark, ...]]:
    """`text` without its bounds, and its marks; `runs` are those that start in it, in order."""
    out: list[str] = []
    at = 0
    opened: list[tuple[int, int]] = []
    found: list[tuple[int, int] | None] = [None] * len(runs)
    number = 0
    spaced = True
    """Whether another space would be the second in a row, or the first of the line."""
    for piece in _BOUNDS.split(text):
        if piece == START:
            opened.append((number, at))
            number += 1
        elif piece == END:
            which, start = opened.pop() if opened else (len(runs), at)
            if which < len(runs):  # of damaged pages, one of the two may be lost
                found[which] = (start, at)
        elif piece:
            if spaced:
                piece = piece.removeprefix(" ")
            out.append(piece)
            at += len(piece)
            spaced = piece.endswith(" ") if piece else spaced
    whole = "".join(out).rstrip(" ")
    return whole, tuple(_marks(whole, runs, found))


def _marks(text: str, runs: Sequence[Run], found: Sequence[tuple[int, int] | None]) -> list[Mark]:
    marks: list[Mark] = []
    around: list[Mark] = []
    for (kind, href), place in zip(runs, found, strict=True):
        if place is None:
            continue
        start, end = place[0], min(place[1], len(text))
        start += text[start:end].startswith(" ")
        end -= text[start:end].endswith(" ")
        around = [mark for mark in around if mark.end > start]
        if start < end and all(mark.kind != kind for mark in around):
            mark = Mark(kind=kind, start=start, end=end, href=href)
            around.append(mark)
            marks.append(mark)
    return marks
