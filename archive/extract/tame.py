"""What engines would blow up out of all proportion to a page, made harmless before any of them sees it.

Tables: each row is filled up to the widest, and each span with cells of its own, so that a few thousand cells can
become millions; and to add a cell to a row takes longer the longer it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lxml import html

__all__ = ["tame", "undo"]

_WIDEST: Final = 1000
"""Cells of a row."""
_FILLED: Final = 100
"""Columns to which trafilatura fills rows up, and that a span has at most."""
_MOST: Final = 100_000
"""Cells that a table may come to once all its rows and spans are filled."""
_CELLS: Final = frozenset({"td", "th"})


@dataclass(slots=True)
class _Extent:
    rows: int = 0
    widest: int = 0
    """Columns, those of spans counted."""
    spanned: int = 0
    """Cells that spans stand for."""


def tame(tree: html.HtmlElement) -> None:
    """Make divs of tables that would be vast."""
    tables: dict[html.HtmlElement, _Extent] = {}
    for row in tree.iter("tr"):
        table = next(row.iterancestors("table"), None)
        if table is None:
            continue
        extent = tables.setdefault(table, _Extent())
        extent.rows += 1
        width = 0
        for cell in row:
            if cell.tag in _CELLS:
                columns = _span(cell, "colspan")
                width += columns
                extent.spanned += columns * _span(cell, "rowspan")
        extent.widest = max(extent.widest, width)
    for table, extent in tables.items():
        if extent.widest > _WIDEST or max(extent.rows * min(extent.widest, _FILLED), extent.spanned) > _MOST:
            undo(table)


def _span(cell: html.HtmlElement, name: str) -> int:
    """How far a cell spans; what is no number of such a size is taken out."""
    value = cell.get(name)
    if value is None:
        return 1
    if value.isdecimal() and len(value) < 10:
        return min(int(value), _FILLED)
    del cell.attrib[name]
    return 1


def undo(table: html.HtmlElement) -> None:
    """Make divs of a table and all that makes it one; tables in its cells are left as they are."""
    for element in table.iter("table", "tbody", "tr", "td", "th", "thead", "tfoot"):
        if element is table or element.tag != "table":
            element.tag = "div"
