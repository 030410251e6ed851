"""Decoding: content codings taken off before a spider sees a page, damage forgiven and bombs cut off.

In place of Scrapy's HttpCompressionMiddleware, which loses damaged pages and takes seconds over long deflated ones. The
archive has the body as it was sent in any case.
"""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response, TextResponse
from scrapy.responsetypes import responsetypes

from archive.encodings import decode, decoder_of
from crawler.heldback import Ledger, ledger_of
from crawler.middlewares import Outcomes
from crawler.values import size

__all__ = ["Decoding"]

_MOST_CODINGS = 4
"""Codings on top of each other: more than two were never seen but in attacks."""


class Decoding:
    """A downloader middleware."""

    def __init__(self, crawler: Crawler, ledger: Ledger, limit: int) -> None:
        self._crawler = crawler
        self._ledger = ledger
        self._limit = limit

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, ledger_of(crawler), size(crawler.settings, "WIRECOPY_MAX_UNPACKED", 0))

    def process_response(self, request: Request, response: Response) -> Response:
        values = response.headers.getlist("Content-Encoding")
        if not values or request.method == "HEAD":
            return response
        codings = [coding.strip().lower() for value in values for coding in value.split(b",")]
        known = [coding for coding in codings if decoder_of(coding)]
        enough: int | None = request.meta.get("wirecopy_enough")
        limit = self._limit or 1 << 40
        if enough is not None:
            limit = min(enough, limit)
        body = decode(response.body, known, limit + 1) if len(known) <= _MOST_CODINGS else None
        if body is None or (enough is None and len(body) > limit):
            why = f"unpacks to more than {limit} bytes" if body else f"packed {len(known)} times"
            self._refuse(request, why)
        kind = responsetypes.from_args(headers=response.headers, url=response.url, body=body)
        encoding = {"encoding": None} if issubclass(kind, TextResponse) else {}
        plain: Response = response.replace(cls=kind, body=body, **encoding)
        del plain.headers["Content-Encoding"]
        return plain

    def _refuse(self, request: Request, why: str) -> None:
        """What is raised from here no other middleware sees."""
        self._ledger.note("unpacked", request.url)
        if (outcomes := self._crawler.get_downloader_middleware(Outcomes)) is not None:
            outcomes.failed(request, why)
        raise IgnoreRequest(why)
