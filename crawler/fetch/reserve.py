"""Room on the disk that a crawl leaves alone: while there is less, no download begins, and those under way go on.

What they may still bring is counted as if it were written already. Each waiting request looks again every second; no
download's timeout runs while it waits.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scrapy.exceptions import IgnoreRequest

from crawler.fetch.wire import ResponseReader

__all__ = ["CrawlStopped", "Reserve", "free_on"]

logger = logging.getLogger(__name__)

_UNKNOWN = 256 * 1024
"""What a response is taken to bring yet that did not say."""


class CrawlStopped(IgnoreRequest):
    """The crawl was ended while the request waited for room; nothing was sent."""


_AGE = 0.1
"""Seconds for which an answer about free space will do: hundreds of requests may begin in one."""


def free_on(path: Path) -> Callable[[], int]:
    """Free bytes of the file system that `path` is on, as they were a moment ago at most."""
    known = 0
    until = 0.0

    def free() -> int:
        nonlocal known, until
        if time.monotonic() >= until:
            known, until = shutil.disk_usage(path).free, time.monotonic() + _AGE
        return known

    return free


class Reserve:
    """Lets downloads begin while `free()` less what is on its way is at least `size`; for one event loop."""

    def __init__(
        self, size: int, free: Callable[[], int], *, stopped: Callable[[], bool] = lambda: False, every: float = 1.0
    ) -> None:
        """`stopped` says whether the crawl is being ended; `every` is in seconds. With a size of 0, all may begin."""
        self._size = size
        self._free = free
        self._stopped = stopped
        self._every = every
        self._readers: set[ResponseReader] = set()
        self.tell: Callable[[str], None] | None = None
        """Called when a pause begins, and when it ends, with a line for whoever watches the crawl."""
        self.waiting = False
        self.pauses = 0

    async def room(self) -> None:
        """Returns when a download may begin; CrawlStopped when that will not be."""
        if not self._size:
            return
        while (left := self._free() - self.in_flight) < self._size:
            if self._stopped():
                raise CrawlStopped("not fetched: the crawl was stopped while it waited for room on the disk")
            if not self.waiting:
                self.waiting = True
                self.pauses += 1
                self._say(f"paused: {_mega(left)} left on the disk, and {_mega(self._size)} are to stay free")
            await asyncio.sleep(self._every)
        if self.waiting:
            self.waiting = False
            self._say("going on: there is room on the disk again")

    @contextmanager
    def counting(self, reader: ResponseReader) -> Iterator[ResponseReader]:
        """While within, what the reader may still bring is on its way; until it is archived, that is."""
        self._readers.add(reader)
        try:
            yield reader
        finally:
            self._readers.discard(reader)

    @property
    def in_flight(self) -> int:
        """Bytes that are not written yet, or not even received."""
        return sum(map(_expected, self._readers))

    def _say(self, text: str) -> None:
        logger.warning(text)
        if self.tell is not None:
            self.tell(text)


def _expected(reader: ResponseReader) -> int:
    if reader.ended:
        return reader.block_length
    announced = reader.expected_length
    if announced is None or reader.head is None:
        return reader.block_length + _UNKNOWN
    return reader.head.length + announced


def _mega(count: int) -> str:
    return f"{max(count, 0) / 1e6:.0f} MB"
