"""How much text stands in each element of a page, and how much of it is prose: counted once, from the leaves up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lxml import html

__all__ = ["INLINE", "Measure", "Measures", "measure", "release"]

INLINE: Final = frozenset(
    {"a", "b", "i", "em", "strong", "u", "s", "del", "strike", "sub", "sup", "q", "code", "kbd", "samp", "tt", "var"}
    | {"span", "font", "small", "abbr", "cite", "mark", "ins", "br", "img", "label", "time"}
)
_PROSE: Final = 50
"""Characters outside links from which a line counts as prose."""
_LINKED: Final = 0.6
"""Share of a line in links from which it is no prose, however long."""


@dataclass(slots=True, eq=False)
class Measure:
    """Characters, spaces at the ends of pieces not counted."""

    around: Measure | None = None
    """That of the element around it."""
    letters: int = 0
    linked: int = 0
    """Of the letters, those in links."""
    line: int = 0
    """Letters in the element's own line: its text and that of inline elements in it."""
    line_linked: int = 0
    prose: int = 0
    """Letters of lines that are long enough and lead nowhere, here and below."""

    @property
    def plain(self) -> int:
        """Letters of the own line outside links."""
        return self.line - self.line_linked


Measures = dict[html.HtmlElement, Measure]
"""In document order."""


def measure(tree: html.HtmlElement) -> Measures:
    found: Measures = {}
    for element in tree.iter():
        parent = element.getparent()
        found[element] = Measure(found[parent] if parent is not None else None)
    for element, own in reversed(found.items()):  # children before their parents
        tag = element.tag
        if text := element.text:
            letters = len(text.strip())
            own.letters += letters
            own.line += letters
        if tag == "a":
            own.linked, own.line_linked = own.letters, own.line
        inline = tag in INLINE
        if not inline and own.line - own.line_linked >= _PROSE and own.line_linked < own.line * _LINKED:
            own.prose += own.line - own.line_linked
        above = own.around
        if above is None:
            continue
        above.letters += own.letters
        above.linked += own.linked
        above.prose += own.prose
        if tail := element.tail:
            letters = len(tail.strip())
            above.letters += letters
            above.line += letters
        if inline:
            above.line += own.line
            above.line_linked += own.line_linked
    return found


def release(measures: Measures) -> None:
    """Let go of the elements of a page that was taken apart, children before their parents.

    Of a part that stands in no document any more, lxml looks with each element through all that come before it for one
    that is still held: in document order that takes time by the square of its size, from behind it takes none.
    """
    while measures:
        measures.popitem()
