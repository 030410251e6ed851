"""What a set of readings says of one article: its newest reading, and when its title or text changed.

Pure, and a function of the set alone: the order in which readings arrived makes no difference, so a live crawl and a
rebuild come to the same rows. A capture counts for the article whose key its first article reading gave, so a newer
extractor cannot move it elsewhere. Its latest reading that did not fail decides whether it shows an article at all.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from archive.urls import KEY_VERSION

__all__ = ["History", "Sighting", "article_id", "history"]

NOT_ARTICLES = frozenset({"index", "other"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A reading, as far as the history of its article goes. Times in microseconds since 1970."""

    captured: int
    capture_id: str
    url: str
    """As captured."""
    read: int
    reading_id: str
    engine: tuple[str, str, str]
    """Extractor, version, options: only readings of the same one can be compared."""
    key: str
    """Canonical key of what the page claims to be, else of its URL."""
    kind: str
    failed: bool
    state: str
    """Digest of title and text."""

    @property
    def is_article(self) -> bool:
        return not self.failed and self.kind not in NOT_ARTICLES


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    shown: tuple[Sighting, ...]
    """Of each capture that shows the article, oldest first, its latest article reading."""
    versions: tuple[Sighting, ...]
    """Those among `shown` at which the title or text changed; the first always."""

    @property
    def newest(self) -> Sighting:
        return self.shown[-1]


def article_id(key: str) -> str:
    """The name of the article with this canonical key, for good: 20 letters and digits, lower case."""
    return base64.b32encode(hashlib.sha256(f"{KEY_VERSION}:{key}".encode()).digest()).decode()[:20].lower()


def history(key: str, sightings: Iterable[Sighting]) -> History | None:
    """The article of `key`, from all readings of all captures that may show it; None when none does."""
    shown: list[Sighting] = []
    versions: list[Sighting] = []
    states: dict[tuple[str, str, str], str] = {}
    """What each engine read last in the version at hand."""
    ordered = sorted(sightings, key=lambda s: (s.captured, s.capture_id, s.read, s.reading_id))
    for _, group in groupby(ordered, key=lambda s: s.capture_id):
        readings = _article_readings(key, list(group))
        if not readings:
            continue
        shown.append(readings[-1])
        comparable = [s for s in readings if s.engine in states]
        if not versions or (comparable and comparable[-1].state != states[comparable[-1].engine]):
            versions.append(readings[-1])
            states = {}
        states.update((s.engine, s.state) for s in readings)
    return History(shown=tuple(shown), versions=tuple(versions)) if shown else None


def _article_readings(key: str, readings: list[Sighting]) -> list[Sighting]:
    """The article readings of one capture, if it shows the article of `key`; else none."""
    whole = [s for s in readings if not s.failed]
    articles = [s for s in whole if s.is_article]
    if not articles or not whole[-1].is_article or articles[0].key != key:
        return []
    return articles
