"""How much of a page and of a list is looked at; 0 sets no bound. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from archive.extract.decode import MAX_ELEMENTS

__all__ = ["REL_NOFOLLOW", "Bounds"]

REL_NOFOLLOW = ("skip", "follow")
"""What WIRECOPY_REL_NOFOLLOW may be: for single links that are marked so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    links: int = 5000
    """Links of one page; front pages have hundreds."""
    turns: int = 50
    """Pages of one list."""
    nofollow: bool = False
    """Whether single links marked rel=nofollow are looked at."""
    tags: int = 2 * MAX_ELEMENTS
    """Tags of a page whose links are looked for: of more there are none that could be read in time."""
