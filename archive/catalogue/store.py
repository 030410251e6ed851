"""The catalogue: what can be asked of a collection's articles, all of it derived from the WARC files.

One `Catalogue` is one connection, for the thread that opened it. Its rows change in short transactions, each whole or
not at all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from archive.catalogue import articles, captures
from archive.catalogue.parts import further_pages
from archive.catalogue.schema import connect, explained, statements, transaction
from archive.catalogue.times import to_micros
from archive.model import Capture, Extraction, Reading
from archive.urls import canonical

__all__ = ["Catalogue", "Counts", "Cursor"]

_SQL: Final = statements("captures")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    captures: int
    unread: int
    """Pages that wait for their reading."""
    readings: int
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a file has been taken in."""

    offset: int = 0
    lines: int = 0
    stamp: str = ""
    """Size and time of change of a file that is closed; empty while it grows."""


class Catalogue:
    """A collection's ``catalogue.sqlite``; also a context manager that closes it."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """NoCatalogue when it is missing (and not to be created), damaged, or of a newer wirecopy."""
        self.path = path
        self.connection: sqlite3.Connection = connect(path, create=create)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A writing transaction; StorageError or Locked when it cannot be had."""
        with explained(self.path), transaction(self.connection):
            yield self.connection

    def add_lines(self, lines: Sequence[bytes], name: str, cursor: Cursor) -> tuple[int, set[str]]:
        """Take in lines of the index `name` and move its cursor: how many captures were new, and the ids of all."""
        with self.transaction() as connection:
            added = captures.add_lines(connection, lines)
            self._set_cursor(name, cursor)
        return added

    def add_readings(self, readings: Sequence[Reading], name: str, cursor: Cursor) -> int:
        """Take in readings from the file `name` in ``text/`` and move its cursor: how many were new."""
        with self.transaction() as connection:
            added = articles.add_readings(connection, readings)
            self._set_cursor(name, cursor)
        return added

    def drop_readings(self, file: str, name: str, size: int) -> None:
        """Forget the readings of a file in ``text/`` that was cut back to `size` bytes."""
        with self.transaction() as connection:
            captures.drop_readings(connection, file, size)
            self._set_cursor(name, Cursor(offset=size))

    def drop_missing(self, file: str, present: set[str]) -> int:
        """Forget the captures of a WARC file that are not among those `present`: how many there were."""
        with self.transaction() as connection:
            rows = connection.execute(_SQL["ids_of_file"], (file,)).fetchall()
            missing = [capture_id for (capture_id,) in rows if capture_id not in present]
            captures.drop(connection, missing)
        return len(missing)

    def set_aside(self, capture_ids: Sequence[str]) -> None:
        """Take pages out of the queue whose file is not there now."""
        with self.transaction() as connection:
            connection.executemany(_SQL["set_aside"], [(capture_id,) for capture_id in capture_ids])

    def take_up(self) -> None:
        """Put into the queue again what was set aside."""
        with self.transaction() as connection:
            connection.execute(_SQL["take_up"])

    def unread_hosts(self, limit: int, after: str = "") -> list[str]:
        """Hosts that have pages without a reading, as URL keys begin, in order, from behind `after` on."""
        return [host for (host,) in self.connection.execute(_SQL["unread_hosts"], {"after": after, "limit": limit})]

    def next_unread(self, host: str, after: int = 0) -> captures.Unread | None:
        """The host's page without a reading that has waited the longest, of those behind the place `after`."""
        return captures.next_unread(self.connection, host, after)

    def further_pages(self, capture: Capture) -> list[tuple[str, Extraction]]:
        """Capture and reading of each further page of the article whose first page this is, in order."""
        return further_pages(self.connection, canonical(capture.url), to_micros(capture.date))

    def count_unread(self) -> int:
        return int(self.connection.execute(_SQL["count_unread"]).fetchone()[0])

    def has_unread(self, up_to: int) -> bool:
        """Whether any page up to this place in the queue has no reading."""
        return bool(self.connection.execute(_SQL["has_unread"], (up_to,)).fetchone()[0])

    def last_number(self) -> int:
        """The place in the queue of the newest capture."""
        return int(self.connection.execute(_SQL["last_number"]).fetchone()[0])

    def counts(self) -> Counts:
        found, waiting, readings, shown = self.connection.execute(_SQL["counts"]).fetchone()
        return Counts(captures=found, unread=waiting, readings=readings, articles=shown)

    def cursors(self) -> dict[str, Cursor]:
        """By file name: path below the collection, without ``.open``."""
        return {
            name: Cursor(offset=offset, lines=lines, stamp=stamp)
            for name, offset, lines, stamp in self.connection.execute(_SQL["cursors"])
        }

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _set_cursor(self, name: str, cursor: Cursor) -> None:
        self.connection.execute(_SQL["set_cursor"], (name, cursor.offset, cursor.lines, cursor.stamp))
