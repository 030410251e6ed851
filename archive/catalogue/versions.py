"""What all captures and readings say of one article: its versions, and what else happened to it.

Pure, and a function of the set alone: the order in which captures and readings arrived makes no difference, so a live
crawl and a rebuild come to the same rows. An article has the canonical key that the first article reading of a capture
gave, so a newer extractor cannot move it elsewhere; its latest reading that did not fail decides whether a capture
shows an article at all. A wall, half a page or no text is not the article, if another capture shows more.

Only readings of the same extractor, version and options can be compared, and only those of the same side of a paywall.
"""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from archive.catalogue.gone import Gone, gone
from archive.catalogue.looks import Look, Sighting, in_order
from archive.catalogue.wished import wished
from archive.compare.passing import passing
from archive.compare.sketch import same, without
from archive.model import EventKind, Wish
from archive.urls import KEY_VERSION

__all__ = ["Happening", "History", "Version", "article_id", "history"]

_Side = tuple[tuple[str, str, str], bool]

_TWO: Final = 2
"""Captures, from which no line can be seen to come and go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A state of title and text, and the capture that first showed it."""

    captured: int
    capture_id: str
    last_seen: int
    """When the latest capture of the same was made, before another version came."""
    sighting: Sighting
    states: Mapping[_Side, Sighting]
    """What each side read of it last, the article's own paragraphs only."""
    as_version: int | None
    """Number of the earlier version that was the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened to the article, as a capture shows."""

    captured: int
    capture_id: str
    kind: EventKind
    """``grown`` edits are not told from others here, but by what the texts say."""
    version: int | None = None
    as_version: int | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    newest: Sighting
    """The latest reading of the latest capture that shows the article."""
    places: Mapping[str, int]
    """Canonical key of each URL at which it was seen, and when that was last."""
    first_seen: int
    last_seen: int
    versions: tuple[Version, ...]
    """Oldest first; the first always."""
    happenings: tuple[Happening, ...]
    passing: frozenset[str]
    """Paragraphs that are none of the article's own."""
    wishes: tuple[Wish, ...]
    """What the publisher asked, by time."""


def article_id(key: str) -> str:
    """The name of the article with this canonical key, for good: 20 letters and digits, lower case."""
    return base64.b32encode(hashlib.sha256(f"{KEY_VERSION}:{key}".encode()).digest()).decode()[:20].lower()


def history(key: str, looks: Iterable[Look]) -> History | None:
    """The article of `key`, from all captures at its places; None when none shows it."""
    ordered = in_order(looks)
    shown = {look.capture_id: readings for look in ordered if (readings := look.shows(key))}
    shown = {each: readings for each, readings in shown.items() if readings[-1].is_whole} or shown
    if not shown:
        return None
    passes = _passing(shown[look.capture_id] for look in ordered if look.capture_id in shown)
    story = _Story(key, passes)
    for look in ordered:
        if look.capture_id in shown:
            story.seen(look, shown[look.capture_id])
        elif story.versions:
            story.missed(look)
    return story.told()


class _Story:
    """Capture by capture, in order of time."""

    def __init__(self, key: str, passes: frozenset[str]) -> None:
        self._key = key
        self._passes = passes
        self._places: dict[str, int] = {}
        self._shown: list[tuple[Look, Sighting]] = []
        self._gone: Gone | None = None
        self._happenings: list[Happening] = []
        self.versions: list[Version] = []

    def seen(self, look: Look, readings: tuple[Sighting, ...]) -> None:
        if self._gone:
            self._add(look, "restored")
            self._gone = None
        self._places[look.place] = look.captured
        self._shown.append((look, readings[-1]))
        states = {
            each.side: replace(each, sketch=without(each.sketch, self._passes)) for each in readings if each.sketch
        }
        self._compare(look, readings[-1], states)

    def missed(self, look: Look) -> None:
        last = self._shown[-1][0]
        if look.place not in (last.place, self._key):
            return
        found = gone(self._key, look, self._places)
        if found and found != self._gone:
            self._gone = found
            self._add(look, found.kind, target=found.target)

    def told(self) -> History:
        first, last = self._shown[0], self._shown[-1]
        return History(
            newest=last[1],
            places=self._places,
            first_seen=first[0].captured,
            last_seen=last[0].captured,
            versions=tuple(self.versions),
            happenings=tuple(self._happenings),
            passing=self._passes,
            wishes=wished(self._shown),
        )

    def _compare(self, look: Look, newest: Sighting, states: Mapping[_Side, Sighting]) -> None:
        current = self.versions[-1] if self.versions else None
        if current:
            comparable = [side for side in states if side in current.states]
            if not comparable or _same(states[comparable[-1]], current.states[comparable[-1]]):
                self.versions[-1] = replace(current, last_seen=look.captured, states={**current.states, **states})
                return
        again = self._again(states)
        self.versions.append(
            Version(
                captured=look.captured,
                capture_id=look.capture_id,
                last_seen=look.captured,
                sighting=newest,
                states=states,
                as_version=again,
            )
        )
        self._add(look, "edited" if current else "first", version=len(self.versions), as_version=again)

    def _again(self, states: Mapping[_Side, Sighting]) -> int | None:
        """The earlier version that was the same, the latest if several were."""
        for number in range(len(self.versions) - 1, 0, -1):
            known = self.versions[number - 1].states
            if any(side in known and _same(state, known[side]) for side, state in states.items()):
                return number
        return None

    def _add(
        self,
        look: Look,
        kind: EventKind,
        *,
        version: int | None = None,
        as_version: int | None = None,
        target: str | None = None,
    ) -> None:
        self._happenings.append(
            Happening(
                captured=look.captured,
                capture_id=look.capture_id,
                kind=kind,
                version=version,
                as_version=as_version,
                target=target,
            )
        )


def _same(one: Sighting, other: Sighting) -> bool:
    assert one.sketch is not None
    assert other.sketch is not None
    return same(one.sketch, other.sketch)


def _passing(shown: Iterable[tuple[Sighting, ...]]) -> frozenset[str]:
    """What passes through the article's page, as each side saw it."""
    seen: dict[_Side, list[tuple[str, ...]]] = defaultdict(list)
    for readings in shown:
        for each in readings:
            if each.sketch:
                seen[each.side].append(each.sketch.paragraphs)
    return frozenset(chain.from_iterable(passing(states) for states in seen.values() if len(states) > _TWO))
