"""Connections that wait for their next request. How many a host may have at once is the slot's business, not ours."""

from __future__ import annotations

import asyncio

from crawler.fetch.connect import Route
from crawler.fetch.connection import Connection

__all__ = ["Pool"]


class Pool:
    """Keeps at most `per_route` idle connections a route and `total` in all, none for longer than `seconds`."""

    def __init__(self, *, per_route: int = 8, total: int = 128, seconds: float = 60.0) -> None:
        self._per_route = per_route
        self._total = total
        self._seconds = seconds
        self._routes: dict[Route, list[Connection]] = {}
        self._since: dict[Connection, tuple[float, Route]] = {}  # oldest first
        self._sweep: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._since)

    def take(self, route: Route) -> Connection | None:
        """The connection of this route that was used last: it is the likeliest to be alive."""
        while waiting := self._routes.get(route):
            connection = waiting[-1]
            self._forget(connection)
            if connection.silent:
                return connection
            connection.abort()
        return None

    def put(self, route: Route, connection: Connection) -> None:
        waiting = self._routes.setdefault(route, [])
        if connection.closing or len(waiting) >= self._per_route:
            connection.abort()
            return
        if len(self._since) >= self._total:
            self._drop(next(iter(self._since)))
        loop = asyncio.get_running_loop()
        waiting.append(connection)
        self._routes[route] = waiting  # the oldest dropped may have been this route's last
        self._since[connection] = (loop.time(), route)
        connection.on_lost = self._forget
        if self._sweep is None:
            self._sweep = loop.call_later(self._seconds, self._drop_old)

    def close(self) -> None:
        for connection in list(self._since):
            self._drop(connection)
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None

    def _forget(self, connection: Connection) -> None:
        connection.on_lost = None
        _, route = self._since.pop(connection)
        waiting = self._routes[route]
        waiting.remove(connection)
        if not waiting:
            del self._routes[route]

    def _drop(self, connection: Connection) -> None:
        self._forget(connection)
        connection.abort()

    def _drop_old(self) -> None:
        loop = asyncio.get_running_loop()
        self._sweep = None
        for connection, (since, _) in list(self._since.items()):
            if since > loop.time() - self._seconds:
                self._sweep = loop.call_at(since + self._seconds, self._drop_old)
                break
            self._drop(connection)
