"""Wary: leaves addresses alone that look like one of endlessly many (crawler.traps)."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response

from archive.model import Discovery
from crawler import traps
from crawler.heldback import Ledger, LeftAlone, ledger_of

__all__ = ["Wary"]

_NOISE = b"0123456789abcdefABCDEF-: \t\r\n"
"""What pages differ in that are the same page: times, counters, tokens."""
_COMPARED = 256 * 1024


class Wary:
    """A downloader middleware before the one for robots.txt: what is left alone is not even asked for that."""

    def __init__(self, ledger: Ledger, limits: traps.Limits) -> None:
        self._ledger = ledger
        self._experience = traps.Experience(limits)
        self._limits = limits

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        limits = traps.Limits(
            length=settings.getint("URLLENGTH_LIMIT"),
            depth=settings.getint("WIRECOPY_MAX_DEPTH"),
            parameters=settings.getint("WIRECOPY_MAX_PARAMETERS"),
            hosts=settings.getint("WIRECOPY_MAX_HOSTS"),
            same=settings.getint("WIRECOPY_MAX_SAME"),
            sets=settings.getint("WIRECOPY_MAX_FACETS"),
        )
        return cls(ledger_of(crawler), limits)

    def process_request(self, request: Request) -> None:
        if _asked_for(request):
            return
        limit = traps.looks(request.url, self._limits) or self._experience.objection(request.url)
        if limit is not None:
            self._ledger.note(limit, request.url)
            raise LeftAlone(f"left alone: {limit}")

    def process_response(self, request: Request, response: Response) -> Response:
        # Pages only: in feeds and sitemaps numbers may be all that there is.
        page = response.status == 200 and isinstance(response, HtmlResponse) and not _asked_for(request)
        if page and self._experience.answered(response.url):
            self._experience.told(response.url, _mark(response))
        return response


def _asked_for(request: Request) -> bool:
    """Whether a person named it: then it is fetched, whatever it looks like."""
    found = request.meta.get("wirecopy")
    return not (isinstance(found, Discovery) and (found.via or found.hops))


def _mark(response: Response) -> int:
    """Alike for pages that differ in nothing but numbers, tokens and their own address."""
    # Numbers first: then the addresses of other days or pages are the page's own as well, and go with it.
    body = response.body[:_COMPARED].translate(None, _NOISE)
    path = urlsplit(response.url).path.encode().translate(None, _NOISE).rstrip(b"/")
    for own in (path, path.rpartition(b"/")[2]):
        if len(own) > 3:
            body = body.replace(own, b"")
    return hash(body)
