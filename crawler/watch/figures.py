"""What the daemon counts since its start, and one look at all of it for those who ask over HTTP."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from crawler.sources.alerts import Kind
from crawler.watch.ledger import Run

__all__ = ["Figures", "SourceView", "View"]


@dataclass(slots=True)
class Figures:
    """Of sources by id, by the names of `crawler.watch.metrics`."""

    crawls: Counter[str] = field(default_factory=Counter)
    unanswered: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    newest: dict[str, float] = field(default_factory=dict)
    """When its newest article came out; seconds since 1970."""
    started: int = 0
    """Crawls, of a batch of sources each."""
    died: int = 0
    hung: int = 0

    def note(self, run: Run, published: Collection[float]) -> None:
        if published:
            self.newest[run.source] = max(self.newest.get(run.source, 0.0), *published)
        self.crawls[run.source] += 1
        self.unanswered[run.source] += not run.succeeded
        self.found[run.source] += run.found
        self.new[run.source] += run.new
        self.changed[run.source] += run.changed
        self.gone[run.source] += run.gone
        self.failed[run.source] += run.failed


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """Times in seconds since 1970."""

    source: str
    last: float | None
    next_at: float | None
    """None while it is crawled."""
    newest: float | None
    failures: int
    wrong: frozenset[Kind]
    """What is the matter with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    now: float
    beat: float
    """When the loop last went round."""
    sources: Sequence[SourceView]
    figures: Figures
    running: int
    """Crawls at this moment."""
    paused: str
    """Why there are no crawls; empty where there may be."""
    wrong: Mapping[Kind, str]
    """What is the matter with the daemon itself, in words."""
    free: int
    """Bytes on the disk, …"""
    reserve: int
    """… and those that are to stay."""
    writable: bool
    """Whether the file system takes WARC files."""
    alerts_delivered: int
    alerts_failed: int
    alerts_waiting: int

    def late(self) -> list[float]:
        """Seconds by which sources are late, of those that are."""
        return [self.now - one.next_at for one in self.sources if one.next_at is not None and one.next_at < self.now]

    def next_run(self) -> float:
        """Seconds until the next source is due."""
        return max(0.0, min((one.next_at for one in self.sources if one.next_at is not None), default=0.0) - self.now)
