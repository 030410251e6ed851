"""What the lines of an article's text are in its page, and the pictures between them: a part of the model.

Values only, as there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Block", "Figure", "Mark"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a run of characters within a line is. Marks of a line are nested, outer before inner."""

    kind: Literal["link", "strong", "em", "code", "sub", "sup"]
    start: int = 0
    """Character of the line at which it starts."""
    end: int
    """… and the one before which it ends."""
    href: str | None = None
    """Absolute, of a link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What a line of an article's text is in its structure; lines are parted by an empty one.

    The words stand in the text only, so they are the same in every form that is made of them.
    """

    kind: Literal["p", "head", "item", "row", "code"]
    level: int = 0
    """Of a heading 1 to 6; of an item, and of further paragraphs of an item, how many lists it is in."""
    ordered: bool = False
    """Of an item: whether its list is numbered."""
    quote: bool = False
    header: bool = False
    """Of a row: whether its cells are headings."""
    cells: tuple[int, ...] = ()
    """Of a row: characters at which its cells start."""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A picture that belongs to an article."""

    url: str
    """Absolute; the largest that the page offers."""
    at: int = 0
    """How many lines of the text stand before it."""
    caption: str | None = None
    alt: str | None = None
