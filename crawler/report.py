"""What a crawl did, as a value, as a file, and as the few lines a person reads."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from crawler.amounts import counted, size

if TYPE_CHECKING:  # it comes with Scrapy, and commands that only show progress need not wait for that
    from crawler.heldback import HeldBack
    from crawler.items import SourceResult
    from crawler.middlewares import Failure

__all__ = ["CrawlReport", "Outcome", "crawl_id", "encode", "judge", "summary", "write"]


class Outcome(Enum):
    """How a crawl ended; `exit_code` is what the command line makes of it (docs/exit-codes.md)."""

    COMPLETE = "complete"
    PARTLY = "partly failed"
    FAILED = "failed"
    MISSES = "not all in the archive"
    REFUSED = "refused by policy"
    STORAGE = "stopped: storage"
    INTERRUPTED = "interrupted"
    TERMINATED = "terminated"

    @property
    def exit_code(self) -> int:
        return _EXIT_CODES[self]


_EXIT_CODES = {
    Outcome.COMPLETE: 0,
    Outcome.PARTLY: 1,
    Outcome.FAILED: 9,
    Outcome.MISSES: 7,
    Outcome.REFUSED: 8,
    Outcome.STORAGE: 5,
    Outcome.INTERRUPTED: 130,
    Outcome.TERMINATED: 143,
}


_SHOWN = 5
"""Lines of a kind that the summary has; the report has all."""
_USUAL_REASONS = ("finished", "shutdown", "storage")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """The whole of ``crawls/<id>/report.json``."""

    crawl: str
    collection: str
    seeds: tuple[str, ...]
    started: datetime
    finished: datetime
    outcome: Outcome
    reason: str
    """Scrapy's reason for closing the spider: ``finished``, ``shutdown``, ``storage`` …"""
    counts: Mapping[str, int]
    """What `wirecopy crawl --help` names: found, known, fetched, bytes, articles, unread, failed …"""
    statuses: Mapping[str, int]
    """Responses by HTTP status."""
    failures: tuple[Failure, ...]
    """URLs that got no answer in the end; the first thousand."""
    refusals: tuple[Failure, ...] = ()
    """URLs that were not asked for, as a rule of this crawl has it; the first thousand."""
    held_back: tuple[HeldBack, ...] = ()
    """What limits kept the crawl from, by limit and host (docs/limits.md)."""
    kept_out: Mapping[str, int] = field(default_factory=dict)
    """Pages read that exports and searches leave out, by label (docs/labels.md)."""
    sources: tuple[SourceResult, ...] = ()
    """Of a crawl over sources, what it came to for each."""
    defects: tuple[str, ...] = ()
    """Files that the self-audit found changed, and how."""
    storage: str | None = None
    """The file that could not be written, and why, where that ended the crawl."""


def crawl_id() -> str:
    """Sorts by time, never repeats: ``20261123-101500-3f9a``."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def judge(counts: Mapping[str, int]) -> Outcome:
    """How a crawl with these counts ended; signals, and disks that refused, are the caller's to know."""
    if not counts["answered"] and counts["failed"]:
        return Outcome.FAILED
    if not counts["answered"] and (counts["refused_addresses"] or counts["refused_by_robots"]):
        return Outcome.REFUSED
    if counts["failed"] or counts["unreadable"] or counts["spider_errors"] or counts["defects"]:
        return Outcome.PARTLY
    return Outcome.COMPLETE


def encode(report: object) -> bytes:
    """The report as a file of JSON."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def write(report: object, path: Path) -> None:
    """The report as JSON, whole or not at all."""
    partial = path.with_suffix(".part")
    partial.write_bytes(encode(report))
    partial.replace(path)


def summary(report: CrawlReport) -> str:
    """What a person wants to know at the end, in a few lines."""
    count = report.counts
    seconds = (report.finished - report.started).total_seconds()
    exchanges = counted(count["fetched"], "exchange")
    lines = [
        f"{report.outcome.value}: {exchanges}, {size(count['bytes'])} archived in {seconds:.0f} s",
        f"  {counted(count['articles'], 'new article')}, {counted(count['read'], 'page')} read"
        + (f", {count['unread']} still to read" if count["unread"] else "")
        + (f", {count['unreadable']} unreadable" if count["unreadable"] else ""),
    ]
    if report.kept_out:
        lines.append("  kept out of exports: " + ", ".join(f"{n} {label}" for label, n in report.kept_out.items()))
    if count["requisites"]:
        lines.append(
            f"  {count['requisites']} images and other requisites"
            + (f", {count['requisites_failed']} of them failed" if count["requisites_failed"] else "")
            + (f", {count['requisites_over_budget']} left out" if count["requisites_over_budget"] else "")
        )
    if count["seen_again"] or count["unchanged"]:
        again, unchanged = counted(count["seen_again"], "article"), counted(count["unchanged"], "answer")
        lines.append(f"  {again} seen again, {unchanged} that nothing changed")
    if report.storage:
        lines.append(f"  {report.storage}")
    skipped = [
        f"{count[key]} {words}"
        for key, words in (
            ("known", "archived before"),
            ("refused_by_robots", "refused by robots.txt"),
            ("refused_addresses", "refused for their address"),
            ("out_of_scope", "out of scope"),
            ("out_of_period", "of other dates"),
        )
        if count[key]
    ]
    if skipped:
        lines.append("  skipped: " + ", ".join(skipped))
    if report.held_back:
        lines.append(f"  {count['held_back']} times held back by a limit:")
        lines += _first([f"{one.url}: {one.limit}, {one.count} times on this host" for one in report.held_back])
    lines += [f"  damaged: {defect}; 'wirecopy verify' says where" for defect in report.defects]
    if count.get("bodies_waited"):
        lines.append(f"  large bodies that waited until others were through: {count['bodies_waited']}")
    if count["pauses"]:
        lines.append(f"  paused for room on the disk: {count['pauses']}")
    if report.reason not in _USUAL_REASONS:
        lines.append(f"  stopped early: {report.reason}")
    if report.refusals:
        lines += ["  not asked for:", *_first([f"{one.url}: {one.why}" for one in report.refusals])]
    if count["failed"]:
        lines += [f"  {count['failed']} failed:", *_first([f"{one.url}: {one.why}" for one in report.failures])]
    return "\n".join(lines)


def _first(lines: Sequence[str]) -> list[str]:
    more = [f"    … {len(lines) - _SHOWN} more in the report"] if len(lines) > _SHOWN else []
    return [*(f"    {line}" for line in lines[:_SHOWN]), *more]
