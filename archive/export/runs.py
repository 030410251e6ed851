"""An article's lines with what they are, and each as runs of marked text: what structured formats are written from.

The words come from the article's text and from nowhere else, so they are the same in every format. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final

from archive.model import Article, Block, Figure, Mark

__all__ = ["Line", "Marked", "grouped", "lines", "runs"]

Line = tuple[str, Block]
Marked = tuple[Mark, "list[str | Marked]"]
"""A mark, and what it is around."""

_PLAIN: Final = Block(kind="p")


def lines(article: Article) -> list[Line]:
    """The lines of the text, each with its block; all are paragraphs where the structure is not known."""
    text = article.text or ""
    parts = text.split("\n\n")
    if not text or len(parts) != len(article.blocks):
        return [(line.strip(), _PLAIN) for line in text.splitlines() if line.strip()]
    return list(zip(parts, article.blocks, strict=True))


def grouped(article: Article, key: Callable[[Block], object]) -> Iterator[list[Line] | Figure]:
    """Runs of lines with the same `key`, and the figures where they stand between the lines."""
    all_lines = lines(article)
    start = 0
    for figure in sorted(article.figures, key=lambda figure: figure.at):
        end = max(start, min(figure.at, len(all_lines)))
        yield from _runs(all_lines[start:end], key)
        yield figure
        start = end
    yield from _runs(all_lines[start:], key)


def _runs(some: Sequence[Line], key: Callable[[Block], object]) -> Iterator[list[Line]]:
    for _, run in groupby(some, lambda line: key(line[1])):
        yield list(run)


def runs(text: str, marks: Sequence[Mark], start: int = 0, end: int | None = None) -> list[str | Marked]:
    """The text between two characters as plain pieces and marked ones, which hold their own pieces."""
    end = len(text) if end is None else end
    found: list[str | Marked] = []
    at = start
    outer = [mark for mark in marks if start <= mark.start < mark.end <= end]
    while outer:
        mark = outer[0]
        inner = [other for other in outer[1:] if other.start < mark.end]
        outer = outer[1 + len(inner) :]
        if mark.start < at:
            continue
        if at < mark.start:
            found.append(text[at : mark.start])
        found.append((mark, runs(text, inner, mark.start, mark.end)))
        at = mark.end
    if at < end:
        found.append(text[at:end])
    return found
