"""What became of each request in the end, after redirects and retries: the facts behind a crawl's report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from archive.errors import CaptureNotFound, StorageError
from archive.memory import Memory
from archive.urls import canonical
from crawler.fetch.reserve import CrawlStopped
from crawler.refusals import Refusal

__all__ = ["ArchivedAlready", "CutShort", "Failure", "Outcomes", "RedirectsToKnown"]

_KEPT = 1000
"""Failures named in the report; beyond that they are only counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A URL that gave no answer, or none but a server error; or was not asked for."""

    url: str
    why: str


class ArchivedAlready(IgnoreRequest):
    """A redirect has led to an article that an earlier crawl archived, or that this one asks for itself."""


class Outcomes:
    """A downloader middleware next to the engine: it sees what the others could not mend."""

    def __init__(self, crawler: Crawler) -> None:
        assert crawler.stats is not None
        self._stats = crawler.stats
        self.failures: list[Failure] = []
        self.refusals: list[Failure] = []
        self.misses: dict[str, None] = {}
        """URLs that an archive was asked for and does not have, in the order they came up."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Outcomes:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        if request.callback is not NO_CALLBACK:  # robots.txt is none of the pages that somebody wanted
            self._stats.inc_value("wirecopy/answered")
        if response.status >= 500:
            self.failed(request, f"the server answered {response.status}")
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if isinstance(exception, ArchivedAlready):
            self._stats.inc_value("wirecopy/known")
            return
        if isinstance(exception, IgnoreRequest) and str(exception) == "Forbidden by robots.txt":  # Scrapy's own
            self._stats.inc_value("wirecopy/refused_by_robots")
            return
        if isinstance(exception, Refusal):
            if request.callback is NO_CALLBACK:
                return  # the page that robots.txt was asked for on behalf of is refused for itself
            self._stats.inc_value(f"wirecopy/{exception.counted}")
            if exception.named and len(self.refusals) < _KEPT:
                self.refusals.append(Failure(url=request.url, why=str(exception)))
            return
        if isinstance(exception, CaptureNotFound):
            if request.callback is not NO_CALLBACK and request.url not in self.misses:
                self._stats.inc_value("wirecopy/misses")
                self.misses[request.url] = None
            return
        if isinstance(exception, (CrawlStopped, StorageError)):
            return  # no fault of the page's: it is what ends the crawl, and the report says so once
        text = " ".join(str(exception).split()).removeprefix(f"{request.url}: ")
        kind = "" if isinstance(exception, IgnoreRequest) else type(exception).__name__  # one of ours says it in words
        self.failed(request, ": ".join(filter(None, (kind, text))) or type(exception).__name__)

    def failed(self, request: Request, why: str, url: str | None = None) -> None:
        """The request, and so the page at `url` that it was made for, came to nothing in the end."""
        if request.callback is NO_CALLBACK:
            return  # robots.txt that does not answer: the pages fail that it was asked for on behalf of (RFC 9309)
        if request.meta.get("wirecopy_requisite"):
            self._stats.inc_value("wirecopy/requisites_failed")
            return
        self._stats.inc_value("wirecopy/failed")
        if len(self.failures) < _KEPT:
            self.failures.append(Failure(url=url or request.url, why=why))


class CutShort:
    """A downloader middleware that asks again for pages that broke off, as often as for those that did not come.

    What came is archived in any case; the page as it is, is taken when no try brought it whole.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CutShort:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        spider = self._crawler.spider
        if "dataloss" not in response.flags or spider is None or request.meta.get("dont_retry"):
            return response
        return get_retry_request(request, spider=spider, reason="cut short") or response


class RedirectsToKnown:
    """A downloader middleware that does not follow a feed's link through to a page that is held, or asked for, already.

    The spider leaves out what it can tell by the address; where a link that counts clicks leads shows only on the way.
    So does, once an article is there, which other addresses are its own (`crawler.twins`, a set of canonical keys).
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._memory: Memory | None = getattr(crawler, "memory", None)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RedirectsToKnown:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        # Seeds and listings are asked for with dont_filter, and are fetched every time.
        if request.dont_filter:
            return
        twins: set[str] | None = getattr(self._crawler, "twins", None)
        if twins and canonical(request.url) in twins:
            raise ArchivedAlready(request.url)
        redirects = request.meta.get("redirect_urls")
        if not redirects:
            return
        key = canonical(request.url)
        # To the same page under https, say, a redirect is followed: it is where the page is to be seen from now on.
        if key in map(canonical, redirects):
            return
        asked: Callable[[str], bool] | None = getattr(self._crawler, "asked", None)
        if (asked and asked(key)) or (self._memory and self._memory.known([key])):
            raise ArchivedAlready(request.url)
