"""Every odd response, over http and https, on fresh and kept-alive connections: exact, and a page where there is one.

The same cases as the reader's own (test_wire), now through sockets, TLS and Scrapy's handler.
"""

from __future__ import annotations

import asyncio

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadFailedError

from tests.fetch.server import Answer, handling, server_context, serving
from tests.fetch.test_wire import CASES, Case


def answer_of(case: Case) -> Answer:
    then = {"open": "keep", "fin": "close", "reset": "reset"}[case.end]
    return Answer(case.wire, then)  # type: ignore[arg-type]


@pytest.mark.parametrize("kept_alive", [False, True], ids=["fresh", "kept-alive"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_odd_responses(scheme: str, kept_alive: bool) -> None:
    async def run() -> None:
        for name, case in CASES.items():
            before = [Answer()] if kept_alive else []
            # Where nothing came over a connection kept alive, the request is sent once more over a fresh one.
            odd = [answer_of(case)] * (2 if kept_alive and not case.wire else 1)
            async with (
                serving(*before, *odd, Answer(), tls=tls) as server,
                handling() as (handler, sink),
            ):
                url = f"{scheme}://127.0.0.1:{server.port}/"
                if kept_alive:
                    await handler.download_request(Request(url + "before"))
                try:
                    response = await handler.download_request(Request(url + "odd", method=case.method))
                except DownloadFailedError:
                    assert case.body is None, name
                else:
                    assert (response.status, response.body) == (case.status, case.body), name
                    assert (response.flags == ["dataloss"]) == bool(case.truncated), name
                after = await handler.download_request(Request(url + "after"))
                assert after.body == b"article", name

                assert [exchange.request for exchange in sink.exchanges] == server.requests, name
                assert sink.wires[kept_alive] == case.wire, name
                assert sink.exchanges[kept_alive].truncated == case.truncated, name
                assert server.connections == (1 if case.reusable else 1 + len(odd)), name

    tls = server_context() if scheme == "https" else None
    asyncio.run(run())
