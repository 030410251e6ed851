"""What a daemon is doing now, in the ledger, so that `wirecopy status` can say why a source waits."""

from __future__ import annotations

from typing import Final

import msgspec

from crawler.watch.ledger import Ledger

__all__ = ["EVERY", "Live", "read", "write"]

EVERY: Final = 60.0
"""Seconds between two signs of life."""
_BELIEVED: Final = 2.5 * EVERY


class Live(msgspec.Struct, frozen=True, kw_only=True):
    """Times in seconds since 1970."""

    beat: float
    processes: int
    """Crawls that there may be at once."""
    crawls: int
    """Crawls that there are."""
    running: dict[str, float] = {}
    """Since when each source is crawled."""
    died: dict[str, float] = {}
    """Sources whose crawl died, and when the next is due."""
    paused: str = ""
    """Why no crawl is begun."""

    def same_as(self, other: Live) -> bool:
        """But for the time."""
        return msgspec.structs.replace(self, beat=other.beat) == other


def write(ledger: Ledger, live: Live | None) -> None:
    """None: the daemon has ended. Raises StorageError."""
    if live is None:
        ledger.write([("DELETE FROM live", ())])
    else:
        ledger.write([("INSERT OR REPLACE INTO live VALUES (1, ?)", (msgspec.json.encode(live).decode(),))])


def read(ledger: Ledger, now: float) -> Live | None:
    """None where no daemon has been alive for some minutes."""
    for (text,) in ledger.read("SELECT text FROM live"):
        live = msgspec.json.decode(text, type=Live)
        if abs(now - live.beat) < _BELIEVED:
            return live
    return None
