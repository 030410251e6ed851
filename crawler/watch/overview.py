"""How every source stands, for `wirecopy status`: from sources.toml and the ledger, whether a daemon runs or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crawler.sources.source import Source
from crawler.watch.budget import day_of, left, tomorrow
from crawler.watch.conditions import Conditions
from crawler.watch.health import Health
from crawler.watch.lateness import cut_short, why
from crawler.watch.ledger import Ledger, Run
from crawler.watch.live import Live, read
from crawler.watch.planner import Planner
from crawler.watch.rhythm import DAY

__all__ = ["Overview", "overview"]

_RECENT = 200
"""Crawls that are looked through for the counts of a week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """One line of `wirecopy status`. Times in seconds since 1970."""

    source: str
    name: str
    enabled: bool
    health: Health
    warnings: tuple[str, ...]
    """What is the matter with it, in words; that it has moved is told by `moved`."""
    last: Run | None
    next_at: float | None
    """When it is due; in the past where it is late."""
    interval: float | None
    """Seconds between its last crawl and the next."""
    why: str
    """Why it is late, or not looked at as usual; and why its last crawl did not bring all."""
    last_article: float | None
    """When its newest article came out."""
    moved: Mapping[str, str]
    """Addresses in sources.toml that have moved for good, and where to: what is to stand there instead."""
    failures: int
    """Crawls in a row that brought no answer."""
    found: int
    """Of the last seven days: article candidates that nobody knew, …"""
    new: int
    """… and what was archived of them; articles seen again that were another, or gone; and failed requests."""
    changed: int
    gone: int
    failed: int


def overview(sources: Iterable[Source], ledger: Ledger, now: float) -> list[Overview]:
    """In the order of the file."""
    sources = list(sources)
    pasts = ledger.pasts()
    planner = Planner(sources, pasts, now)
    conditions = Conditions(ledger, "")
    live = read(ledger, now)
    return [_one(source, planner, ledger, conditions, live, now) for source in sources]


def _one(
    source: Source, planner: Planner, ledger: Ledger, conditions: Conditions, live: Live | None, now: float
) -> Overview:
    runs = ledger.runs(source.id, _RECENT)
    week = [run for run in runs if run.started > now - 7 * DAY]
    past = planner.past(source.id)
    health = planner.health(source.id, now) if source.enabled else Health.DISABLED
    if health is Health.WELL and "worse" in conditions.of(source.id):
        health = Health.WORSE
    next_at = planner.due_of(source.id)
    spent = not left(source, ledger.spent(source.id, day_of(now)))
    if next_at is not None and spent:
        next_at = max(next_at, tomorrow(now))
    busy = planner.beside(source.id, live.running) if live and source.enabled else None
    failures = past.failures if past else 0
    late = why(source, next_at=next_at, failures=failures, spent=spent, live=live, busy=busy, now=now)
    last = runs[0] if runs else None
    return Overview(
        source=source.id,
        name=source.name,
        enabled=source.enabled,
        health=health,
        warnings=tuple(one.text for one in conditions.of(source.id).values() if one.kind != "moved")
        if source.enabled
        else (),
        last=last,
        next_at=next_at,
        interval=next_at - past.last if next_at is not None and past and past.last is not None else None,
        why="; ".join(filter(None, (late, cut_short(last)))),
        last_article=max(past.published, default=None) if past else None,
        moved=planner.moved(source.id),
        failures=failures,
        found=sum(run.found for run in week),
        new=sum(run.new for run in week),
        changed=sum(run.changed for run in week),
        gone=sum(run.gone for run in week),
        failed=sum(run.failed for run in week),
    )
