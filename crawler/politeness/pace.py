"""What answers and errors say of their hosts is noted here, before any other request goes out.

`Pace` hears of each answer as the downloader has it. The middleware `HostRules`, near the downloader, hears of
errors; puts a request back that its host would not answer yet; and refuses those to hosts that are given up, or whose
budget is used up.
"""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic
from typing import NoReturn, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from archive.errors import StorageError
from crawler.heldback import LeftAlone, ledger_of
from crawler.middlewares import Outcomes
from crawler.politeness.registry import Hosts, hosts_for
from crawler.politeness.retryafter import retry_after

__all__ = ["HostRules", "Pace"]

_BUSY = frozenset([429, 503])
_PATIENCE = 5
"""Times that one request is put back; then it is treated like any other that failed."""


class Pace:
    """An extension."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pace = cls(hosts_for(crawler))
        crawler.signals.connect(pace.response_downloaded, signals.response_downloaded)
        return pace

    def response_downloaded(self, response: Response, request: Request) -> None:
        host, size = self._hosts.of(request), len(response.body)
        host.last = max(host.last, request.meta.get("wirecopy_sent", 0.0))  # not before it had connected
        if response.status in _BUSY and b"Retry-After" in response.headers:
            headers = response.headers
            seconds = retry_after(headers[b"Retry-After"], headers.get(b"Date"), datetime.now(UTC))
            if seconds is not None:
                host.rests(seconds, size, monotonic())
                return
        host.answered(response.status, request.meta.get("download_latency"), size)


class HostRules:
    """A downloader middleware."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._hosts = hosts_for(crawler)
        self._ledger = ledger_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        host = self._hosts.of(request)
        if request.callback is NO_CALLBACK and not host.given_up:
            return  # robots.txt is in no budget
        limit = host.takes(monotonic())
        if limit is not None:
            self._ledger.note(limit, request.url)
            raise LeftAlone(f"left alone: {host.given_up or limit}")

    def process_response(self, request: Request, response: Response) -> Response | Request:
        if response.status not in _BUSY:
            return response
        host, times = self._hosts.of(request), request.meta.get("wirecopy_put_back", 0)
        if host.given_up:
            self._lost(request, host.given_up)
        if times >= _PATIENCE or host.rest_until <= monotonic():
            return response
        again = request.copy()
        again.meta["wirecopy_put_back"] = times + 1
        again.dont_filter = True
        return again

    def process_exception(self, request: Request, exception: Exception) -> None:
        if not isinstance(exception, (IgnoreRequest, StorageError)):
            self._hosts.of(request).failed()

    def _lost(self, request: Request, why: str) -> NoReturn:
        """What is raised on the way back no other middleware sees."""
        self._ledger.note("wait", request.url)
        if (outcomes := self._crawler.get_downloader_middleware(Outcomes)) is not None:
            outcomes.failed(request, why)
        raise IgnoreRequest(why)
