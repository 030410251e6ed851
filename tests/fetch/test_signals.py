"""Scrapy's signals during a download, held against those of Scrapy's own handler for the same answers."""

from __future__ import annotations

from typing import Any

import pytest
from scrapy import Request, Spider, signals
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from scrapy.exceptions import StopDownload
from scrapy.utils.test import get_crawler

from crawler.fetch.handler import ArchivingDownloadHandler
from tests.fetch.server import PAGE, Answer, Sink, serving

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: 1\r\nX: 2\r\n\r\n7\r\narticle\r\n0\r\n\r\n"


class Listener:
    """Notes each signal, and stops the download at one of them."""

    def __init__(self, stop_at: object = None, *, fail: bool = True) -> None:
        self.heard: list[dict[str, Any]] = []
        self.body = b""
        self.crawler = get_crawler()
        self.crawler.spider = Spider("news")
        self._stop_at = stop_at
        self._fail = fail
        self.crawler.signals.connect(self.headers_received, signals.headers_received)
        self.crawler.signals.connect(self.bytes_received, signals.bytes_received)

    def headers_received(self, **facts: Any) -> None:
        self.heard.append(facts)
        if self._stop_at is signals.headers_received:
            raise StopDownload(fail=self._fail)

    def bytes_received(self, **facts: Any) -> None:
        self.body += facts.pop("data")
        self.heard.append(facts)
        if self._stop_at is signals.bytes_received:
            raise StopDownload(fail=self._fail)


async def outcome(handler: Any, request: Request) -> tuple[Any, ...]:
    try:
        response, failed = await handler.download_request(request), False
    except StopDownload as stop:
        response, failed = stop.response, True
    return response.status, response.headers, response.body, response.flags, failed


@pytest.mark.parametrize("wire", [PAGE, CHUNKED], ids=["length", "chunked"])
@pytest.mark.parametrize("stop_at", [None, signals.headers_received, signals.bytes_received])
@pytest.mark.parametrize("fail", [True, False])
async def test_as_scrapys_own_handler(wire: bytes, stop_at: object, fail: bool) -> None:
    ours, theirs = Listener(stop_at, fail=fail), Listener(stop_at, fail=fail)
    sink = Sink()
    async with serving(Answer(wire)) as server:
        request = Request(f"http://127.0.0.1:{server.port}/")
        handler = ArchivingDownloadHandler(ours.crawler, sink)
        stock = AiohttpDownloadHandler(theirs.crawler)
        assert await outcome(handler, request) == await outcome(stock, request)
        await handler.close()
        await stock.close()
    assert ours.body == theirs.body
    assert len(ours.heard) == len(theirs.heard)
    for mine, other in zip(ours.heard, theirs.heard, strict=True):
        assert mine.keys() == other.keys()
        for name in ("headers", "body_length", "request"):
            assert mine.get(name) == other.get(name)
        assert mine["spider"] is ours.crawler.spider
    assert sink.wires == [wire], "what came is kept, wanted or not"
    assert sink.exchanges[0].truncated is None


async def test_a_download_stopped_half_way_is_kept_as_cut() -> None:
    listener, sink = Listener(signals.bytes_received, fail=False), Sink()
    async with serving(Answer(PAGE[:-4], "hang")) as server:
        handler = ArchivingDownloadHandler(listener.crawler, sink)
        response = await handler.download_request(Request(f"http://127.0.0.1:{server.port}/"))
        assert (response.body, response.flags) == (b"art", ["download_stopped"])
        assert sink.wires == [PAGE[:-4]]
        assert sink.exchanges[0].truncated == "unspecified"
        server.release.set()
        await handler.close()
