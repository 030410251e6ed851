"""Scrapy's download handler that answers from a collection, and never asks the network for anything.

Name it in any project's settings::

    DOWNLOAD_HANDLERS = {
        "http": "crawler.fetch.replayed.ReplayDownloadHandler",
        "https": "crawler.fetch.replayed.ReplayDownloadHandler",
    }
    WIRECOPY_COLLECTION = "collections/news"
    WIRECOPY_AT = "2026-11-23T10:15"
    WIRECOPY_POLICY = "before"

A request gets what the capture brought that stands for its URL at that time: the same status, headers, body and
flags, or the same exception. ``request.meta["wirecopy_capture"]`` says which one it was. What the archive does not have
raises CaptureNotFound, which Scrapy does not retry, and is counted as ``wirecopy/replay/misses``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    NotConfigured,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from archive.collection import Collection
from archive.errors import CaptureNotFound
from archive.http import framing
from archive.resolve import POLICIES, Answer, Policy, Resolver
from archive.since import parse_moment
from archive.urls import request_uri
from crawler.fetch.outcome import make_response
from crawler.values import choice

__all__ = ["ReplayDownloadHandler"]


class ReplayDownloadHandler:
    lazy = False

    def __init__(self, resolver: Resolver, at: datetime | None, policy: Policy, stats: StatsCollector) -> None:
        self._resolver = resolver
        self._at = at
        self._policy = policy
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        if not settings.get("WIRECOPY_COLLECTION"):
            raise NotConfigured("WIRECOPY_COLLECTION is not set")
        at: str | None = settings.get("WIRECOPY_AT")
        assert crawler.stats is not None
        return cls(
            Resolver(Collection.open(Path(settings["WIRECOPY_COLLECTION"]))),
            parse_moment(at, datetime.now(UTC)) if at else None,
            choice(settings, "WIRECOPY_POLICY", POLICIES),
            crawler.stats,
        )

    async def close(self) -> None:
        self._resolver.close()

    async def download_request(self, request: Request) -> Response:
        """What the archive has for the request; else CaptureNotFound, or what Scrapy was told of it then."""
        request.meta["wirecopy_capture"] = None  # one from before a redirect or retry may be here
        try:
            uri = request_uri(request.url)
        except ValueError as error:
            raise UnsupportedURLSchemeError(str(error)) from error
        try:
            answer = self._resolver.find(uri, self._at, self._policy, method=request.method, body=request.body)
        except CaptureNotFound:
            self._stats.inc_value("wirecopy/replay/misses")
            raise
        request.meta["wirecopy_capture"] = answer.capture
        request.meta["download_latency"] = 0.0
        return _response(answer, request.url)


def _response(answer: Answer, url: str) -> Response:
    """As `crawler.fetch.outcome` has it of an exchange that has just been made."""
    record, capture = answer.record, answer.capture
    head = answer.head
    if head is None:
        raise DownloadFailedError(f"{url}: the answer of {capture.date} has no valid status line")
    if framing(head).conflicting:
        raise DownloadFailedError(f"{url}: the answer has Content-Lengths that differ")
    match capture.truncated if record.type == "response" else None:
        case "length":
            raise DownloadCancelledError(f"{url} was larger than the download max size on {capture.date}")
        case "time":
            raise DownloadTimeoutError(f"{url} took too long on {capture.date}")
        case None:
            flags = []
        case _:
            flags = ["dataloss"]
    return make_response(
        head,
        url,
        body=b"".join(answer.payload()),
        flags=flags,
        address=_address(record.get("WARC-IP-Address")),
    )


def _address(text: str | None) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text) if text else None
    except ValueError:  # in other people's files
        return None
