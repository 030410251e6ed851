"""What a crawl left alone because of a limit: by limit and host, with a count and the first address of each.

Bounded itself: a site that strains limits under ever new names must not fill memory with them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler

from crawler.refusals import Refusal

__all__ = ["HeldBack", "Ledger", "LeftAlone", "ledger_of"]

_MOST = 1000
"""Pairs of limit and host that are told apart; what more there are is counted with no host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """What one limit kept from one host."""

    limit: str
    """Name of the limit (docs/limits.md)."""
    host: str
    """With the port where one was given; ``*`` for all hosts that there was no room to tell apart."""
    count: int
    url: str
    """The first that it was kept from."""


class LeftAlone(Refusal):
    """Not asked for, because of a limit: the ledger has where, and how often."""

    counted = "left_alone"
    named = False


class Ledger:
    """Counts as the crawl goes on."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}
        self._first: dict[tuple[str, str], str] = {}
        self.on_first: Callable[[str], None] | None = None
        """Told of the first address of each limit and host."""

    def note(self, limit: str, url: str, count: int = 1) -> None:
        key = (limit, urlsplit(url).netloc)
        if key not in self._counts and len(self._counts) >= _MOST:
            key = (limit, "*")
        if self._first.setdefault(key, url) is url and key not in self._counts and self.on_first is not None:
            self.on_first(url)
        self._counts[key] = self._counts.get(key, 0) + count

    @property
    def total(self) -> int:
        return sum(self._counts.values())

    def entries(self) -> tuple[HeldBack, ...]:
        """The most strained first."""
        ordered = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        return tuple(
            HeldBack(limit=limit, host=host, count=count, url=self._first[limit, host])
            for (limit, host), count in ordered
        )


_ledgers: WeakKeyDictionary[Crawler, Ledger] = WeakKeyDictionary()


def ledger_of(crawler: Crawler) -> Ledger:
    """The crawl's own, made when first asked for."""
    return _ledgers.setdefault(crawler, Ledger())
