"""Asks only for what is new: listings, and pages that are seen again, with the validators of the capture there is.

A 304 is archived as such, and the spider gets what it says is unchanged: the page from the archive, with the flag
``not-modified``. So a listing that did not change still names what an interrupted crawl, or a budget, left unfetched.
"""

from __future__ import annotations

from typing import Final, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from archive.memory import Memory
from archive.urls import request_uri
from crawler.fetch.outcome import scrapy_headers

__all__ = ["Conditional"]

AGAIN: Final = "wirecopy_again"
"""In request.meta: whether to ask for news since the last time."""
EARLIER: Final = "wirecopy_earlier"
"""In request.meta: the capture that the last time left, or None."""
_FIELDS: Final = ("If-None-Match", "If-Modified-Since")


class Conditional:
    """A downloader middleware next to the codings: what comes after it sees a page, and no 304."""

    def __init__(self, crawler: Crawler, memory: Memory) -> None:
        assert crawler.stats is not None
        self._stats = crawler.stats
        self._memory = memory

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        memory = getattr(crawler, "memory", None)
        if memory is None or not crawler.settings.getbool("WIRECOPY_CONDITIONAL"):
            raise NotConfigured
        return cls(crawler, memory)

    def process_request(self, request: Request) -> None:
        if AGAIN not in request.meta:
            return
        for name in _FIELDS:  # a redirected request brings along those of its first address
            request.headers.pop(name, None)
        request.meta[EARLIER] = None
        if request.meta[AGAIN] and request.method == "GET":
            found = self._memory.validators(request_uri(request.url))
            if found is not None:
                request.meta[EARLIER], fields = found
                request.headers.update(fields)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        capture = request.meta.get(EARLIER)
        if response.status != 304 or capture is None:
            return response
        earlier = self._memory.earlier(capture)
        if earlier is None:  # its file was taken away: what did not change must be had once more
            return request.replace(meta={**request.meta, AGAIN: False}, dont_filter=True)
        self._stats.inc_value("wirecopy/unchanged")
        headers = scrapy_headers(earlier.head)
        headers.pop("Content-Encoding", None)
        kind = responsetypes.from_args(headers=headers, url=request.url, body=earlier.body)
        return kind(
            url=request.url,
            status=earlier.head.status,
            headers=headers,
            body=earlier.body,
            flags=[*response.flags, "not-modified"],
            request=request,
        )
