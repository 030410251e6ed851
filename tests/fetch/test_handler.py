"""The handler as Scrapy uses it, against a server on loopback that misbehaves on demand."""

from __future__ import annotations

import asyncio
import gc
import socket
from concurrent.futures import Future
from datetime import UTC, datetime

import pytest
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from archive.model import Capture, Discovery
from archive.spool import Spool
from crawler.fetch.outcome import connect_error
from tests import ports
from tests.fetch.server import PAGE, Answer, Sink, handling, serving

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


async def test_an_exchange_is_told_in_full() -> None:
    wire = b"HTTP/1.1 103 Early\r\n\r\n" + HEAD + b"Set-Cookie: a\r\nSet-Cookie: b\r\nContent-Length: 2\r\n\r\nok"
    async with serving(Answer(wire)) as server, handling() as (handler, sink):
        before = datetime.now(UTC)
        url = f"http://127.0.0.1:{server.port}/a?b=c"
        request = Request(url + "#here", headers={"User-Agent": "wirecopy", "Cookie": "x=y"})
        response = await handler.download_request(request)
        (exchange,) = sink.exchanges
        assert server.requests == [
            f"GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            "User-Agent: wirecopy\r\nCookie: x=y\r\n\r\n".encode()
        ]
        assert exchange.request == server.requests[0]
        assert (exchange.url, exchange.method) == (url, "GET")
        assert before <= exchange.began <= datetime.now(UTC)
        assert (exchange.ip, exchange.protocols, exchange.cipher) == ("127.0.0.1", ("http/1.1",), None)
        assert exchange.interim == (b"HTTP/1.1 103 Early\r\n\r\n",)
        assert response.url == url + "#here"
        assert response.headers.getlist("set-cookie") == [b"a", b"b"]
        assert (str(response.ip_address), response.protocol) == ("127.0.0.1", "HTTP/1.1")
        assert 0 < request.meta["download_latency"] < (datetime.now(UTC) - before).total_seconds()


async def test_a_body_goes_out_with_its_length() -> None:
    async with serving() as server, handling() as (handler, sink):
        request = Request(f"http://127.0.0.1:{server.port}/", method="POST", body=b"a=b&c", headers={"X": "1\r\nY: 2"})
        await handler.download_request(request)
        assert server.requests == [exchange.request for exchange in sink.exchanges]
        assert server.requests[0].endswith(b"\r\nX: 1 Y: 2\r\nContent-Length: 5\r\n\r\na=b&c")


async def test_connections_are_used_again_and_only_as_many_as_needed() -> None:
    async with serving() as server, handling({"CONCURRENT_REQUESTS_PER_DOMAIN": 3}) as (handler, _):
        for _ in range(3):
            url = f"http://127.0.0.1:{server.port}/"
            await asyncio.gather(*(handler.download_request(Request(url)) for _ in range(3)))
        assert server.connections == 3
        await handler.download_request(Request(url, method="POST", body=b"x"))
        assert server.connections == 4, "what must not be sent twice goes over a fresh connection"


async def test_a_connection_that_died_while_idle_costs_no_page() -> None:
    async with serving(Answer(), Answer(b"", "close"), Answer()) as server, handling() as (handler, sink):
        url = f"http://127.0.0.1:{server.port}/"
        await handler.download_request(Request(url + "1"))
        response = await handler.download_request(Request(url + "2"))
        assert response.body == b"article"
        assert [exchange.request for exchange in sink.exchanges] == server.requests
        assert sink.wires == [PAGE, b"", PAGE]


async def test_what_comes_over_an_idle_connection_is_no_part_of_the_next_page() -> None:
    async with serving(Answer(late=PAGE), Answer()) as server, handling() as (handler, sink):
        url = f"http://127.0.0.1:{server.port}/"
        await handler.download_request(Request(url + "1"))
        server.release.set()
        await asyncio.wait_for(server.gone.wait(), 5)
        await handler.download_request(Request(url + "2"))
        assert server.connections == 2
        assert sink.wires == [PAGE, PAGE]


async def test_scrapy_waits_for_the_archive() -> None:
    sink = Sink()
    sink.waiting = []
    async with serving() as server, handling(sink=sink) as (handler, _):
        request = Request(f"http://127.0.0.1:{server.port}/")
        task = asyncio.create_task(handler.download_request(request))
        await asyncio.wait_for(sink.recorded.wait(), 5)
        assert not task.done()
        assert request.meta["wirecopy_capture"] is None
        capture = Capture(
            id="urn:uuid:1",
            url=request.url,
            date=datetime.now(UTC),
            status=200,
            mime="text/html",
            digest=None,
            file="f",
            offset=0,
            length=1,
        )
        sink.waiting[0].set_result(capture)
        await task
        assert request.meta["wirecopy_capture"] is capture


async def test_failures_are_archived_before_they_are_raised() -> None:
    sink = Sink()
    sink.waiting = []
    async with serving(Answer(HEAD, "close")) as server, handling(sink=sink) as (handler, _):
        task = asyncio.create_task(handler.download_request(Request(f"http://127.0.0.1:{server.port}/")))
        await asyncio.wait_for(sink.recorded.wait(), 5)
        assert not task.done()
        sink.waiting[0].set_result(None)
        with pytest.raises(DownloadFailedError):
            await task


async def test_a_capture_of_before_a_redirect_is_not_left_behind() -> None:
    async with handling() as (handler, sink):
        request = Request(f"http://127.0.0.1:{ports.free()}/", meta={"wirecopy_capture": "old"})
        with pytest.raises(DownloadConnectionRefusedError):
            await handler.download_request(request)
        assert request.meta["wirecopy_capture"] is None
        assert sink.exchanges == [], "nothing was sent, so there is no exchange"


@pytest.mark.parametrize("wire", [b"", b"HTTP/1.1 200", HEAD + b"Content-Length: 7\r\n\r\nart"])
async def test_time_runs_out(wire: bytes) -> None:
    async with serving(Answer(wire, "hang")) as server, handling() as (handler, sink):
        with pytest.raises(DownloadTimeoutError):
            await handler.download_request(Request(f"http://127.0.0.1:{server.port}/", meta={"download_timeout": 0.2}))
        assert sink.wires == [wire]
        assert sink.exchanges[0].truncated == ("time" if wire else None)
        assert sink.exchanges[0].elapsed_ms > 150


@pytest.mark.parametrize(
    "wire",
    [
        HEAD + b"Content-Length: 5000000\r\n\r\n" + b"x" * 4_000,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"100\r\n" + b"x" * 256 + b"\r\n" + b"800\r\n" + b"x" * 2000,
        HEAD + b"\r\n" + b"x" * 4_000,
    ],
    ids=["announced", "chunked", "endless"],
)
async def test_too_large_is_cut_and_kept(wire: bytes) -> None:
    async with serving(Answer(wire, "hang")) as server, handling({"DOWNLOAD_MAXSIZE": 1000}) as (handler, sink):
        url = f"http://127.0.0.1:{server.port}/"
        with pytest.raises(DownloadCancelledError):
            await handler.download_request(Request(url))
        assert sink.exchanges[0].truncated == "length"
        assert sink.wires == [wire]
    async with serving(Answer(wire, "close")) as server, handling({"DOWNLOAD_MAXSIZE": 1000}) as (handler, sink):
        request = Request(f"http://127.0.0.1:{server.port}/", meta={"download_maxsize": 0})
        assert len((await handler.download_request(request)).body) >= 2000


async def test_a_large_body_is_in_a_file_while_it_is_archived() -> None:
    body = bytes(range(256)) * 40_000
    wire = HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body
    async with serving(Answer(wire)) as server, handling() as (handler, sink):
        response = await handler.download_request(Request(f"http://127.0.0.1:{server.port}/"))
        assert response.body == body
        assert sink.wires == [wire]
        spool = sink.exchanges[0].response
        assert isinstance(spool, Spool)
        with pytest.raises(ValueError, match="closed"):
            next(spool.chunks())


SHORT = Answer(HEAD + b"Content-Length: 700\r\n\r\nart", "close")


async def test_a_page_cut_short_is_a_page_unless_told_otherwise() -> None:
    async with serving(SHORT) as server:
        url = f"http://127.0.0.1:{server.port}/"
        async with handling() as (handler, sink):
            response = await handler.download_request(Request(url))
            assert (response.body, response.flags) == (b"art", ["dataloss"])
            with pytest.raises(ResponseDataLossError):
                await handler.download_request(Request(url, meta={"download_fail_on_dataloss": True}))
            assert [exchange.truncated for exchange in sink.exchanges] == ["disconnect"] * 2
        async with handling({"DOWNLOAD_FAIL_ON_DATALOSS": True}) as (handler, _):
            with pytest.raises(ResponseDataLossError):
                await handler.download_request(Request(url))


async def test_no_garbage_collection_ends_a_download() -> None:
    async with serving(Answer(PAGE[:20], late=PAGE[20:])) as server, handling() as (handler, _):
        finished: Future[bytes] = Future()

        async def download() -> None:
            response = await handler.download_request(Request(f"http://127.0.0.1:{server.port}/"))
            finished.set_result(response.body)

        # As Scrapy does it: nobody keeps the task.
        asyncio.get_running_loop().create_task(download())
        await asyncio.wait_for(server.asked.wait(), 5)
        for _ in range(5):
            gc.collect()
            await asyncio.sleep(0)
        server.release.set()
        assert await asyncio.wait_for(asyncio.wrap_future(finished), 5) == b"article"


async def test_a_cancelled_download_closes_its_connection() -> None:
    async with serving(Answer(PAGE[:20], "hang")) as server, handling() as (handler, sink):
        task = asyncio.create_task(handler.download_request(Request(f"http://127.0.0.1:{server.port}/")))
        await asyncio.wait_for(server.asked.wait(), 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        server.release.set()
        await asyncio.wait_for(server.gone.wait(), 5)
        assert sink.exchanges == []


async def test_bindaddress_is_where_we_come_from() -> None:
    async with serving() as server, handling({"DOWNLOAD_BIND_ADDRESS": "127.0.0.2"}) as (handler, _):
        url = f"http://127.0.0.1:{server.port}/"
        await handler.download_request(Request(url))
        await handler.download_request(Request(url, meta={"bindaddress": ("127.0.0.3", 0)}))
        assert server.peers == ["127.0.0.2", "127.0.0.3"]


async def test_ipv6() -> None:
    try:
        async with serving(host="::1") as server, handling() as (handler, sink):
            await handler.download_request(Request(f"http://[::1]:{server.port}/"))
            assert sink.exchanges[0].ip == "::1"
            assert b"\r\nHost: [::1]:%d\r\n" % server.port in server.requests[0]
    except OSError:
        pytest.skip("no IPv6 here")


async def test_a_host_is_reached_by_whichever_address_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving() as server, handling() as (handler, sink):

        def two_addresses(host: str, port: int, **_: object) -> list[object]:
            kind = (socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
            return [(socket.AF_INET6, *kind, ("::1", port, 0, 0)), (socket.AF_INET, *kind, ("127.0.0.1", port))]

        monkeypatch.setattr(socket, "getaddrinfo", two_addresses)
        await handler.download_request(Request(f"http://news.example:{server.port}/"))
        assert sink.exchanges[0].ip == "127.0.0.1"


async def test_idle_connections_are_closed_in_time() -> None:
    async with serving() as server, handling() as (handler, _):
        handler._client._pool._seconds = 0.05
        await handler.download_request(Request(f"http://127.0.0.1:{server.port}/"))
        await asyncio.wait_for(server.gone.wait(), 5)
        assert len(handler._client._pool) == 0


async def test_a_url_that_cannot_be_asked_for() -> None:
    async with handling() as (handler, _):
        with pytest.raises(UnsupportedURLSchemeError):
            await handler.download_request(Request("http://:80/"))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (socket.gaierror(-2, "Name or service not known"), CannotResolveHostError),
        (UnicodeError("label too long"), CannotResolveHostError),
        (ConnectionRefusedError(111, "x"), DownloadConnectionRefusedError),
        (OSError("Multiple exceptions: [Errno 111] Connect call failed"), DownloadConnectionRefusedError),
        (TimeoutError(), DownloadTimeoutError),
        (OSError(113, "No route to host"), DownloadFailedError),
    ],
)
def test_scrapy_knows_what_kept_us_from_connecting(error: OSError | UnicodeError, kind: type[Exception]) -> None:
    assert type(connect_error(error, "http://x/", 1)) is kind


FEED = Discovery(via="http://x/feed", hops="L", listing="feed", title="News")


@pytest.mark.parametrize(
    ("path", "meta", "expected"),
    [
        ("/", {}, Discovery()),
        ("/", {"wirecopy": FEED}, FEED),
        ("/robots.txt", {"dont_obey_robotstxt": True}, Discovery(hops="P")),
        (
            "/",
            {"wirecopy": FEED, "redirect_urls": ["http://x/1", "http://x/2#f"]},
            Discovery(via="http://x/2", hops="LRR", listing="feed", title="News"),
        ),
        ("/", {"depth": 2}, Discovery(via="http://x/before", hops="LL")),
    ],
)
async def test_how_a_url_was_found(path: str, meta: dict[str, object], expected: Discovery) -> None:
    async with serving() as server, handling() as (handler, sink):
        headers = {"Referer": "http://x/before"}
        await handler.download_request(Request(f"http://127.0.0.1:{server.port}{path}", meta=meta, headers=headers))
        assert sink.exchanges[0].discovery == expected
