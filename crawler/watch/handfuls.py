"""How a source's articles could be read, by the handful, as the ledger keeps it: a few bytes for many pages."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import Final

from archive.catalogue.texts import CLASSES, Texts
from crawler.watch.extraction import ENOUGH, KEPT, LONG, Handful
from crawler.watch.ledger import Ledger

__all__ = ["handfuls", "note"]

_COUNTS: Final = ("pages", "empty", "walled", "untitled", "undated", "unsigned")
_COLUMNS: Final = ", ".join(("at", *_COUNTS, "lengths"))
_LENGTHS: Final = struct.Struct(f"<{CLASSES}I")
_NEWEST: Final = 30
"""Handfuls kept of a source that is worse; those from before it was stay too, to hold it against."""


def handfuls(ledger: Ledger, source: str) -> list[Handful]:
    """In order of time."""
    rows = ledger.read(f"SELECT {_COLUMNS} FROM handfuls WHERE source = ? ORDER BY at", source)  # noqa: S608
    return [
        Handful(at=at, **dict(zip(_COUNTS, counts, strict=True)), lengths=_LENGTHS.unpack(lengths))
        for at, *counts, lengths in rows
    ]


def note(ledger: Ledger, source: str, texts: Texts, now: float, worse_since: float | None) -> list[Handful]:
    """Add what a crawl read, and have all that is known; raises StorageError."""
    known = handfuls(ledger, source)
    if not texts.pages:
        return known
    last = known.pop() if known and not _is_full(known[-1], now) else Handful(at=now)
    new = _with(last, texts)
    known.append(new)
    counts = (getattr(new, name) for name in _COUNTS)
    start = 0.0 if worse_since is None else worse_since
    ledger.write(
        [
            (
                "INSERT OR REPLACE INTO handfuls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (source, new.at, *counts, _LENGTHS.pack(*new.lengths)),
            ),
            (
                "DELETE FROM handfuls WHERE source = ? AND at >= ? AND at <= "
                "(SELECT at FROM handfuls WHERE source = ? ORDER BY at DESC LIMIT 1 OFFSET ?)",
                (source, start, source, KEPT if worse_since is None else _NEWEST),
            ),
        ]
    )
    return known


def _is_full(handful: Handful, now: float) -> bool:
    return handful.pages >= ENOUGH and not 0 <= now - handful.at < LONG


def _with(handful: Handful, texts: Texts) -> Handful:
    counts = {name: getattr(handful, name) + getattr(texts, name) for name in _COUNTS}
    lengths = tuple(map(sum, zip(handful.lengths, texts.lengths, strict=True)))
    return replace(handful, **counts, lengths=lengths)
