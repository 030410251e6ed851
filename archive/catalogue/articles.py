"""Readings as rows, and the rows of the articles they show: state, versions, aliases and full text.

What an article's rows say is computed anew from all its readings whenever one is added, in the same transaction, by
the pure functions of archive.catalogue.versions.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from archive.catalogue import documents
from archive.catalogue.schema import statements
from archive.catalogue.times import DAY, published_micros, to_micros
from archive.catalogue.versions import History, Sighting, article_id, history
from archive.catalogue.words import indexed
from archive.model import Extraction, Reading
from archive.urls import canonical

__all__ = ["add_readings", "recompute", "untie_readings"]

_SQL: Final = statements("articles")
_READINGS: Final = statements("readings")
_CAPTURES: Final = statements("captures")


def add_readings(connection: sqlite3.Connection, readings: Sequence[Reading]) -> int:
    """Take in readings, within the caller's transaction, in any order and any number of times: how many were new."""
    keys: set[str] = set()
    added = 0
    for reading in readings:
        if connection.execute(_READINGS["add"], _row(reading)).rowcount:
            added += 1
            connection.execute(_CAPTURES["mark_read"], (reading.capture_id,))
            keys.update(key for (key,) in connection.execute(_READINGS["keys_of_capture"], (reading.capture_id,)))
    recompute(connection, sorted(keys))
    return added


def untie_readings(connection: sqlite3.Connection, file: str, offset: int) -> set[str]:
    """Forget the readings of a file in ``text/`` from byte `offset` on: the ids of the captures they were of."""
    lost = connection.execute(_READINGS["lost"], (file, offset)).fetchall()
    keys = {key for _, _, key in lost}
    for _, capture_id, _ in lost:
        keys.update(key for (key,) in connection.execute(_READINGS["keys_of_capture"], (capture_id,)))
    # The words of what an article showed last are taken out by its document, so that must go last.
    connection.executemany(_READINGS["untie"], [(reading_id,) for reading_id, _, _ in lost])
    recompute(connection, sorted(keys))
    connection.executemany(_READINGS["drop"], [(reading_id,) for reading_id, _, _ in lost])
    return {capture_id for _, capture_id, _ in lost}


def recompute(connection: sqlite3.Connection, keys: Iterable[str]) -> None:
    """Make the rows of the articles with these canonical keys what their readings say."""
    for key in keys:
        name = article_id(key)
        known = connection.execute(_SQL["state"], (name,)).fetchone()
        rows = connection.execute(_READINGS["sightings"], (key,))
        now = history(key, map(_sighting, rows))
        connection.execute(_SQL["drop_versions"], (name,))
        connection.execute(_SQL["drop_aliases"], (name,))
        if known and (now is None or now.newest.reading_id != known[1]):
            shown = _extraction(connection, known[1])
            connection.execute(_SQL["drop_words"], (known[0], indexed(shown.title), indexed(shown.text)))
        if now:
            _put(connection, name, key, now, same_reading=bool(known) and known[1] == now.newest.reading_id)
        elif known:
            connection.execute(_SQL["drop"], (name,))


def _put(connection: sqlite3.Connection, name: str, key: str, now: History, *, same_reading: bool) -> None:
    extraction = _extraction(connection, now.newest.reading_id)
    first, newest = now.shown[0], now.newest
    dated = published_micros(extraction.published)
    if dated is None or dated > first.captured + DAY:  # nothing was published long after it was seen
        dated = first.captured
    (number,) = connection.execute(
        _SQL["put"],
        (name, key, newest.reading_id, newest.capture_id, first.captured, now.versions[-1].captured, dated),
    ).fetchone()
    connection.executemany(
        _SQL["add_version"],
        [
            (name, count, version.captured, version.reading_id, version.capture_id)
            for count, version in enumerate(now.versions, start=1)
        ],
    )
    aliases = {canonical(sighting.url): sighting.captured for sighting in now.shown}
    aliases[key] = newest.captured
    connection.executemany(_SQL["add_alias"], [(alias, name, date) for alias, date in aliases.items()])
    if not same_reading:
        connection.execute(_SQL["add_words"], (number, indexed(extraction.title), indexed(extraction.text)))


def _extraction(connection: sqlite3.Connection, reading_id: str) -> Extraction:
    (document,) = connection.execute(_READINGS["document"], (reading_id,)).fetchone()
    return documents.decode(document)[1]


def _row(reading: Reading) -> tuple[object, ...]:
    extraction = reading.extraction
    return (
        reading.id,
        reading.capture_id,
        to_micros(reading.date),
        extraction.extractor,
        extraction.version,
        documents.dump_options(extraction.options),
        extraction.kind,
        extraction.error,
        canonical(extraction.canonical_url or extraction.url),
        documents.state(extraction),
        documents.encode(reading.capture_id, extraction).decode(),
        reading.file,
        reading.offset,
    )


def _sighting(row: tuple[int, str, str, int, str, str, str, str, str, str, str | None, str]) -> Sighting:
    captured, capture_id, url, read, reading_id, extractor, version, options, key, kind, error, state = row
    return Sighting(
        captured=captured,
        capture_id=capture_id,
        url=url,
        read=read,
        reading_id=reading_id,
        engine=(extractor, version, options),
        key=key,
        kind=kind,
        failed=error is not None,
        state=state,
    )
