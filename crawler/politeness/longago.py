"""What a robots.txt said before it became unreachable, from the archive (RFC 9309 clause 2.3.1.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import Collection
from archive.errors import WirecopyError
from archive.model import Capture

__all__ = ["last_word", "silent_since"]

_PATIENCE = timedelta(days=30)


def last_word(collection: Path, url: str, *, now: datetime | None = None) -> bytes | None:
    """The file to go by when it has been unreachable for thirty days: its last copy, empty where there was none.

    None when it has not been for so long, as far as the archive knows.
    """
    try:
        with Collection.open(collection) as archive:
            captures = archive.captures(url)
            since, last = silent_since(captures)
            if since is None or (now or datetime.now(UTC)) - since < _PATIENCE:
                return None
            if last is None or (last.status or 0) >= 400:
                return b""
            return archive.payload(last) if last.status == 200 else None
    except WirecopyError:
        return None


def silent_since(captures: Sequence[Capture]) -> tuple[datetime | None, Capture | None]:
    """When it first failed without an answer since, and the last answer before; captures from old to new."""
    since, last = None, None
    for capture in captures:
        if capture.status is None or capture.status == 429 or capture.status >= 500:
            since = since or capture.date
        else:
            since, last = None, capture
    return since, last
