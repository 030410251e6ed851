"""Index lines as rows, and which of them are pages that nobody has read yet."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from archive.catalogue import documents
from archive.catalogue.articles import keys_at, recompute, untie_readings
from archive.catalogue.parts import queue_outdated
from archive.catalogue.schema import statements
from archive.catalogue.times import from_micros, to_micros
from archive.index import cdxj
from archive.model import Capture
from archive.pages import is_page
from archive.urls import canonical

__all__ = ["Unread", "add_lines", "capture_of", "drop", "drop_readings", "next_unread", "urls_of_article"]

_SQL: Final = statements("captures")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A capture that waits for its reading."""

    number: int
    """Its place in the queue of its host, which follows arrival."""
    capture: Capture
    again: bool = False
    """Whether it has been read before, without the further pages of its article that have come since."""


def add_lines(connection: sqlite3.Connection, lines: Iterable[bytes]) -> tuple[int, set[str]]:
    """Take in index lines, within the caller's transaction: how many were new, and the ids of all.

    Lines that are none, and lines of other programs that name no record id, are left out: a rebuild writes them anew.
    """
    (before,) = connection.execute(_SQL["last_number"]).fetchone()
    ids: set[str] = set()
    changes = connection.total_changes
    connection.executemany(_SQL["add"], _rows(lines, ids))
    added = connection.total_changes - changes
    if added:
        connection.execute(_SQL["mark_read_after"], (before,))
        # A page that waits for its reading says nothing yet; one that is gone, moved or unchanged does.
        recompute(
            connection, keys_at(connection, (key for (key,) in connection.execute(_SQL["places_after"], (before,))))
        )
        connection.execute(_SQL["look"], (before,))
        for (key,) in connection.execute(_SQL["parts_after"], (before,)).fetchall():
            queue_outdated(connection, key)
    return added, ids


def drop(connection: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Forget captures that are in no file any more, and what was derived from them."""
    for capture_id in ids:
        keys = keys_at(connection, [key for (key,) in connection.execute(_SQL["place"], (capture_id,))])
        connection.execute(_SQL["drop"], (capture_id,))
        recompute(connection, keys)


def drop_readings(connection: sqlite3.Connection, file: str, offset: int) -> None:
    """Forget the readings of a file in ``text/`` from byte `offset` on: their pages wait to be read again."""
    for capture_id in untie_readings(connection, file, offset):
        kind = connection.execute(_SQL["kind"], (capture_id,)).fetchone()
        if kind and is_page(*kind):
            connection.execute(_SQL["mark_unread"], (capture_id,))


def next_unread(connection: sqlite3.Connection, host: str, after: int) -> Unread | None:
    """The host's page without a reading that has waited the longest, of those behind the place `after`."""
    for number, *row, again in connection.execute(_SQL["next_unread"], (host, after)):
        return Unread(number=number, capture=capture_of(row), again=bool(again))
    return None


def urls_of_article(connection: sqlite3.Connection, article_id: str) -> list[str]:
    """The URLs at which an article was captured, those too that led to it."""
    return [url for (url,) in connection.execute(_SQL["urls_of_article"], (article_id,))]


def capture_of(row: Sequence[Any]) -> Capture:
    """The capture in a row of id, url, date, status, mime, digest, truncated, file, offset and length."""
    capture_id, url, date, status, mime, digest, truncated, file, offset, length = row
    return Capture(
        id=capture_id,
        url=url,
        date=from_micros(date),
        status=status,
        mime=mime,
        digest=digest,
        truncated=truncated,
        file=file,
        offset=offset,
        length=length,
    )


def _rows(lines: Iterable[bytes], ids: set[str]) -> Iterator[tuple[object, ...]]:
    for raw in lines:
        try:
            line = raw.decode()
            capture = cdxj.parse(line)
        except ValueError:
            continue
        if not capture.id:
            continue
        ids.add(capture.id)
        yield (
            capture.id,
            line[: line.index(" ")],
            capture.url,
            canonical(capture.url),
            canonical(capture.redirect) if capture.redirect else None,
            to_micros(capture.date),
            capture.status,
            capture.mime,
            capture.digest,
            capture.truncated,
            capture.file,
            capture.offset,
            capture.length,
            documents.dump_asks(capture.asks) if capture.asks else None,
            int(is_page(capture.mime, capture.status)),
        )
