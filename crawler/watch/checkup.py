"""How a source is after a crawl of it, with the words for a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from archive.catalogue.texts import Texts
from crawler.sources.alerts import Kind
from crawler.watch.conditions import Condition, Conditions
from crawler.watch.extraction import symptoms
from crawler.watch.handfuls import note
from crawler.watch.health import Health
from crawler.watch.ledger import Ledger
from crawler.watch.planner import Planner

__all__ = ["OF_SOURCES", "checkup"]

OF_SOURCES: Final[tuple[Kind, ...]] = ("failing", "silent", "worse", "moved", "hung")
"""What can be the matter with a source."""


def checkup(
    name: str, texts: Texts, now: float, *, planner: Planner, ledger: Ledger, conditions: Conditions
) -> list[Condition]:
    """What is the matter now, after a crawl that read these texts; raises StorageError."""
    found = []
    past = planner.past(name)
    if past is None:
        return []
    health = planner.health(name, now)
    if health is Health.FAILING:
        last = ledger.answered(name) or past.since
        found.append(Condition(kind="failing", since=last, text=f"no answer in {past.failures} crawls in a row"))
    elif health is Health.SILENT:
        newest = planner.newest(name)
        found.append(Condition(kind="silent", since=newest, text=f"answers, and has no article since {_day(newest)}"))
    if elsewhere := _elsewhere(planner.moved(name)):
        told = f"has moved for good: {elsewhere}; it is followed, and 'wirecopy sources move {name}' writes that down"
        found.append(Condition(kind="moved", since=now, text=told))
    known = conditions.of(name).get("worse")
    handfuls = note(ledger, name, texts, now, known.since if known else None)
    if worse := symptoms(handfuls, known.since if known else None):
        told = "read worse than ever: " + "; ".join(one.text for one in worse)
        found.append(Condition(kind="worse", since=min(one.since for one in worse), text=told))
    return found


def _elsewhere(moved: Mapping[str, str]) -> str:
    """Where to, in words; the same address by https is no news."""
    far = {seed: to for seed, to in moved.items() if urlsplit(seed)[1:4] != urlsplit(to)[1:4]}
    return ", ".join(f"{seed} to {to}" for seed, to in far.items())


def _day(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"
