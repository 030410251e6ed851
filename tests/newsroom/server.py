"""The newsroom's server: raw sockets, a thread a connection, and a log of every byte that crossed them.

HTTP/1.1 with keep-alive; requests that come in one piece are answered one after another. What goes out is an
`Answer`'s bytes, untouched. The log's `sent` is what the socket took: exact when the peer reads to the end, an
upper bound of what arrived when it hangs up first.
"""

from __future__ import annotations

import base64
import json
import socket
import ssl
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from tests.newsroom.answers import Answer, Request, answer, parse_request, simple
from tests.newsroom.site import Site
from tests.newsroom.world import Article

__all__ = ["Newsroom", "Served", "read_log"]

_HEAD_LIMIT = 1 << 20
_NO_LINGER = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One exchange, as the server saw it."""

    connection: int
    number_on_connection: int
    """From 1."""
    request: bytes
    sent: bytes
    path: str
    case: str
    began: float
    """When the request was there in full, in seconds of time.monotonic()."""
    ended: float
    client: str
    """Address and port of the peer."""
    tls: str | None
    cipher: str | None

    def to_json(self) -> str:
        plain = {name: getattr(self, name) for name in self.__slots__}
        for name in ("request", "sent"):
            plain[name] = base64.b64encode(plain[name]).decode()
        return json.dumps(plain)


def read_log(path: Path | str) -> list[Served]:
    """The exchanges of a newsroom that ran with a log file."""
    entries = (json.loads(line) for line in Path(path).read_text().splitlines())
    return [
        Served(**{**entry, **{name: base64.b64decode(entry[name]) for name in ("request", "sent")}})
        for entry in entries
    ]


class _HungUpError(Exception):
    """The peer has left."""


class Newsroom:
    """A running newsroom: `with Newsroom() as site: site.url`."""

    def __init__(
        self,
        *,
        articles: int = 24,
        seed: int = 1,
        host: str = "127.0.0.1",
        port: int = 0,
        https: bool = False,
        log_file: Path | str | None = None,
    ) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, port), family=family, backlog=512)
        self.port: int = self._listener.getsockname()[1]
        name = f"[{host}]" if ":" in host else host
        self.url = f"{'https' if https else 'http'}://{name}:{self.port}"
        self.site = Site(self.url, articles, seed)
        self.log: list[Served] = []
        self._log_file = Path(log_file).open("a", buffering=1) if log_file else None
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._connections = 0
        self._stopping = False
        self._thread = threading.Thread(target=self._accept, name="newsroom", daemon=True)

    # the site's own verbs, for those who hold the newsroom

    @property
    def articles(self) -> list[Article]:
        return self.site.articles

    def publish(self, article: Article | None = None) -> Article:
        return self.site.publish(article)

    def edit(self, article: Article, **changes: Any) -> Article:
        return self.site.edit(article, **changes)

    def delete(self, article: Article, status: int = 410) -> None:
        self.site.delete(article, status)

    def move(self, article: Article, path: str) -> Article:
        return self.site.move(article, path)

    # life

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        self._stopping = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        if self._log_file:
            self._log_file.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    # connections

    def _accept(self) -> None:
        while not self._stopping:
            try:
                connection, peer = self._listener.accept()
            except OSError:
                return
            self._connections += 1
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(
                target=self._serve, args=(connection, self._connections, f"{peer[0]}:{peer[1]}"), daemon=True
            ).start()

    def _serve(self, connection: socket.socket, number: int, client: str) -> None:
        with self._lock:
            self._open.add(connection)
        try:
            self._converse(connection, number, client)
        except (OSError, _HungUpError):
            pass
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    def _converse(self, connection: socket.socket, number: int, client: str) -> None:
        buffer, on_connection = bytearray(), 0
        while True:
            received = _receive(connection, buffer)
            began = time.monotonic()
            on_connection += 1
            request = parse_request(received[: received.index(b"\r\n\r\n")])
            reply = self._answer(request)
            sent = bytearray()
            try:
                for step in reply.steps:
                    if isinstance(step, float):
                        time.sleep(step)
                    else:
                        _send(connection, step, sent)
            finally:
                served = Served(
                    connection=number,
                    number_on_connection=on_connection,
                    request=received,
                    sent=bytes(sent),
                    path=request.path,
                    case=reply.case,
                    began=began,
                    ended=time.monotonic(),
                    client=client,
                    tls=connection.version() if isinstance(connection, ssl.SSLSocket) else None,
                    cipher=(connection.cipher() or [None])[0] if isinstance(connection, ssl.SSLSocket) else None,
                )
                self._note(served)
            if reply.then == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
                return
            if reply.then == "close":
                _say_goodbye(connection)
                return

    def _note(self, served: Served) -> None:
        with self._lock:
            self.log.append(served)
            if self._log_file and not self._log_file.closed:
                self._log_file.write(served.to_json() + "\n")

    def _answer(self, request: Request) -> Answer:
        page = self.site.page(request.path) or simple(404, "Not found")
        return answer(page, request, datetime.now(UTC))


def _receive(connection: socket.socket, buffer: bytearray) -> bytes:
    """One whole request, taken off `buffer`; what follows it stays there."""

    def more() -> None:
        piece = connection.recv(65536)
        if not piece or len(buffer) > _HEAD_LIMIT:
            raise _HungUpError
        buffer.extend(piece)

    while (end := buffer.find(b"\r\n\r\n")) < 0:
        more()
    end += 4
    length = parse_request(bytes(buffer[: end - 4])).headers.get("content-length", "0")
    while len(buffer) < end + int(length):
        more()
    request = bytes(buffer[: end + int(length)])
    del buffer[: len(request)]
    return request


def _send(connection: socket.socket, data: bytes, sent: bytearray) -> None:
    view = memoryview(data)
    while view:
        taken = connection.send(view)
        sent += view[:taken]
        view = view[taken:]


def _say_goodbye(connection: socket.socket) -> None:
    """Close so that everything sent arrives: say the end, then wait for the peer's, not for ever."""
    connection.settimeout(2)
    with suppress(OSError):
        if isinstance(connection, ssl.SSLSocket):
            connection = connection.unwrap()
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass
