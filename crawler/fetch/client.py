"""Sends a request over a connection, a waiting or a fresh one, and brings back all that came of it.

A connection that lay idle may have been closed by the other side while the request was on its way. Such an exchange is
`stale`: it tells nothing of the page, and the request should be sent once more, over a fresh connection. Requests that
must not be sent twice get a fresh one to begin with.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.fetch.bodies import Bodies
from crawler.fetch.connect import Route, open_connection
from crawler.fetch.connection import Connection, Watch
from crawler.fetch.guard import Guard
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
    sent_at: float
    """When the request went out, by the loop's clock: connected is connected, and no request yet."""
    latency: float | None
    """Seconds until the head was there; None when none came."""
    stale: bool
    """The connection turned out to be dead: nothing came, and perhaps nothing arrived."""


class Client:
    def __init__(
        self, context: ssl.SSLContext, pool: Pool, guard: Guard | None = None, bodies: Bodies | None = None
    ) -> None:
        self._context = context
        self._bodies = bodies
        self._pool = pool
        self._guard = guard

    async def send(
        self,
        request: bytes,
        route: Route,
        reader: ResponseReader,
        *,
        method: str,
        deadline: float,
        watch: Watch | None,
        fresh: bool = False,
    ) -> Sent:
        """Send `request` and have the response read until it ends, is cut, or the loop's clock shows `deadline`.

        Raises what `open_connection` raises, and TimeoutError: only where nothing was sent.
        """
        loop = asyncio.get_running_loop()
        began, start = datetime.now(UTC), loop.time()
        waiting = None if fresh or method not in _REPEATABLE else self._pool.take(route)
        if waiting is None:
            async with asyncio.timeout_at(deadline):
                connection = await open_connection(route, self._context, self._guard)
        else:
            connection = waiting
        sent_at = loop.time()
        await connection.exchange(request, reader, deadline=deadline, watch=watch, bodies=self._bodies)
        stale = waiting is not None and not reader.started and connection.closing
        if reader.reusable:
            self._pool.put(route, connection)
        else:
            connection.abort()
        return Sent(
            reader=reader,
            connection=connection,
            began=began,
            elapsed=loop.time() - start,
            sent_at=sent_at,
            latency=connection.head_at - start if connection.head_at else None,
            stale=stale,
        )

    def close(self) -> None:
        self._pool.close()
