"""Proxies of each kind: the request goes through, the record says nothing of the proxy's own."""

from __future__ import annotations

import asyncio
import base64
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadFailedError

from archive.errors import ConfigError
from crawler.fetch.connect import Proxy, parse_proxy
from tests.fetch.server import PAGE, Answer, handling, server_context, serving

LOGIN = b"Basic " + base64.b64encode(b"user:secret")


class Relay:
    """A proxy for CONNECT and for SOCKS5, which carries bytes to wherever it is told."""

    def __init__(self) -> None:
        self.port = 0
        self.asked: list[bytes] = []
        self.users: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(1)
        try:
            if first == b"\5":
                host, port = await self._socks(reader, writer)
            else:
                host, port = await self._connect(first, reader, writer)
            there_reader, there_writer = await asyncio.open_connection(host, port)
            await asyncio.gather(_pump(reader, there_writer), _pump(there_reader, writer))
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    async def _connect(
        self, first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[str, int]:
        head = first + await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head)
        writer.write(b"HTTP/1.1 200 Connection established\r\nVia: relay\r\n\r\n")
        host, _, port = head.split(b" ")[1].decode().rpartition(":")
        return host, int(port)

    async def _socks(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
        methods = await reader.readexactly((await reader.readexactly(1))[0])
        if 2 in methods:
            writer.write(b"\5\2")
            _, length = await reader.readexactly(2)
            user = await reader.readexactly(length)
            password = await reader.readexactly((await reader.readexactly(1))[0])
            self.users.append(user + b":" + password)
            writer.write(b"\1\0")
        else:
            writer.write(b"\5\0")
        *_, kind = await reader.readexactly(4)
        if kind == 1:
            host = socket.inet_ntoa(await reader.readexactly(4))
        else:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        port = int.from_bytes(await reader.readexactly(2), "big")
        self.asked.append(f"{host}:{port}".encode())
        writer.write(b"\5\0\0\1\0\0\0\0\0\0")
        return host, port


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
    except ConnectionError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def relaying(tls: ssl.SSLContext | None = None) -> AsyncIterator[Relay]:
    relay = Relay()
    listener = await asyncio.start_server(relay.serve, "127.0.0.1", 0, ssl=tls)
    relay.port = listener.sockets[0].getsockname()[1]
    yield relay
    listener.close()


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_reads_requests(scheme: str) -> None:
    tls = server_context() if scheme == "https" else None
    async with serving(tls=tls) as server, handling() as (handler, sink):
        meta = {"proxy": f"{scheme}://127.0.0.1:{server.port}"}
        request = Request("http://news.example/a?b", meta=meta, headers={"Proxy-Authorization": LOGIN})
        assert (await handler.download_request(request)).body == b"article"
        (exchange,) = sink.exchanges
        assert server.requests == [exchange.request]
        assert exchange.request.startswith(b"GET http://news.example/a?b HTTP/1.1\r\nHost: news.example\r\n")
        assert b"\r\nProxy-Authorization: " + LOGIN in exchange.request
        assert (exchange.ip, exchange.protocols, exchange.cipher) == (None, ("http/1.1",), None)


@pytest.mark.parametrize("proxy_scheme", ["http", "https"])
async def test_a_tunnel(proxy_scheme: str) -> None:
    proxy_tls = server_context() if proxy_scheme == "https" else None
    async with (
        serving(tls=server_context()) as server,
        relaying(proxy_tls) as relay,
        handling() as (handler, sink),
    ):
        url = f"https://localhost:{server.port}/a"
        for _ in range(2):
            request = Request(url, meta={"proxy": f"{proxy_scheme}://127.0.0.1:{relay.port}"})
            request.headers["Proxy-Authorization"] = LOGIN
            assert (await handler.download_request(request)).body == b"article"
        (asked,) = relay.asked
        assert asked.startswith(f"CONNECT localhost:{server.port} HTTP/1.1\r\n".encode())
        assert LOGIN in asked
        assert [exchange.request for exchange in sink.exchanges] == server.requests
        assert sink.wires == [PAGE, PAGE]
        for exchange in sink.exchanges:
            assert b"Proxy" not in exchange.request
            assert (exchange.ip, exchange.protocols) == (None, ("http/1.1", "tls/1.3"))


@pytest.mark.parametrize("answer", [Answer(b"HTTP/1.1 407 Who are you\r\n\r\n"), Answer(b"", "close")])
async def test_a_tunnel_that_is_refused(answer: Answer) -> None:
    async with serving(answer) as server, handling() as (handler, sink):
        request = Request("https://news.example/", meta={"proxy": f"127.0.0.1:{server.port}"})
        with pytest.raises(DownloadFailedError):
            await handler.download_request(request)
        assert sink.exchanges == []


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("proxy", ["socks5", "socks5h"])
async def test_socks(scheme: str, proxy: str) -> None:
    pytest.importorskip("python_socks")
    tls = server_context() if scheme == "https" else None
    async with serving(tls=tls) as server, relaying() as relay, handling() as (handler, sink):
        meta = {"proxy": f"{proxy}://127.0.0.1:{relay.port}"}
        request = Request(f"{scheme}://localhost:{server.port}/", meta=meta, headers={"Proxy-Authorization": LOGIN})
        assert (await handler.download_request(request)).body == b"article"
        assert relay.users == [b"user:secret"]
        host = "localhost" if proxy == "socks5h" else "127.0.0.1"  # h: the proxy looks the host up
        assert relay.asked == [f"{host}:{server.port}".encode()]
        assert b"Proxy" not in sink.exchanges[0].request
        assert sink.exchanges[0].ip is None


async def test_each_proxy_has_its_own_connections() -> None:
    async with serving() as one, serving() as two, handling() as (handler, _):
        for proxy in (one, two, one):
            meta = {"proxy": f"http://127.0.0.1:{proxy.port}"}
            await handler.download_request(Request("http://news.example/", meta=meta))
        assert (one.connections, len(one.requests)) == (1, 2)
        assert (two.connections, len(two.requests)) == (1, 1)


def test_how_proxies_are_named() -> None:
    assert parse_proxy("localhost:3128") == Proxy(scheme="http", host="localhost", port=3128)
    assert parse_proxy("socks5://h").port == 1080
    assert parse_proxy("http://user:secret@h").authorization == LOGIN
    assert parse_proxy("http://user:secret@h", b"Bearer x").authorization == b"Bearer x"
    with pytest.raises(ConfigError, match="gopher"):
        parse_proxy("gopher://h")
