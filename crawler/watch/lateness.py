"""Why a source is not crawled now, and why its last crawl did not bring all. Pure."""

from __future__ import annotations

from typing import Final

from crawler.sources.source import Source
from crawler.watch.ledger import Run
from crawler.watch.live import Live

__all__ = ["cut_short", "why"]

_BUDGETS: Final = {"closespider_timeout": "max_time", "max_bytes": "max_bytes", "closespider_pagecount": "per_day"}
"""Scrapy's reasons for the end of a crawl, by the key in sources.toml."""


def why(
    source: Source,
    *,
    next_at: float | None,
    failures: int,
    spent: bool = False,
    live: Live | None,
    busy: str | None,
    now: float,
) -> str:
    """What it waits for; empty where it is not due and all is as usual.

    `spent`: its budget of the day is; `busy`: a source on its site, being crawled.
    """
    if not source.enabled:
        return "disabled"
    if live is not None and source.id in live.running:
        return f"being crawled for {now - live.running[source.id]:.0f} s"
    if live is not None and live.died.get(source.id, 0) > now:
        return "its crawl died: tried again soon"
    if spent:
        return "its budget of the day is used up"
    if next_at is None or next_at > now:
        return f"backing off: no answer in {failures} crawls" if failures else ""
    if live is None:
        return "due, and no daemon runs"
    if live.paused:
        return f"due, and paused: {live.paused}"
    if busy is not None:
        return f"due, and its site is busy: {busy} is crawled"
    if live.crawls >= live.processes:
        return f"due, and there are {live.crawls} crawls already"
    return "due"


def cut_short(last: Run | None) -> str:
    """What ended the last crawl before it had all."""
    if last is None:
        return ""
    if key := _BUDGETS.get(last.reason):
        return f"last crawl stopped at {key}"
    return f"last crawl left {last.left} pages: max_pages" if last.left else ""
