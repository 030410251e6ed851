"""What a publisher asked of an article, and from when to when: told by every capture that shows it. Pure.

A capture that found the page unchanged counts like any other: it has a head, a robots.txt and a tdmrep.json of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from archive.catalogue.looks import Look, Sighting
from archive.catalogue.times import from_micros
from archive.extract.wishes import WISHES, wishes
from archive.model import Wish

__all__ = ["as_of", "wished"]


def wished(shown: Iterable[tuple[Look, Sighting]]) -> tuple[Wish, ...]:
    """By time and label; `shown`: the captures that show the article in order of time, and the reading of each."""
    holds: dict[str, Wish] = {}
    over: list[Wish] = []
    for look, sighting in shown:
        found = _found(look, sighting)
        if not found and not holds:
            continue
        date = from_micros(look.captured)
        over += [replace(holds.pop(label), until=date) for label in holds.keys() - found]
        for label, said in found.items():
            begun = holds.get(label) or Wish(label=label, said=None, since=date, capture=look.capture_id, until=None)
            holds[label] = replace(begun, said=said)
    return tuple(sorted((*over, *holds.values()), key=lambda each: (each.since, each.label)))


def as_of(
    moment: datetime, told: Sequence[Wish], labels: Iterable[str], origins: Mapping[str, str]
) -> tuple[tuple[str, ...], dict[str, str]]:
    """The labels and origins of a reading, with what the publisher asked at that moment instead of then."""
    begun = (each for each in told if each.since <= moment)
    holds = {each.label: each.said for each in begun if each.until is None or moment < each.until}
    found = {name: value for name, value in origins.items() if name.removeprefix("labels.") not in WISHES}
    for label, said in holds.items():
        if origin := said or origins.get(f"labels.{label}"):
            found[f"labels.{label}"] = origin
    return tuple(sorted({*labels}.difference(WISHES).union(holds))), dict(sorted(found.items()))


def _found(look: Look, sighting: Sighting) -> Mapping[str, str | None]:
    """Labels to where they were said; of a reading that did not note what was asked, what it made of that."""
    if look.asks is not None:
        return wishes(look.asks) if look.asks else {}
    return dict.fromkeys(sighting.labels.intersection(WISHES))
