"""Every odd response of the rig (tests/newsroom/odd), over http and https, on fresh and on kept-alive connections.

Held against the server's own log of what crossed its socket, and against what a real browser made of each.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadFailedError
from scrapy.http import Response

from archive.http import parse_head, payload
from crawler.fetch.handler import ArchivingDownloadHandler
from tests.fetch.server import PAGE, Sink, handling
from tests.newsroom import answers
from tests.newsroom.log import Log
from tests.newsroom.odd import ODD, Odd, usable
from tests.newsroom.server import Server
from tests.newsroom.tls import server_context

Scheme = Literal["http", "https"]

MORE_THAN_A_BROWSER = {
    "blank-lines-first",
    "nul-in-header",
    "huge-head",
    "location-twice",
    "407-no-proxy",
    "te-gzip-chunked",
    "version-icy",
}
"""Usable here, although the browser shows an error: the page is plainly there."""


@asynccontextmanager
async def serving(scheme: Scheme) -> AsyncIterator[tuple[str, Log]]:
    def respond(request: answers.Request) -> answers.Answer:
        case = ODD.get(request.path.strip("/"))
        if case is None:
            return answers.Answer(steps=(PAGE,))
        return answers.Answer(steps=case.steps, then=case.then)

    log = Log()
    server = Server(respond, log, "127.0.0.1", 0, server_context() if scheme == "https" else None)
    server.start()
    try:
        yield f"{scheme}://127.0.0.1:{server.port}/", log
    finally:
        server.stop()


async def fetch(handler: ArchivingDownloadHandler, url: str) -> Response | None:
    try:
        return await handler.download_request(Request(url))
    except DownloadFailedError:
        return None


def check(case: Odd, scheme: Scheme, response: Response | None, sink: Sink, at: int) -> None:
    name, exchange, block = case.name, sink.exchanges[at], sink.blocks[at]
    assert sink.wires[at] == case.wire[: len(sink.wires[at])], name
    if name not in ("surplus-large", "surplus-late"):  # more than is kept; too late to be read
        assert sink.wires[at] == case.wire, name
    assert len(exchange.interim) == case.interim, name
    assert (exchange.head.status if exchange.head else None) == case.status or name == "version-icy", name
    if name == "lines-bare-cr":  # to a reader of lines, its head goes on until the connection ends
        assert exchange.truncated == "disconnect"
    elif case.status is not None and case.payload is None:  # opinions on the body may differ
        assert exchange.truncated in (None, "unspecified"), name
    else:
        assert exchange.truncated == case.truncated, name
    if usable(name, scheme) or name in MORE_THAN_A_BROWSER:
        assert response is not None, name
    if response is not None:
        assert response.status == case.status, name
        if case.payload is not None:
            assert response.body == case.payload, name
        head = parse_head(block, icy=True)
        assert head is not None, name
        assert b"".join(payload(block, head)) == response.body, name


@pytest.mark.parametrize("kept_alive", [False, True], ids=["fresh", "kept-alive"])
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_exact_on_the_wire_and_usable_wherever_a_browser_is(scheme: Scheme, kept_alive: bool) -> None:
    async with serving(scheme) as (url, log), handling() as (handler, sink):
        for case in ODD.values():
            handler._client.close()
            before, at = len(log.settled()), len(sink.exchanges)
            if kept_alive:
                assert await fetch(handler, url) is not None
            response = await fetch(handler, url + case.name)
            check(case, scheme, response, sink, at + kept_alive)
            log.settled()  # whatever comes late is there now
            after = await fetch(handler, url)
            assert after is not None, case.name
            assert after.body == b"article", case.name
            served = log.settled()[before:]
            assert [one.request for one in served] == [exchange.request for exchange in sink.exchanges[at:]], case.name
            if kept_alive:
                assert (served[0].connection, served[1].number_on_connection) == (served[1].connection, 2), case.name
