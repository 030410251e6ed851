"""A server that says exactly what a test tells it to, and remembers every byte of both directions."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

import trustme
from scrapy.utils.test import get_crawler

from archive.model import Capture, Exchange
from archive.spool import Spool
from crawler.fetch.handler import ArchivingDownloadHandler

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 7\r\n\r\narticle"


@dataclass(frozen=True)
class Answer:
    """Bytes to send, and what to do then: wait for the next request, or end the connection."""

    wire: bytes = PAGE
    then: Literal["keep", "close", "reset", "hang"] = "keep"
    late: bytes = b""
    """Sent after the test has set `release`."""


@dataclass
class Server:
    """Answers requests in turn, whatever connection they come by; the last answer is repeated."""

    answers: Sequence[Answer]
    host: str = "127.0.0.1"
    port: int = 0
    requests: list[bytes] = field(default_factory=list)
    peers: list[str] = field(default_factory=list)
    alpn: list[str | None] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while no connection is open."""
    release: asyncio.Event = field(default_factory=asyncio.Event)
    """Lets a connection that hangs go on to its end."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if secured := writer.get_extra_info("ssl_object"):
            self.alpn.append(secured.selected_alpn_protocol())
        self.open += 1
        self.gone.clear()
        try:
            while request := await _request(reader):
                answer = self.answers[min(len(self.requests), len(self.answers) - 1)]
                self.requests.append(request)
                self.peers.append(writer.get_extra_info("peername")[0])
                self.asked.set()
                writer.write(answer.wire)
                await writer.drain()
                if answer.then == "hang" or answer.late:
                    await self.release.wait()
                    writer.write(answer.late)
                    await writer.drain()
                if answer.then == "reset":
                    raw: socket.socket = writer.get_extra_info("socket")
                    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    writer.transport.abort()
                if answer.then != "keep":
                    break
        except ConnectionError:
            pass
        finally:
            self.open -= 1
            writer.close()
            if not self.open:
                self.gone.set()


async def _request(reader: asyncio.StreamReader) -> bytes:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        return error.partial
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            head += await reader.readexactly(int(line.partition(b":")[2]))
    return head


@cache
def certificate_authority() -> trustme.CA:
    return trustme.CA()


def server_context(version: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if version is not None:
        context.minimum_version = context.maximum_version = version
    certificate_authority().issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context


@asynccontextmanager
async def serving(
    *answers: Answer, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[Server]:
    """A server on loopback; `tls` makes it https."""
    server = Server(answers or (Answer(),), host=host)
    listener = await asyncio.start_server(server.serve, host, 0, ssl=tls)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        server.release.set()
        listener.close()
        if server.connections:
            await asyncio.wait_for(server.gone.wait(), 5)


class Sink:
    """Keeps exchanges in memory."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.blocks: list[bytes] = []
        self.waiting: list[Future[Capture | None]] | None = None
        """A list here keeps every exchange unwritten until the test resolves its Future."""
        self.recorded = asyncio.Event()

    def record(self, exchange: Exchange) -> Future[Capture | None]:
        self.exchanges.append(exchange)
        self.recorded.set()
        block = exchange.response
        self.blocks.append(b"".join(block.chunks()) if isinstance(block, Spool) else block)
        outcome: Future[Capture | None] = Future()
        if self.waiting is not None:
            self.waiting.append(outcome)
        else:
            outcome.set_result(None)
        return outcome

    @property
    def wires(self) -> list[bytes]:
        """What came in, exchange by exchange."""
        return [
            b"".join(exchange.interim) + block + exchange.surplus
            for exchange, block in zip(self.exchanges, self.blocks, strict=True)
        ]


@asynccontextmanager
async def handling(
    settings: dict[str, object] | None = None, sink: Sink | None = None
) -> AsyncIterator[tuple[ArchivingDownloadHandler, Sink]]:
    """The handler as Scrapy would make it, with a sink in place of the recorder."""
    sink = sink or Sink()
    handler = ArchivingDownloadHandler(get_crawler(settings_dict=settings), sink)
    try:
        yield handler, sink
    finally:
        await handler.close()
