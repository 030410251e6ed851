"""Sends a request over a connection, a waiting or a fresh one, and brings back all that came of it.

A connection that lay idle may have been closed by the other side while the request was on its way. If not one byte of
an answer came, the request is sent again over a fresh connection, once; requests that must not be sent twice get a
fresh connection to begin with.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.fetch.connect import Route, open_connection
from crawler.fetch.connection import Connection, Watch
from crawler.fetch.pool import Pool
from crawler.fetch.wire import ResponseReader

__all__ = ["Client", "Sent"]

_REPEATABLE = frozenset(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"])  # RFC 9110 section 9.2.2


@dataclass(slots=True, kw_only=True)
class Sent:
    """A request that went out whole, and the reader of what came back."""

    reader: ResponseReader
    connection: Connection
    began: datetime
    elapsed: float
    """Seconds, the connecting included."""
    latency: float | None
    """Seconds until the head was there; None when none came."""


class Client:
    def __init__(self, context: ssl.SSLContext, pool: Pool) -> None:
        self._context = context
        self._pool = pool

    async def send(
        self, request: bytes, route: Route, *, method: str, limit: int, seconds: float, watch: Watch | None
    ) -> Sent:
        """Send `request`, and read the response until it ends, is cut, or `seconds` are over.

        Raises what `open_connection` raises, and TimeoutError: only where nothing was sent.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        waiting = self._pool.take(route) if method in _REPEATABLE else None
        while True:
            began, start = datetime.now(UTC), loop.time()
            if waiting is not None:
                connection = waiting
            else:
                async with asyncio.timeout_at(deadline):
                    connection = await open_connection(route, self._context)
            reader = ResponseReader(method, limit=limit)
            await connection.exchange(request, reader, deadline=deadline, watch=watch)
            if waiting is None or reader.started or not connection.closing:
                break
            waiting = None  # it had died while it lay idle
        if reader.reusable:
            self._pool.put(route, connection)
        else:
            connection.abort()
        return Sent(
            reader=reader,
            connection=connection,
            began=began,
            elapsed=loop.time() - start,
            latency=connection.head_at - start if connection.head_at else None,
        )

    def close(self) -> None:
        self._pool.close()
