"""Patience: a host from which nothing comes but failures is given up for the rest of the crawl."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response

from crawler.heldback import Ledger, LeftAlone, ledger_of

__all__ = ["Patience"]

_MOST_HOSTS = 100_000


class Patience:
    """A downloader middleware below the one that tries again, so that each try counts."""

    def __init__(self, ledger: Ledger, most: int) -> None:
        """`most`: tries in a row without an answer."""
        self._ledger = ledger
        self._most = most
        self._failures: dict[str, int] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        most = crawler.settings.getint("WIRECOPY_MAX_FAILURES")
        if not most:
            raise NotConfigured
        return cls(ledger_of(crawler), most)

    def process_request(self, request: Request) -> None:
        if self._failures and self._failures.get(urlsplit(request.url).netloc, 0) >= self._most:
            self._ledger.note("failures", request.url)
            raise LeftAlone(f"left alone: {self._most} failures in a row on this host")

    def process_response(self, request: Request, response: Response) -> Response:
        if self._failures:
            self._failures.pop(urlsplit(request.url).netloc, None)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if not isinstance(exception, IgnoreRequest):
            self.failed(request.url)

    def failed(self, url: str) -> None:
        """A try came to nothing."""
        host = urlsplit(url).netloc
        if host in self._failures or len(self._failures) < _MOST_HOSTS:
            self._failures[host] = self._failures.get(host, 0) + 1
