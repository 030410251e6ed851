"""Where a crawl stops by itself: at WIRECOPY_MAX_BYTES of archived data. What is under way then is still finished."""

from __future__ import annotations

import asyncio
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from archive.recorder import Recorder
from crawler.fetch.capture import recorder_for
from crawler.values import size

__all__ = ["MaxBytes"]


class MaxBytes:
    """Closes the spider, for the reason ``max_bytes``."""

    def __init__(self, crawler: Crawler, recorder: Recorder, limit: int) -> None:
        self._crawler = crawler
        self._recorder = recorder
        self._limit = limit
        self._closing: asyncio.Task[None] | None = None
        crawler.signals.connect(self.response_received, signals.response_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        limit = size(crawler.settings, "WIRECOPY_MAX_BYTES", 0)
        recorder = recorder_for(crawler)
        if not limit or recorder is None:
            raise NotConfigured
        return cls(crawler, recorder, limit)

    def response_received(self) -> None:
        if self._recorder.bytes >= self._limit and self._closing is None:
            engine = self._crawler.engine
            assert engine is not None
            self._closing = asyncio.ensure_future(engine.close_spider_async(reason="max_bytes"))
