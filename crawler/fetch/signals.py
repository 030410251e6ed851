"""Scrapy's headers_received and bytes_received, sent as its own handlers send them.

Only to those who listen: a signal that nobody receives costs as much CPU as parsing a head.
"""

from __future__ import annotations

import logging

from pydispatch.dispatcher import getAllReceivers, liveReceivers  # type: ignore[import-untyped]
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from twisted.python.failure import Failure

from crawler.fetch.outcome import scrapy_headers
from crawler.fetch.wire import ResponseReader

__all__ = ["SignalWatch", "signal_watch"]

logger = logging.getLogger(__name__)


def signal_watch(crawler: Crawler, request: Request) -> SignalWatch | None:
    """A watch over the download of `request`; None when nobody listens."""
    headers = _heard(crawler, signals.headers_received)
    data = _heard(crawler, signals.bytes_received)
    return SignalWatch(crawler, request, headers=headers, data=data) if headers or data else None


def _heard(crawler: Crawler, signal: object) -> bool:
    return next(iter(liveReceivers(getAllReceivers(crawler.signals.sender, signal))), None) is not None


class SignalWatch:
    """Sends the signals as the response comes in; a receiver that raises StopDownload ends it."""

    def __init__(self, crawler: Crawler, request: Request, *, headers: bool, data: bool) -> None:
        self._crawler = crawler
        self._request = request
        self._headers = headers
        self._data = data
        self._head_seen = False
        self.stop: StopDownload | None = None
        self.stopped_at_head = False

    def __call__(self, reader: ResponseReader, piece: bytes) -> None:
        if reader.head is None or not reader.usable or self.stop is not None:
            return
        if not self._head_seen:
            self._head_seen = True
            if self._headers:
                self._send(
                    signals.headers_received,
                    reader,
                    headers=scrapy_headers(reader.head),
                    body_length=reader.expected_length,
                )
                self.stopped_at_head = self.stop is not None
        if piece and self._data and self.stop is None:
            self._send(signals.bytes_received, reader, data=piece)

    def _send(self, signal: object, reader: ResponseReader, **facts: object) -> None:
        results = self._crawler.signals.send_catch_log(
            signal=signal, request=self._request, spider=self._crawler.spider, **facts
        )
        for receiver, result in results:
            if isinstance(result, Failure) and isinstance(result.value, StopDownload):
                logger.debug("Download stopped for %s from signal handler %s", self._request, receiver.__qualname__)
                self.stop = result.value
                reader.cut("unspecified")
                return
