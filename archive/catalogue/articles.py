"""Readings as rows, and the rows of the articles they show: state, versions, aliases and full text.

What an article's rows say is computed anew from all its readings whenever one is added, in the same transaction, by
the pure functions of archive.catalogue.versions.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from archive.catalogue import documents
from archive.catalogue.looks import Look, Sighting
from archive.catalogue.parts import queue_outdated
from archive.catalogue.schema import statements
from archive.catalogue.times import DAY, from_micros, published_micros, to_micros
from archive.catalogue.versions import History, article_id, history
from archive.catalogue.wished import as_of
from archive.catalogue.words import indexed
from archive.compare.sketch import decode, encode, sketch
from archive.model import NOT_ARTICLES, Extraction, Reading
from archive.urls import canonical

__all__ = ["add_readings", "keys_at", "looks", "recompute", "untie_readings"]

REVISIT: Final = "warc/revisit"
"""Media type of a capture that an earlier one stands for."""

_SQL: Final = statements("articles")
_READINGS: Final = statements("readings")
_CAPTURES: Final = statements("captures")


def add_readings(connection: sqlite3.Connection, readings: Sequence[Reading]) -> int:
    """Take in readings, within the caller's transaction, in any order and any number of times: how many were new."""
    places: set[str] = set()
    in_parts: set[str] = set()
    added = 0
    for reading in readings:
        row = _row(reading)
        if connection.execute(_READINGS["add"], row).rowcount:
            added += 1
            connection.execute(_CAPTURES["mark_read"], (reading.capture_id,))
            places.add(canonical(reading.extraction.url))
            if reading.extraction.part_of or reading.extraction.pages:
                in_parts.add(canonical(reading.extraction.part_of or reading.extraction.url))
    recompute(connection, keys_at(connection, places))
    for key in sorted(in_parts):
        queue_outdated(connection, key)
    return added


def untie_readings(connection: sqlite3.Connection, file: str, offset: int) -> set[str]:
    """Forget the readings of a file in ``text/`` from byte `offset` on: the ids of the captures they were of."""
    lost = connection.execute(_READINGS["lost"], (file, offset)).fetchall()
    keys = keys_at(connection, (place for _, _, place, _ in lost))
    # The words of what an article showed last are taken out by its document, so that must go last.
    connection.executemany(_READINGS["untie"], [(reading_id,) for reading_id, *_ in lost])
    recompute(connection, keys)
    connection.executemany(_READINGS["drop"], [(reading_id,) for reading_id, *_ in lost])
    return {capture_id for _, capture_id, _, _ in lost}


def keys_at(connection: sqlite3.Connection, places: Iterable[str]) -> list[str]:
    """Canonical keys of the articles that captures at these places tell something of."""
    keys: set[str] = set()
    for place in places:
        keys.add(place)
        keys.update(key for (key,) in connection.execute(_READINGS["keys_at"], (place,)))
    return sorted(keys)


def recompute(connection: sqlite3.Connection, keys: Iterable[str]) -> None:
    """Make the rows of the articles with these canonical keys what their readings say."""
    for key in keys:
        name = article_id(key)
        known = connection.execute(_SQL["state"], (name,)).fetchone()
        now = _history(connection, key)
        if now is None and known is None:
            continue
        connection.execute(_SQL["drop_versions"], (name,))
        connection.execute(_SQL["drop_events"], (name,))
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
    newest = now.newest
    dated = published_micros(extraction.published)
    if dated is None or dated > now.first_seen + DAY:  # nothing was published long after it was seen
        dated = now.first_seen
    changed = max((now.versions[-1].captured, *(to_micros(each.until or each.since) for each in now.wishes)))
    wishes = documents.dump_wishes(now.wishes)
    as_now = as_of(from_micros(now.last_seen), now.wishes, extraction.labels, extraction.origins)
    differs = as_now != (extraction.labels, extraction.origins)
    (number,) = connection.execute(
        _SQL["put"],
        (
            *(name, key, newest.reading_id, newest.capture_id, now.first_seen, changed, dated, wishes),
            *((documents.dump_labels(as_now[0]), documents.dump_origins(as_now[1])) if differs else (None, None)),
        ),
    ).fetchone()
    connection.executemany(
        _SQL["add_version"],
        [
            (name, count, version.captured, version.sighting.reading_id, version.capture_id)
            for count, version in enumerate(now.versions, start=1)
        ],
    )
    connection.executemany(
        _SQL["add_event"],
        [
            (name, count, each.captured, each.kind, each.capture_id, each.version, each.as_version, each.target)
            for count, each in enumerate(now.happenings, start=1)
        ],
    )
    aliases = {**now.places, key: now.last_seen}
    for capture_id in extraction.pages:
        aliases.update((page, now.last_seen) for (page,) in connection.execute(_CAPTURES["key"], (capture_id,)))
    connection.executemany(_SQL["add_alias"], [(alias, name, date) for alias, date in aliases.items()])
    connection.execute(_SQL["look"], (name,))
    if not same_reading:
        connection.execute(_SQL["add_words"], (number, indexed(extraction.title), indexed(extraction.text)))


def _extraction(connection: sqlite3.Connection, reading_id: str) -> Extraction:
    (document,) = connection.execute(_READINGS["document"], (reading_id,)).fetchone()
    return documents.decode(document)[1]


def _history(connection: sqlite3.Connection, key: str) -> History | None:
    if not connection.execute(_READINGS["is_shown"], (key,)).fetchone():
        return None  # as for the many keys of pages that are none; a front page has thousands of captures
    return history(key, looks(connection, key))


def looks(connection: sqlite3.Connection, key: str) -> list[Look]:
    """Every capture in the places where the article of `key` was seen, or would be."""
    found: dict[str, Look] = {}
    sightings: dict[str, list[Sighting]] = defaultdict(list)
    for row in connection.execute(_READINGS["looks"], (key,)):
        capture_id = row[1]
        found.setdefault(capture_id, _look(row))
        if row[9] is not None:
            sightings[capture_id].append(_sighting(row))
    return [_with(look, tuple(sightings[look.capture_id])) for look in found.values()]


def _with(look: Look, sightings: tuple[Sighting, ...]) -> Look:
    noted = (each.asks for each in reversed(sightings) if each.asks is not None)
    return replace(look, sightings=sightings, asks=next(noted, None) if sightings else look.asks)


def _row(reading: Reading) -> tuple[object, ...]:
    said = reading.extraction
    shows = not said.error and said.kind not in NOT_ARTICLES
    return (
        reading.id,
        reading.capture_id,
        to_micros(reading.date),
        said.extractor,
        said.version,
        documents.dump_options(said.options),
        said.kind,
        documents.dump_labels(said.labels),
        documents.dump_asks(said.asks),
        said.error,
        canonical(said.url),
        canonical(said.part_of or said.canonical_url or said.url),
        int(shows),
        encode(sketch(said.title, said.text)) if shows else None,
        documents.encode(reading.capture_id, said).decode(),
        reading.file,
        reading.offset,
    )


def _look(row: tuple[Any, ...]) -> Look:
    captured, capture_id, url, place, status, mime, redirect, digest, asks, *_ = row
    return Look(
        captured=captured,
        capture_id=capture_id,
        url=url,
        place=place,
        status=status,
        is_revisit=mime == REVISIT,
        digest=digest,
        redirect=redirect,
        asks=documents.load_asks(asks),
    )


def _sighting(row: tuple[Any, ...]) -> Sighting:
    reading_id, read, extractor, version, options, key, kind, labels, asks, error, drawn = row[9:]
    return Sighting(
        reading_id=reading_id,
        read=read,
        capture_id=row[1],
        engine=(extractor, version, options),
        key=key,
        kind=kind,
        failed=error is not None,
        labels=documents.load_labels(labels),
        asks=documents.load_asks(asks),
        sketch=decode(drawn) if drawn else None,
    )
