"""What reading some pages came to, in numbers: whether a site's articles can still be read as they used to."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from typing import Final

from archive.catalogue.schema import statements
from archive.model import KEPT_OUT

__all__ = ["CLASSES", "Texts", "length", "texts"]

CLASSES: Final = 28
"""Classes of lengths, each √2 times the one before, the last without end: up to 11,585 words and more."""
_SQL: Final = statements("texts")
_WALLS: Final = json.dumps(sorted(KEPT_OUT - {"withheld"}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """How many pages there were, and how many of them lack what articles have."""

    pages: int = 0
    """That were read; further pages of an article are none."""
    empty: int = 0
    """Nothing was read, or what it is is no article."""
    walled: int = 0
    """Walls in an article's place, and what is paywalled (docs/labels.md)."""
    untitled: int = 0
    """Of those that are articles: without a title, …"""
    undated: int = 0
    unsigned: int = 0
    lengths: tuple[int, ...] = (0,) * CLASSES
    """… and how many of them are how long, by class (`length`)."""


def length(words: int) -> int:
    """The class of a text of so many words."""
    return min(CLASSES - 1, int(2 * log2(max(words, 1))))


def texts(connection: sqlite3.Connection, capture_ids: Sequence[str]) -> Texts:
    """Of these captures, as far as they have been read."""
    if not capture_ids:
        return Texts()
    row = connection.execute(_SQL["of_captures"], {"ids": json.dumps(capture_ids), "walls": _WALLS}).fetchone()
    *counts, words = row
    pages, empty, walled, untitled, undated, unsigned = (count or 0 for count in counts)
    classes = Counter(map(length, json.loads(words)))
    return Texts(
        pages=pages,
        empty=empty,
        walled=walled,
        untitled=untitled,
        undated=undated,
        unsigned=unsigned,
        lengths=tuple(classes[each] for each in range(CLASSES)),
    )
