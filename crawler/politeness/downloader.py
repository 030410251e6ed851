"""Scrapy's downloader, with one slot for each host, paced by what is known of that host at the moment.

What has been under way for long, as requests to tarpits are, does not count among CONCURRENT_REQUESTS, nor does what
waits for the robots.txt of its host, which is a request of its own: others are asked meanwhile, up to a bound.
"""

from __future__ import annotations

from itertools import takewhile
from time import monotonic
from typing import Any

from scrapy import Request, Spider
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.internet.defer import Deferred

from crawler.directly import DirectMiddlewares
from crawler.politeness.hosts import Host
from crawler.politeness.registry import hosts_for

__all__ = ["HostSlot", "PoliteDownloader"]

_LONG = 5.0
"""Seconds."""
_AT_MOST = 4
"""Times CONCURRENT_REQUESTS, with all that takes long."""


class HostSlot(Slot):
    """A slot that keeps no pace of its own: its delay, and when it was last used, are the host's."""

    __slots__ = ("host",)

    def __init__(self, host: Host) -> None:
        self.host = host
        last = host.last
        super().__init__(host.concurrency, 0.0, 0.0)
        host.last = last

    @property
    def delay(self) -> float:
        host = self.host
        return host.delay if host.rest_until <= host.last else max(host.delay, host.rest_until - host.last)

    @delay.setter
    def delay(self, value: float) -> None:
        """It is the host's to say."""

    @property
    def lastseen(self) -> float:
        return self.host.last

    @lastseen.setter
    def lastseen(self, value: float) -> None:
        self.host.last = value


class PoliteDownloader(Downloader):
    """Knows how many requests to a host are under way, from the queue to the end of their answer."""

    def __init__(self, crawler: Crawler) -> None:
        self.hosts = hosts_for(crawler)
        self._begun: dict[Request, float] = {}
        super().__init__(crawler)
        self.middleware = DirectMiddlewares(*self.middleware.middlewares, crawler=crawler)

    def fetch(self, request: Request) -> Deferred[Response | Request]:  # type: ignore[override]
        host = self.hosts.of(request)
        self.hosts.starts(host)
        self._begun[request] = monotonic()
        return super().fetch(request).addBoth(self._landed, request, host)

    def needs_backout(self) -> bool:
        most = self.total_concurrency
        if not super().needs_backout() or len(self._begun) >= most * _AT_MOST:
            return super().needs_backout()
        before, waiting = monotonic() - _LONG, self.hosts.waiting
        longest = takewhile(lambda begun: begun[1] < before, self._begun.items())
        slow = sum(request not in waiting for request, _ in longest)
        return len(self._begun) - len(waiting) - slow >= most

    def _landed(self, result: Any, request: Request, host: Host) -> Any:
        del self._begun[request]
        self.hosts.landed(host)
        return result

    def get_slot_key(self, request: Request) -> str:
        """By host alone: what a redirect brings along in its meta is that of where it came from."""
        return self.hosts.of(request).name

    def _get_slot(self, request: Request, spider: Spider | None = None) -> tuple[str, Slot]:
        host = self.hosts.of(request)
        if host.name not in self.slots:
            self.slots[host.name] = HostSlot(host)
            self._start_slot_gc()
        return host.name, self.slots[host.name]
