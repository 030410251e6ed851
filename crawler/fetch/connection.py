"""One connection to a server: carries one exchange after another, each read by a ResponseReader.

A plain asyncio.Protocol, without streams, queues or tasks of its own. While it lies idle no byte may come: one that
does closes it, so that no page is parsed from what belongs to another. (What a server sends unasked after the next
request has gone out cannot be told from its answer, by us or by anybody.)
"""

from __future__ import annotations

import asyncio
import select
import ssl
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import cast

from crawler.fetch.bodies import Bodies
from crawler.fetch.tls import TlsFacts, tls_facts
from crawler.fetch.wire import ResponseReader

__all__ = ["Connection", "Watch"]

Watch = Callable[[ResponseReader, bytes], None]
"""Called with the reader and the new part of the body whenever bytes came; may cut the response short."""


class Connection(asyncio.Protocol):
    __slots__ = (
        *("_alarm", "_bodies", "_loop", "_paused_at", "_reader", "_transport", "_waiter", "_watch"),
        *("address", "head_at", "lost", "on_lost", "tls"),
    )

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._reader: ResponseReader | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._watch: Watch | None = None
        self._bodies: Bodies | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._paused_at: float | None = None
        self.address: IPv4Address | IPv6Address | None = None
        """Who answers: the server, or the proxy in front of it."""
        self.tls: TlsFacts | None = None
        self.head_at = 0.0
        """Loop time at which the head of the last response was there; 0 when none came."""
        self.lost = False
        self.on_lost: Callable[[Connection], None] | None = None

    async def exchange(
        self,
        request: bytes,
        reader: ResponseReader,
        *,
        deadline: float,
        watch: Watch | None,
        bodies: Bodies | None = None,
    ) -> None:
        """Send a request and read until the response ends, is cut, or the loop's clock shows `deadline`.

        While `bodies` keeps a large one waiting, the clock stands still.
        """
        assert self._transport is not None
        self._reader, self._watch, self._bodies, self.head_at = reader, watch, bodies, 0.0
        self._waiter = self._loop.create_future()
        self._alarm = self._loop.call_at(deadline, self._cut_by_time)
        try:
            if self.lost:
                self._end(clean=True)
            else:
                self._transport.write(request)
            await self._waiter
        except asyncio.CancelledError:
            self.abort()
            raise
        finally:
            self._alarm.cancel()
            self._reader = self._watch = self._waiter = self._bodies = self._paused_at = None

    def abort(self) -> None:
        """Close at once. Nothing is owed to the other side: all requests were sent whole, or are given up."""
        if self._transport is not None:
            self._transport.abort()

    @property
    def closing(self) -> bool:
        return self.lost or self._transport is None or self._transport.is_closing()

    @property
    def silent(self) -> bool:
        """Whether nothing waits to be read, not even the end: what the event loop has not seen yet included."""
        if self.closing:
            return False
        assert self._transport is not None
        poll = select.poll()
        poll.register(self._transport.get_extra_info("socket").fileno(), select.POLLIN)
        return not poll.poll(0)

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are none by class
        peer = transport.get_extra_info("peername")
        if isinstance(peer, tuple):
            self.address = ip_address(peer[0].partition("%")[0])
        secured = transport.get_extra_info("ssl_object")
        if isinstance(secured, ssl.SSLObject):
            self.tls = tls_facts(secured)

    def data_received(self, data: bytes) -> None:
        reader = self._reader
        if reader is None:
            self.abort()
            return
        piece = reader.feed(data)
        if not self.head_at and reader.head is not None:
            self.head_at = self._loop.time()
        if self._watch is not None:
            self._watch(reader, piece)
        if reader.ended:
            self._wake()
        elif self._bodies is not None and not self._bodies.may_go_on(reader, self._go_on) and self._paused_at is None:
            assert self._transport is not None
            self._paused_at = self._loop.time()
            self._transport.pause_reading()

    def _go_on(self) -> None:
        """There is room for the rest of a large body."""
        if self._paused_at is None or self._transport is None or self._alarm is None:
            return
        self._alarm.cancel()
        self._alarm = self._loop.call_at(self._alarm.when() + self._loop.time() - self._paused_at, self._cut_by_time)
        self._paused_at = None
        self._transport.resume_reading()

    def eof_received(self) -> None:
        self._end(clean=True)

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        self._end(clean=exc is None)
        if self.on_lost is not None:
            self.on_lost(self)

    # How an exchange ends

    def _end(self, *, clean: bool) -> None:
        reader = self._reader
        if reader is not None:
            piece = reader.eof(clean=clean)
            if piece and self._watch is not None:
                self._watch(reader, piece)
            self._wake()

    def _cut_by_time(self) -> None:
        if self._reader is not None and self._paused_at is None:
            self._reader.cut("time")
            self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
