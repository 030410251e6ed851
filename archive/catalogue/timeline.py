"""What happened to articles: events, each edit with what it changed, and the difference of two versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Final, cast

from archive.catalogue import documents
from archive.catalogue.articles import looks
from archive.catalogue.query import Row, article_of, is_kept_out
from archive.catalogue.schema import explained, statements
from archive.catalogue.store import Catalogue
from archive.catalogue.times import EARLIEST, from_micros, to_micros
from archive.catalogue.versions import History, Version, history
from archive.catalogue.wished import as_of
from archive.compare.change import change
from archive.compare.words import Piece, diff
from archive.errors import ArticleNotFound, VersionNotFound
from archive.model import Article, Change, Event, Extraction, State

__all__ = ["Difference", "difference", "events", "recent", "states"]

_SQL: Final = statements("query")

_LIVE: Final = frozenset({"live", "live-blog", "liveblog"})
"""Kinds of a page that grows entry by entry."""
_RUN: Final = 3
"""Times in a row that a text must have grown at the same end to be a list of entries, whatever the page says it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two versions of an article word by word. The new one is what is the same and what was added."""

    article_id: str
    old: int
    new: int
    title: tuple[Piece, ...]
    text: tuple[Piece, ...]
    """Paragraphs are kept apart by blank lines."""
    change: Change | None


def events(catalogue: Catalogue, article_id: str) -> list[Event]:
    """All that happened to the article, in order of time; none of one that is not there."""
    with explained(catalogue.path):
        told = _history(catalogue, article_id)
        return _events(catalogue, article_id, told) if told else []


def states(catalogue: Catalogue, since: datetime | None = None, *, walls: bool = False) -> Iterator[State]:
    """Every version of every article, by the time of the article's last change; `since`: those that began from then on.

    What is labelled as one of KEPT_OUT is left out unless `walls` asks for it.
    """
    now = to_micros(datetime.now(UTC))
    start = to_micros(since) if since else EARLIEST
    with explained(catalogue.path):
        rows = catalogue.connection.execute(_SQL["states"], (start,))
        for article_id, group in groupby(rows, key=itemgetter(0)):
            told = _history(catalogue, article_id)
            if told is None:
                continue
            begun = {event.version: event for event in _events(catalogue, article_id, told) if event.version}
            for *row, number in group:
                article = article_of(cast(Row, tuple(row)))
                if number in begun and article.wishes:
                    date = begun[number].date
                    labels, origins = as_of(date, article.wishes, article.labels, article.origins)
                    article = replace(article, labels=labels, origins=origins)
                if number in begun and (walls or not is_kept_out(article, now)):
                    yield _state(article, begun[number], told.versions[number - 1])


def _state(article: Article, event: Event, version: Version) -> State:
    assert event.version
    return State(
        article=article,
        version=event.version,
        event=event.kind,
        first_seen=event.date,
        first_capture=event.capture_id,
        last_seen=from_micros(version.last_seen),
        as_version=event.as_version,
        change=event.change,
    )


def _events(catalogue: Catalogue, article_id: str, told: History) -> list[Event]:
    changes = _changes(catalogue, told)
    found = [
        Event(
            article_id=article_id,
            date=from_micros(each.captured),
            kind=each.kind,
            capture_id=each.capture_id,
            version=each.version,
            as_version=each.as_version,
            target=each.target,
            change=changes.get(each.version) if each.version else None,
        )
        for each in told.happenings
    ]
    return _grown(found, live=told.newest.kind in _LIVE)


def recent(catalogue: Catalogue, since: datetime) -> Iterator[Event]:
    """What happened to any article from `since` on, oldest first; what is seen for the first time is left out."""
    with explained(catalogue.path):
        names = [name for (name,) in catalogue.connection.execute(_SQL["happened_since"], (to_micros(since),))]
    found = [each for name in names for each in events(catalogue, name) if each.date >= since and each.kind != "first"]
    yield from sorted(found, key=lambda each: (each.date, each.article_id))


def difference(catalogue: Catalogue, article_id: str, old: int | None = None, new: int | None = None) -> Difference:
    """Two versions of the article: those of these numbers, else the last two; VersionNotFound when there are none."""
    with explained(catalogue.path):
        told = _history(catalogue, article_id)
        if told is None:
            raise ArticleNotFound(article_id)
        count = len(told.versions)
        new = count if new is None else new
        old = new - 1 if old is None else old
        for number in (old, new):
            if not 0 < number <= count:
                raise VersionNotFound(article_id, number, count)
        was, now = _pair(catalogue, told.versions[old - 1], told.versions[new - 1])
    return Difference(
        article_id=article_id,
        old=old,
        new=new,
        title=diff(was.title, now.title),
        text=diff(was.text, now.text),
        change=change(was, now, told.passing),
    )


def _history(catalogue: Catalogue, article_id: str) -> History | None:
    row = catalogue.connection.execute(_SQL["key"], (article_id,)).fetchone()
    return history(row[0], looks(catalogue.connection, row[0])) if row else None


def _changes(catalogue: Catalogue, told: History) -> dict[int, Change]:
    """What changed with each version, by its number."""
    found = {}
    for number, (old, new) in enumerate(pairwise(told.versions), start=2):
        if changed := change(*_pair(catalogue, old, new), told.passing):
            found[number] = changed
    return found


def _pair(catalogue: Catalogue, old: Version, new: Version) -> tuple[Extraction, Extraction]:
    """Readings of both that can be compared, by the latest extractor that read both; else those that there are."""
    both = [side for side in new.states if side in old.states]
    one = old.states[both[-1]] if both else old.sighting
    other = new.states[both[-1]] if both else new.sighting
    return _extraction(catalogue, one.reading_id), _extraction(catalogue, other.reading_id)


def _extraction(catalogue: Catalogue, reading_id: str) -> Extraction:
    (document,) = catalogue.connection.execute(_SQL["document"], (reading_id,)).fetchone()
    return documents.decode(document)[1]


def _grown(found: Sequence[Event], *, live: bool) -> list[Event]:
    """The events, in which those that only add to a list of entries are called so."""
    named = list(found)
    versions = [number for number, each in enumerate(found) if each.version]
    for end, group in groupby(versions, key=lambda number: _end(found[number])):
        run = list(group)
        for number in run if end else []:
            changed = found[number].change
            if live or len(run) >= _RUN or (changed and changed.live):
                named[number] = replace(found[number], kind="grown")
    return named


def _end(event: Event) -> str | None:
    return event.change.growth if event.change else None
