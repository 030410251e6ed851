"""``/metrics`` and ``/healthz`` of the daemon, for those who watch it: a thread that asks its loop how it stands.

So ``/healthz`` answers when the loop does not: with 503, as it does for whatever keeps sources from being archived.
It is for a monitor next to it or a network that is trusted: there is no login, and loopback is the default.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from socketserver import ThreadingMixIn
from typing import Any, Final, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import msgspec

from archive.errors import ConfigError
from crawler.amounts import size
from crawler.watch.figures import View
from crawler.watch.metrics import CONTENT_TYPE, render

__all__ = ["Endpoint", "address", "reasons"]

_BEAT: Final = 60.0
"""Seconds after which a loop that did not go round is stuck: it does every two."""


def address(text: str) -> tuple[str, int]:
    """``9464``, ``0.0.0.0:9464`` or ``[::]:9464``; without a host, that of this machine alone. Raises ConfigError."""
    host, _, port = text.rpartition(":")
    if not port.isascii() or not port.isdecimal() or int(port) > 65535:
        raise ConfigError(f"--metrics {text}: expected PORT or HOST:PORT, such as 9464 or 0.0.0.0:9464")
    return host.strip("[]") or "127.0.0.1", int(port)


_NO_HINDRANCE: Final = ("shipping",)
"""What keeps no crawl from archiving."""


def reasons(view: View) -> list[str]:
    """Why nothing is archived, or will not be soon; empty where all is well with the daemon itself."""
    found = [f"{kind}: {text}" for kind, text in view.wrong.items() if kind not in _NO_HINDRANCE]
    if view.now - view.beat > _BEAT:
        found.append(f"planner: it did nothing for {view.now - view.beat:.0f} s")
    if view.free < view.reserve and "disk" not in view.wrong:
        found.append(f"disk: {size(view.free)} left, and {size(view.reserve)} are to stay free")
    if not view.writable and "storage" not in view.wrong:
        found.append("storage: the collection cannot be written")
    return found


class Endpoint:
    """Serves from `with` on, until it ends."""

    def __init__(
        self,
        where: tuple[str, int],
        look: Callable[[], View],
        loop: asyncio.AbstractEventLoop,
        patience: float = 5.0,
    ) -> None:
        """`look` is called on the loop, which has `patience` seconds. ConfigError where the address cannot be had."""
        self._patience = patience
        self._look = look
        self._loop = loop
        host, port = where
        server = _Server6 if ":" in host else _Server
        try:
            self._server = make_server(host, port, self._answer, server, _Handler)
        except OSError as error:
            raise ConfigError(f"--metrics: {host} port {port} cannot be had: {error.strerror}") from error
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, name="endpoint", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        kind, body = "text/plain; charset=utf-8", b""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            status, body = "405 Method Not Allowed", b"GET\n"
        elif environ["PATH_INFO"] == "/metrics":
            view = self._view()
            status = "200 OK" if view else "503 Service Unavailable"
            kind, body = (CONTENT_TYPE, render(view)) if view else (kind, b"the planner does not answer\n")
        elif environ["PATH_INFO"] == "/healthz":
            status, kind, body = self._health()
        else:
            status, body = "404 Not Found", b"/metrics and /healthz\n"
        start(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _health(self) -> tuple[str, str, bytes]:
        view = self._view()
        if view is None:
            found, facts = [f"planner: no answer in {self._patience:g} s"], {}
        else:
            found = reasons(view)
            facts = {
                "sources": len(view.sources),
                "late": len(view.late()),
                "running": view.running,
                "paused": view.paused or None,
                "disk_free": view.free,
                "heartbeat": round(view.now - view.beat, 1),
            }
        body = msgspec.json.encode({"status": "failing" if found else "ok", "reasons": found, **facts})
        return "503 Service Unavailable" if found else "200 OK", "application/json", body + b"\n"

    def _view(self) -> View | None:
        asked: Future[View] = Future()

        def look() -> None:
            if asked.set_running_or_notify_cancel():
                asked.set_result(self._look())

        self._loop.call_soon_threadsafe(look)
        try:
            return asked.result(self._patience)
        except TimeoutError:
            asked.cancel()
            return None


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False


class _Server6(_Server):
    import socket

    address_family = socket.AF_INET6


class _Handler(WSGIRequestHandler):
    timeout = 10.0
    """Seconds that a client may be silent."""

    def address_string(self) -> str:
        return str(self.client_address[0])

    def log_message(self, *_: object) -> None:
        """Nobody needs a line for each look of a monitor."""
