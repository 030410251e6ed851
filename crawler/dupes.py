"""The crawl's filter for duplicates: a page is asked for once, under whichever of its addresses came first.

Scrapy's own compares addresses; here canonical keys are compared (archive.urls), so ``/story`` and
``/story?utm_source=feed`` are one page, also when a redirect leads to one of them. Eight bytes are kept of each.
"""

from __future__ import annotations

from typing import Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.dupefilters import BaseDupeFilter
from scrapy.utils.request import RequestFingerprinterProtocol

from archive.urls import canonical
from crawler.seen import Seen

__all__ = ["OnePage"]


class OnePage(BaseDupeFilter):
    """Scrapy's DUPEFILTER_CLASS."""

    def __init__(self, fingerprinter: RequestFingerprinterProtocol) -> None:
        self._fingerprinter = fingerprinter
        self._seen = Seen()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        assert crawler.request_fingerprinter is not None
        return cls(crawler.request_fingerprinter)

    def request_seen(self, request: Request) -> bool:
        if request.method != "GET" or request.body:
            return not self._seen.add(self._fingerprinter.fingerprint(request).hex())
        key = canonical(request.url)
        if self._seen.add(key):
            return False
        # To the same page under https, say, or with a cookie: crawler.limits.redirects tells circles.
        return key not in map(canonical, request.meta.get("redirect_urls", ()))

    def log(self, request: Request, spider: Spider) -> None:
        assert spider.crawler.stats is not None
        spider.crawler.stats.inc_value("dupefilter/filtered")
