"""What a source is: what to watch, when, how politely, and how its pages are taken. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from archive.scope import ScopeKind

__all__ = ["Adaptive", "Budget", "Cron", "Every", "Schedule", "Source"]


@dataclass(frozen=True, slots=True)
class Every:
    seconds: float


@dataclass(frozen=True, slots=True)
class Cron:
    expression: str
    """Five fields, as in crontab(5)."""
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Adaptive:
    """As often as it publishes."""

    fresh: float = 20 * 60.0
    """Seconds after which articles should be found, in hours that bring many."""
    most: float = 6 * 3600.0
    """Seconds between two looks at other times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a source may cost in a day (UTC), over all its crawls; None: no bound."""

    pages: int | None = None
    """Exchanges."""
    bytes: int | None = None
    """Of archive."""
    seconds: float | None = None


Schedule = Every | Cron | Adaptive


_OF_A_CRAWL: Final = frozenset(["WIRECOPY_MAX_BYTES", "CLOSESPIDER_TIMEOUT"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One ``[[source]]`` of sources.toml, with the defaults filled in (docs/sources.md has every key)."""

    id: str
    """Never changes: what is known of the source is kept under it."""
    name: str
    url: str
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    enabled: bool = True
    schedule: Schedule = Adaptive()
    scope: ScopeKind | None = None
    max_pages: int = 500
    """Of one crawl; 0: no bound."""
    labels: tuple[str, ...] = ()
    """What its articles are labelled besides."""
    per_day: Budget | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What its crawls are set to besides, by the names of settings."""

    @property
    def bounded(self) -> bool:
        """Whether what it is set to ends a crawl as a whole, and so must be a crawl of it only."""
        return not _OF_A_CRAWL.isdisjoint(self.settings)

    @property
    def alone(self) -> bool:
        """Whether the daemon's crawls are for it only: what they cost, and what ends them, is then its own."""
        return self.per_day is not None or self.bounded

    @property
    def seeds(self) -> tuple[str, ...]:
        """What a crawl of it starts from: what is named, else its page, which leads to the rest."""
        return (*self.feeds, *self.sitemaps, *self.sections) or (self.url,)
