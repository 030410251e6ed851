"""A capture as far as the history of an article goes, with its readings. Times in microseconds since 1970."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from archive.asks import after
from archive.compare.sketch import Sketch
from archive.model import NOT_ARTICLES, WALLS

__all__ = ["Look", "Sighting", "in_order"]

_NOT_SEEN: Final = WALLS | {"truncated"}
"""Labels of pages that stand in the article's place, or hold a part of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What one extractor made of a capture."""

    reading_id: str
    read: int
    capture_id: str
    engine: tuple[str, str, str]
    """Extractor, version, options."""
    key: str
    """Canonical key of what the page claims to be, else of its URL."""
    kind: str
    failed: bool
    labels: frozenset[str]
    asks: tuple[str, ...] | None
    """What page, response and host say of its use (archive.asks); None where that was not noted."""
    sketch: Sketch | None
    """Of an article."""

    @property
    def is_article(self) -> bool:
        return not self.failed and self.kind not in NOT_ARTICLES

    @property
    def is_whole(self) -> bool:
        """Whether it shows the article, and not what stands in its place."""
        return self.sketch is not None and self.sketch.has_text and self.labels.isdisjoint(_NOT_SEEN)

    @property
    def side(self) -> tuple[tuple[str, str, str], bool]:
        """Readings are compared with those on the same side only: of the same extractor, and of the paywall."""
        return self.engine, "paywalled" in self.labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A capture at a place where the article was, or might be."""

    captured: int
    capture_id: str
    url: str
    place: str
    """Canonical key of the URL."""
    status: int | None
    is_revisit: bool
    digest: str | None
    redirect: str | None
    """Canonical key of the URL that a redirect leads to."""
    sightings: tuple[Sighting, ...] = ()
    """In the order in which they were read."""
    asks: tuple[str, ...] | None = None
    """What holds with it: of a revisit its own records say only a part of that, until it is `in_order`."""

    def shows(self, key: str) -> tuple[Sighting, ...]:
        """The article readings, if it shows the article of `key`; else none."""
        whole = [each for each in self.sightings if not each.failed]
        articles = tuple(each for each in whole if each.is_article)
        return articles if articles and whole[-1].is_article and articles[0].key == key else ()


def in_order(looks: Iterable[Look]) -> list[Look]:
    """By time of capture; a revisit gets the sightings of the capture whose payload it stands for.

    And the rest of what holds with it, from the one before.
    """
    read: dict[tuple[str, str], Look] = {}
    ordered = []
    for look in sorted(looks, key=lambda each: (each.captured, each.capture_id)):
        if look.digest and look.is_revisit and not look.sightings:
            before = read.get((look.place, look.digest))
            look = _seen_again(before, look) if before else look
        if look.digest and look.sightings:
            read[look.place, look.digest] = look
        ordered.append(look)
    return ordered


def _seen_again(before: Look, look: Look) -> Look:
    asks = None if before.asks is None else after(before.asks, look.asks or (), unmodified=look.status == 304)
    return replace(look, sightings=before.sightings, asks=asks)
