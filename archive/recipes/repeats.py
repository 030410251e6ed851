"""Blocks that come again on page after page of a source, and got into the text that was read: what may be dropped."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import html

__all__ = ["Repeat", "repeats"]

_LINES: Final = ("p", "li", "h2", "h3", "h4", "div")
_BLOCKS: Final = (*_LINES, "section", "aside", "ul", "ol", "nav", "form", "figure", "footer", "header")
_SHARE: Final = 0.4
"""Of the pages, on which a block must stand with the very same words."""
_FEWEST: Final = 3
_LONGEST: Final = 1500
"""Characters of a block."""
_NAME: Final = re.compile(r"-?[_a-zA-Z][\w-]*", re.ASCII)
_PURE: Final = 0.8
"""Of the elements that a name selects, how many must be such blocks for the name to be proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    selector: str
    """CSS where the block has a name of its own; else XPath, by its words."""
    text: str
    pages: int
    """On how many pages."""
    read: int
    """On how many of them its words got into the text."""


@dataclass(frozen=True, slots=True)
class _Block:
    element: html.HtmlElement
    names: tuple[str, ...]
    text: str


def repeats(pages: Sequence[tuple[html.HtmlElement, str]]) -> list[Repeat]:
    """From trees of pages and the text that was read from each; what was read most often first."""
    blocks = [list(_blocks(tree)) for tree, _ in pages]
    lines = [{" ".join(line.split()) for line in text.splitlines()} for _, text in pages]
    places: dict[str, set[int]] = defaultdict(set)
    for number, found in enumerate(blocks):
        for block in found:
            places[block.text].add(number)
    least = max(_FEWEST, _SHARE * len(pages))
    again = {text for text, where in places.items() if len(where) >= least}
    read: Counter[str] = Counter()
    chosen: dict[str, str] = {}
    named = Counter(name for found in blocks for block in found for name in block.names)
    repeated = Counter(name for found in blocks for block in found if block.text in again for name in block.names)
    for number, found in enumerate(blocks):
        outer: set[html.HtmlElement] = set()
        for block in found:
            if block.text not in again or not outer.isdisjoint(block.element.iterancestors()):
                continue
            outer.add(block.element)
            if any(line in lines[number] for line in _lines(block.element)):
                read[block.text] += 1
                pure = [name for name in block.names if repeated[name] >= _PURE * named[name]]
                chosen[block.text] = pure[0] if pure else _by_words(block)
    kept: dict[str, Repeat] = {}
    for text, count in sorted(read.items(), key=lambda each: (-each[1], each[0])):
        selector = chosen[text]
        kept.setdefault(selector, Repeat(selector=selector, text=text, pages=len(places[text]), read=count))
    return list(kept.values())


def _blocks(tree: html.HtmlElement) -> Iterator[_Block]:
    """Outer blocks before those within them."""
    for element in tree.iter(*_BLOCKS):
        text = " ".join(str(element.text_content()).split())
        if 3 <= len(text) <= _LONGEST:
            yield _Block(element, tuple(_names(element)), text)


def _names(element: html.HtmlElement) -> Iterator[str]:
    """Selectors by id and by class, without those that carry a number, as generated ones do."""
    own = element.get("id") or ""
    if _NAME.fullmatch(own) and not any(map(str.isdigit, own)):
        yield f"{element.tag}#{own}"
    classes = [each for each in (element.get("class") or "").split() if _NAME.fullmatch(each)]
    for each in sorted((each for each in classes if not any(map(str.isdigit, each))), key=len, reverse=True):
        yield f"{element.tag}.{each}"


def _lines(element: html.HtmlElement) -> Iterator[str]:
    for each in (element, *element.iter(*_LINES)):
        yield " ".join(str(each.text_content()).split())


def _by_words(block: _Block) -> str:
    """By the words that it starts with, up to a quote."""
    start = block.text[:60].partition('"')[0]
    return f'//{block.element.tag}[starts-with(normalize-space(), "{start}")]'
