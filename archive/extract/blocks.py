"""The body that an engine found, in trafilatura's vocabulary, as lines of text and what each of them is.

A paragraph, heading, list item, table row or piece of code is a line. Text comes from nowhere else: the plain text of
an article is these lines, and so is every other form of it. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from lxml import etree

from archive.extract.inline import END, START, Run, marked, run_of
from archive.model import Block, Mark

__all__ = ["Line", "lines"]

_BREAKS: Final = frozenset({"p", "head", "item", "quote", "list", "table", "row", "code", "lb", "div", "body", "main"})
_INLINE: Final = frozenset({"ref", "hi", "del"})
_INLINE_HOMES: Final = frozenset({"p", "head", "item", "cell", "ref", "hi", "del"})
"""What `quote` and `code` are a part of, and no blocks of their own, when they stand in it."""
_RANK: Final = re.compile("h([1-6])")


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    block: Block


def lines(body: etree._Element, base: str) -> list[Line]:
    """The lines of a body, none of them empty; `base` is what its links are relative to."""
    reader = _Reader(base)
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            reader.start(element)
            reader.add(element.text)
        else:
            reader.end(element)
            if element is not body:
                reader.add(element.tail)
    reader.flush()
    return reader.found


@dataclass(slots=True)
class _Reader:
    """Where in the body it is, and the pieces of the line at hand."""

    base: str
    found: list[Line] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    """Those that start in the line."""
    opened: list[tuple[etree._Element, Run]] = field(default_factory=list)
    lists: list[bool] = field(default_factory=list)
    """Whether each list it is in is numbered."""
    quotes: int = 0
    code: etree._Element | None = None
    row: etree._Element | None = None
    cells: list[tuple[str, tuple[Mark, ...]]] = field(default_factory=list)
    """Those of the row."""
    headings: int = 0
    """How many of them are headings."""
    kind: Literal["p", "head", "item"] = "p"
    rank: int = 0

    def add(self, piece: str | None) -> None:
        if piece:
            if START in piece or END in piece:
                piece = piece.replace(START, "").replace(END, "")
            self.pieces.append(piece)

    def start(self, element: etree._Element) -> None:
        tag = element.tag
        if self.code is not None:
            return
        if tag in _INLINE or _is_inline(element):
            if run := run_of(element, self.base):
                self.opened.append((element, run))
                self._open(run)
        elif self.row is not None:  # whatever a cell holds, a row is a line
            self.pieces.append(" ")
            if tag == "cell":
                self._end_cell(even_if_empty=False)
                self.headings += element.get("role") == "head"
        elif tag in _BREAKS:
            self.flush()
            if tag == "list":
                self.lists.append(element.get("rend") == "ol")
            elif tag == "item":
                self.kind = "item"
            elif tag == "quote":
                self.quotes += 1
            elif tag == "head":
                self.kind, self.rank = "head", _rank(element)
            elif tag == "code":
                self.code = element
            elif tag == "row":
                self.row, self.cells, self.headings = element, [], 0

    def end(self, element: etree._Element) -> None:
        tag = element.tag
        if element is self.code:
            self._flush_code()
        elif self.code is not None:
            return
        elif self.opened and element is self.opened[-1][0]:
            self.opened.pop()
            self.pieces.append(END)
        elif element is self.row:
            self._flush_row()
        elif self.row is not None:
            self.pieces.append(" " if tag in _BREAKS else "")
            if tag == "cell":
                self._end_cell(even_if_empty=True)
        elif tag in _BREAKS and not _is_inline(element):
            self.flush()
            if tag == "list":
                self.lists.pop()
            elif tag == "quote":
                self.quotes -= 1
            elif tag in ("head", "item"):
                self.kind = "p"

    def flush(self) -> None:
        """End the line at hand, if there is one."""
        text, marks = self._take()
        if not text:
            return
        if self.kind == "head":
            block = Block(kind="head", level=self.rank)
        else:
            numbered = self.kind == "item" and bool(self.lists) and self.lists[-1]
            block = Block(kind=self.kind, level=max(len(self.lists), self.kind == "item"), ordered=numbered)
            self.kind = "p"  # what follows in the same item goes on with it
        self._found(text, block, marks)

    def _take(self) -> tuple[str, tuple[Mark, ...]]:
        """The line's text and marks; runs that go on beyond its end are opened anew in the next."""
        text = " ".join("".join(self.pieces).split())
        self.pieces = []
        if not self.runs:
            return text, ()
        text, marks = marked(text + END * len(self.opened), self.runs)
        self.runs = []
        for _, run in self.opened:
            self._open(run)
        return text, marks

    def _open(self, run: Run) -> None:
        self.pieces.append(START)
        self.runs.append(run)

    def _flush_code(self) -> None:
        self.code = None
        rows = [row.rstrip() for row in "".join(self.pieces).expandtabs(4).strip("\r\n").splitlines()]
        self.pieces = []
        if any(rows):
            # Only between lines of the text is one empty.
            self._found("\n".join(row or " " for row in rows).rstrip(), Block(kind="code"), ())

    def _flush_row(self) -> None:
        self._end_cell(even_if_empty=False)
        starts: list[int] = []
        marks: list[Mark] = []
        text = ""
        for cell, within in self.cells:
            text += " " if cell and text else ""
            starts.append(len(text))
            marks += [replace(mark, start=mark.start + len(text), end=mark.end + len(text)) for mark in within]
            text += cell
        if text:
            block = Block(kind="row", header=self.headings >= len(self.cells), cells=tuple(starts))
            self._found(text, block, tuple(marks))
        self.row = None

    def _end_cell(self, *, even_if_empty: bool) -> None:
        text, marks = self._take()
        if text or even_if_empty:
            self.cells.append((text, marks))

    def _found(self, text: str, block: Block, marks: tuple[Mark, ...]) -> None:
        quote = self.quotes > 0
        self.found.append(Line(text, replace(block, quote=quote, marks=marks) if quote or marks else block))


def _is_inline(element: etree._Element) -> bool:
    parent = element.getparent()
    return element.tag in ("code", "quote") and parent is not None and parent.tag in _INLINE_HOMES


def _rank(element: etree._Element) -> int:
    rank = _RANK.match(element.get("rend", ""))
    return int(rank[1]) if rank else 2
