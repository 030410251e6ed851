"""What a crawl asks of earlier ones: which pages are known, where they are kept, and which articles to see again.

Each question is one search in an index. Times in microseconds since 1970.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from archive.catalogue.captures import capture_of
from archive.catalogue.schema import statements
from archive.model import Capture
from archive.urls import canonical

__all__ = ["due", "known", "latest", "page", "with_id"]

_SQL: Final = statements("captures")

_BATCH: Final = 500
_HOUR: Final = 3_600_000_000
_LAPSE: Final = 3
"""A last look that was missed for so many times its age is left."""
_PASSING: Final = frozenset({408, 425, 429})
"""Of the statuses that say a page is not to be had, those that say: not now."""


def known(connection: sqlite3.Connection, keys: Sequence[str], now: int) -> dict[str, int]:
    """Of these canonical keys the ones that need not be asked for, with the time of their newest capture.

    They are pages captured before, themselves or where their redirects lead; and pages that were refused or missing
    (4xx), until as much time has gone by as they have been so, an hour at least. A page that broke off is worth asking
    for again; one that was cut for its length would be cut again.
    """
    found: dict[str, int] = {}
    for start in range(0, len(keys), _BATCH):
        for key, newest, whole in connection.execute(_SQL["held"], (json.dumps(keys[start : start + _BATCH]),)):
            if whole:
                found[key] = newest
            elif (seen := _followed(connection, key, now)) is not None:
                found[key] = seen
    return found


def _followed(connection: sqlite3.Connection, key: str, now: int) -> int | None:
    """The same for one key that has captures, but no whole page of its own."""
    rows = connection.execute(_SQL["chain"], (key,)).fetchall()
    (first, *_), (last, status, _) = rows[0], rows[-1]
    if any(whole for _, _, whole in rows):
        return int(last)
    dead = status is not None and 400 <= status < 500 and status not in _PASSING
    return int(last) if dead and now < last + max(last - first, _HOUR) else None


def page(connection: sqlite3.Connection, key: str) -> Capture | None:
    """The newest whole page of this canonical key, or of where its redirects lead."""
    row = connection.execute(_SQL["page"], (key,)).fetchone()
    return capture_of(row) if row else None


def latest(connection: sqlite3.Connection, url: str) -> Capture | None:
    """The newest whole page of this very URL; nothing truncated."""
    row = connection.execute(_SQL["latest"], (canonical(url), url)).fetchone()
    return capture_of(row) if row else None


def with_id(connection: sqlite3.Connection, capture_id: str) -> Capture | None:
    row = connection.execute(_SQL["by_id"], (capture_id,)).fetchone()
    return capture_of(row) if row else None


def due(connection: sqlite3.Connection, host: str, ages: Sequence[int], now: int, limit: int) -> Iterator[Capture]:
    """Articles of a host (as in canonical keys) that were not seen since they reached the last of the `ages` they did.

    The newest first, at most `limit`; of each the capture that shows it last. Ages count from publication.
    """
    ages = sorted(ages)
    for age, until in pairwise([*ages, ages[-1] * _LAPSE] if ages else []):
        window = {"host": host, "after": now - until, "until": now - age, "age": age, "limit": limit}
        for row in connection.execute(_SQL["due"], window).fetchall():
            limit -= 1
            yield capture_of(row)
