"""A way to a store that fails: a proxy between it and us that does to requests what networks and servers do to them.

It decides by itself nothing: a function is asked for each request what is to become of it.
"""

from __future__ import annotations

import http.client
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Lock, Thread
from typing import Any, Literal, get_args

__all__ = ["FAULTS", "Decide", "Fault", "failing"]

Fault = Literal[
    "refused", "cut request", "unanswered", "cut answer", "changed request", "changed answer", "busy", "broken"
]
"""Closed before a byte was read; the store gets half of the body and a closed connection; it does what it is asked, and
nobody hears of it; half of the body of its answer; a bit turned over in what it gets, or in what it sends; 503; 500."""

FAULTS: tuple[Fault, ...] = get_args(Fault)

Decide = Callable[[int, str], "Fault | None"]
"""From the number of a request, counted from 0, and its method."""

_HOP = ("connection", "transfer-encoding", "keep-alive")


@contextmanager
def failing(upstream: str, decide: Decide) -> Iterator[str]:
    """Where the proxy listens."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.upstream = upstream.removeprefix("http://")  # type: ignore[attr-defined]
    server.decide = decide  # type: ignore[attr-defined]
    server.numbers = count()  # type: ignore[attr-defined]
    server.lock = Lock()  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Any

    def handle(self) -> None:
        with suppress(OSError):  # they hang up when we do
            super().handle()

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def _pass_on(self) -> None:
        with self.server.lock:
            fault: Fault | None = self.server.decide(next(self.server.numbers), self.command)
        if fault == "refused":
            self._reset()
            return
        if fault in ("busy", "broken"):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._answer(503 if fault == "busy" else 500, [], b"<Error><Code>SlowDown</Code></Error>", None)
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, headers, data = self._asked(_turned(body) if fault == "changed request" else body, fault)
        if fault in ("unanswered", "cut request"):
            self._reset()
            return
        self._answer(status, headers, _turned(data) if fault == "changed answer" else data, fault)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _pass_on  # noqa: N815 - the library's names

    def _asked(self, body: bytes, fault: Fault | None) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection(self.server.upstream, timeout=20)
        connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in _HOP:
                connection.putheader(name, value)
        connection.putheader("Connection", "close")
        connection.endheaders()
        if fault == "cut request":
            connection.send(body[: len(body) // 2])
            connection.close()
            return 0, [], b""
        connection.send(body)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, answer.getheaders(), data

    def _answer(self, status: int, headers: list[tuple[str, str]], data: bytes, fault: Fault | None) -> None:
        self.send_response_only(status)
        stated = {name.lower(): value for name, value in headers}.get("content-length", str(len(data)))
        for name, value in headers:
            if name.lower() not in (*_HOP, "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", stated if self.command == "HEAD" else str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if fault == "cut answer" else data)
        if fault == "cut answer":
            self.wfile.flush()
            self._reset()

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


def _turned(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :] if data else data
