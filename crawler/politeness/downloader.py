"""Scrapy's downloader, with one slot for each host, paced by what is known of that host at the moment."""

from __future__ import annotations

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
        super().__init__(crawler)
        self.middleware = DirectMiddlewares(*self.middleware.middlewares, crawler=crawler)

    def fetch(self, request: Request) -> Deferred[Response | Request]:  # type: ignore[override]
        host = self.hosts.of(request)
        host.flying += 1
        return super().fetch(request).addBoth(self._landed, host)

    def _landed(self, result: Any, host: Host) -> Any:
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
