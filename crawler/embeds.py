"""Fetches what pages need to be shown: images, or all that a replay without scripts needs, each once a collection.

A spider middleware, there when WIRECOPY_REQUISITES asks for it. Requisites come after all pages, count against a bound
of their own, are never read as articles, and one that fails is no fault of the crawl.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, Final, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.model import Discovery
from archive.requisites import Which, of_page, of_style
from archive.urls import canonical
from crawler.discovery import page as pages
from crawler.fetch.trace import discovery_of
from crawler.items import PageItem
from crawler.seen import Seen
from crawler.values import choice

__all__ = ["Requisites"]

_PRIORITY: Final = -20
_NESTED: Final = "EEEE"
"""Style sheets that import each other, so far."""
_KINDS: Final = ("article", "section")


class Requisites:
    """Adds to what a spider makes of a page the requests for what the page embeds."""

    def __init__(self, crawler: Crawler, which: Which, most: int) -> None:
        assert crawler.stats is not None
        self._stats = crawler.stats
        self._memory = getattr(crawler, "memory", None)
        self._which: Which = which
        self._left = most
        self._asked = Seen()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        which = choice(crawler.settings, "WIRECOPY_REQUISITES", ("none", "images", "all"))
        if which == "none":
            raise NotConfigured
        return cls(crawler, "all" if which == "all" else "images", crawler.settings.getint("WIRECOPY_MAX_REQUISITES"))

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        shown = False
        async for output in result:
            shown = shown or (isinstance(output, PageItem) and output.status == 200 and output.kind in _KINDS)
            yield output
        if shown and "not-modified" not in response.flags:
            for request in self._of_page(response):
                yield request

    def _of_page(self, response: Response) -> Iterator[Request]:
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
        page = pages.read(response.body, url=response.url, content_type=kind)
        if page is not None:
            yield from self._requests(of_page(page.tree, page.base, self._which), response)

    def fetched(self, response: Response) -> Iterator[Request]:
        """A style sheet leads on to what it imports and shows."""
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1").lower()
        if response.status == 200 and kind.startswith("text/css"):
            charset = kind.partition("charset=")[2].strip("\"' ") or None
            yield from self._requests(of_style(response.body, response.url, self._which, charset), response)

    def lost(self, failure: Failure) -> None:
        """Counted by `crawler.middlewares.Outcomes`; a page without one of its images is a page."""

    def _requests(self, urls: list[str], response: Response) -> Iterator[Request]:
        assert response.request is not None
        found = discovery_of(response.request)
        if found.hops.endswith(_NESTED):
            return
        discovery = Discovery(via=response.url, hops=found.hops + "E")
        named = {canonical(url): url for url in urls}
        new = [key for key in named if key not in self._asked]
        known = self._memory.known(new) if self._memory is not None and new else {}
        for key in new:
            self._asked.add(key)
            if key in known:
                continue
            if self._left <= 0:
                self._stats.inc_value("wirecopy/requisites_over_budget")
                continue
            self._left -= 1
            self._stats.inc_value("wirecopy/requisites")
            meta = {"wirecopy": discovery, "wirecopy_requisite": True}
            yield Request(named[key], callback=self.fetched, errback=self.lost, meta=meta, priority=_PRIORITY)
