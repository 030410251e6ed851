"""The scheduler's queue, which hands out only what may be asked for now.

A request that has to wait for its host waits here, not in the downloader, where it would take one of
CONCURRENT_REQUESTS: so no host, however slow, however long it asks to be left alone, keeps others from being asked. Of
the hosts that may be asked it is the turn of the one that has waited the longest; within a host, priorities count.

Hosts that make trouble come later, and all together have a quarter of CONCURRENT_REQUESTS: what is under way is read in
the order in which it comes in, so others would have to wait behind it.
"""

from __future__ import annotations

import asyncio
from heapq import heappop, heappush
from itertools import count
from time import monotonic
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.pqueues import DownloaderAwarePriorityQueue

from crawler.politeness.hosts import Host
from crawler.politeness.registry import hosts_for

__all__ = ["HostQueue"]

_EARLY = 0.002
"""Seconds that a host may be handed out too early: the downloader's slot waits for the rest."""


class HostQueue(DownloaderAwarePriorityQueue):
    """A queue for each host; a heap of those that may not be asked yet, and two of those that may.

    On one of them is each host, once, that has requests here and room for another; one that has no room comes back when
    a request of its own is over.
    """

    def __init__(self, crawler: Crawler, *args: Any, **kwargs: Any) -> None:
        super().__init__(crawler, *args, **kwargs)
        self._hosts = hosts_for(crawler)
        self._hosts.on_landed(self._list)
        self._waiting: list[tuple[float, int, Host]] = []
        self._turns: list[tuple[float, int, Host]] = []
        self._troubled: list[tuple[float, int, Host]] = []
        self._room = max(crawler.settings.getint("CONCURRENT_REQUESTS") // 4, 1)
        self._listed: set[str] = set()
        self._number = count()
        self._alarm: asyncio.TimerHandle | None = None
        for name in self.pqueues:  # of a crawl that is resumed
            self._list(self._hosts.named(name))

    def push(self, request: Request) -> None:
        host = self._hosts.of(request)
        queue = self.pqueues.get(host.name)
        if queue is None:
            queue = self.pqueues[host.name] = self.pqfactory(host.name)
        queue.push(request)
        self._list(host)

    def pop(self) -> Request | None:
        now = monotonic() + _EARLY
        while self._waiting and self._waiting[0][0] <= now:
            _, number, host = heappop(self._waiting)
            heappush(self._troubled if host.troubled else self._turns, (host.turn, number, host))
        while turns := self._next():
            host = heappop(turns)[2]
            self._listed.discard(host.name)
            if host.flying >= host.concurrency or host.name not in self.pqueues:
                continue
            if host.ready_at <= now:
                return self._take(host)
            self._list(host)  # it has become slower since it was listed
        if self._waiting:
            self._wake_at(self._waiting[0][0])
        return None

    def _next(self) -> list[tuple[float, int, Host]]:
        """The heap whose first host's turn it is; an empty one when nobody's is."""
        troubled = self._troubled and not (self._turns and self._turns[0] < self._troubled[0])
        return self._troubled if troubled and self._hosts.troubled < self._room else self._turns

    def close(self) -> dict[str, list[int]]:
        if self._alarm is not None:
            self._alarm.cancel()
        return super().close()

    def _take(self, host: Host) -> Request | None:
        queue = self.pqueues[host.name]
        request = queue.pop()
        if queue:
            self._list(host)
        else:
            del self.pqueues[host.name]
            queue.close()
        return request

    def _list(self, host: Host) -> None:
        if host.name in self.pqueues and host.name not in self._listed and host.flying < host.concurrency:
            self._listed.add(host.name)
            heappush(self._waiting, (host.ready_at, next(self._number), host))

    def _wake_at(self, time: float) -> None:
        """Have the engine ask again then; it would only do so when a request is over, or after five seconds."""
        if self._alarm is not None:
            if not self._alarm.cancelled() and self._alarm.when() <= time:
                return
            self._alarm.cancel()
        self._alarm = asyncio.get_running_loop().call_at(time, self._ring)

    def _ring(self) -> None:
        self._alarm = None
        engine = self.crawler.engine
        if engine is not None and engine._slot is not None:
            engine._slot.nextcall.schedule()
