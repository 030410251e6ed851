"""Lines of printed pages to paragraphs and headings, by where they stand and how large they are. Pure.

A line goes on with the one before unless it stands apart from it, is of another size, or follows on a sentence that
ended short of the margin. Across columns and pages a paragraph goes on while its sentence does. What stands on page
after page at the same edge (names of journals, numbers of pages) is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["Line", "Paragraph", "paragraphs"]

_DIGITS: Final = re.compile(r"\d+")
_ENDED: Final = re.compile(r"[.!?:…。！？؟।][\"'’”»)\]]*$")
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]")
_EDGE: Final = 2
"""Lines at the top and at the bottom of a page that may stand on the others too."""
_OFTEN: Final = 3
"""Pages on which they do."""
_APART: Final = 0.75
"""Of a line's height, between two lines that are of different paragraphs."""
_SHORT: Final = 0.9
"""Of a paragraph's width, up to which a line is its last."""
_LARGER: Final = 1.1
"""Times as large as another size is."""
_LONGEST: Final = 250
"""Characters of a heading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a page, in points from its lower left corner."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    broken: bool = False
    """Whether its last word is parted by a hyphen, which is not in the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    text: str
    size: float
    page: int
    """From 0."""
    heading: bool


def paragraphs(pages: Sequence[Sequence[Line]]) -> list[Paragraph]:
    """In the order of the lines, which is that of the file."""
    edges = Counter(key for page in pages for key in {_key(line) for line in _at_edges(page)})
    repeated = {key for key, count in edges.items() if count >= max(_OFTEN, len(pages) // 2)}
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[round(line.size, 1)] += len(line.text)
    usual = max(sizes, key=lambda size: (sizes[size], -size), default=0.0)
    kept = [
        (number, line)
        for number, page in enumerate(pages)
        for line in page
        if not (_key(line) in repeated and line in _at_edges(page) and line.size <= usual * _LARGER)
    ]
    found = []
    for start, group in _grouped(kept):
        text = _joined(group)
        heading = group[0].size > usual * _LARGER and len(text) <= _LONGEST
        found.append(Paragraph(text=text, size=group[0].size, page=start, heading=heading))
    return found


def _at_edges(page: Sequence[Line]) -> list[Line]:
    ordered = sorted(page, key=lambda line: line.top)
    return [*ordered[:_EDGE], *ordered[-_EDGE:]]


def _key(line: Line) -> tuple[str, int]:
    """What it says, but for numbers, and about where it stands."""
    return _DIGITS.sub("0", line.text), round(line.top / 4)


def _grouped(lines: Sequence[tuple[int, Line]]) -> Iterator[tuple[int, list[Line]]]:
    group: list[Line] = []
    start = last = 0
    for page, line in lines:
        if group and not _goes_on(group, line, same_page=page == last):
            yield start, group
            group = []
        if not group:
            start = page
        group.append(line)
        last = page
    if group:
        yield start, group


def _goes_on(group: Sequence[Line], line: Line, *, same_page: bool) -> bool:
    """Whether a line is of the paragraph of those before."""
    before = group[-1]
    if max(line.size, before.size) > min(line.size, before.size) * _LARGER:
        return False
    if before.broken:
        return True
    ended = _ENDED.search(before.text) is not None
    if not same_page or line.bottom > before.bottom:  # another column or page
        return not ended
    if before.bottom - line.top > _APART * (line.top - line.bottom):
        return False
    left, right = min(each.left for each in group), max(each.right for each in (*group, line))
    indented = line.left - left > line.size and line.left - before.left > line.size
    return not (ended and (indented or before.right - left < _SHORT * (right - left)))


def _joined(group: Sequence[Line]) -> str:
    text = ""
    for line in group:
        text += line.text
        if not line.broken:
            text += "" if _UNSPACED.match(line.text[-1:]) else " "
    return " ".join(text.split())
