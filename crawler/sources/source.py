"""What a source is: what to watch, when, how politely, and how its pages are taken. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from archive.scope import ScopeKind

__all__ = ["Adaptive", "Cron", "Every", "Schedule", "Source"]


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


Schedule = Every | Cron | Adaptive


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
    settings: Mapping[str, str] = field(default_factory=dict)
    """What its crawls are set to besides, by the names of settings."""

    @property
    def seeds(self) -> tuple[str, ...]:
        """What a crawl of it starts from: what is named, else its page, which leads to the rest."""
        return (*self.feeds, *self.sitemaps, *self.sections) or (self.url,)
