"""A raw-socket HTTP/1.1 server that sends just the bytes it is told to, and notes every one.

A thread a connection; keep-alive; requests that arrive in one piece are answered in turn. An `Answer` is a script:
its bytes go out untouched, its pauses are kept, and the connection ends as it says.
"""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from tests.newsroom.answers import Answer, Request, parse_request
from tests.newsroom.log import Log, Served

__all__ = ["Server"]

_HEAD_LIMIT = 1 << 20
_NO_LINGER = struct.pack("ii", 1, 0)
_GOODBYE = 2.0
"""Seconds a peer has to hang up after we did."""


class Server:
    """Listens from the start; serves between start() and stop()."""

    def __init__(
        self, respond: Callable[[Request], Answer], log: Log, host: str, port: int, context: ssl.SSLContext | None
    ) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, port), family=family, backlog=512)
        self.port: int = self._listener.getsockname()[1]
        self._respond = respond
        self._log = log
        self._context = context
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._open: dict[socket.socket, threading.Thread] = {}
        self._acceptor = threading.Thread(target=self._accept, name="newsroom", daemon=True)

    def start(self) -> None:
        self._acceptor.start()

    def stop(self) -> None:
        """Hang up on everybody and wait until their threads are done."""
        self._stopping.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        if self._acceptor.is_alive():
            self._acceptor.join()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            threads = list(self._open.values())
        for thread in threads:
            thread.join(2 * _GOODBYE)

    def _accept(self) -> None:
        number = 0
        while not self._stopping.is_set():
            try:
                connection, peer = self._listener.accept()
            except OSError:
                return
            number += 1
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            thread = threading.Thread(target=self._serve, args=(connection, number, _name(peer)), daemon=True)
            with self._lock:
                self._open[connection] = thread
            thread.start()

    def _serve(self, connection: socket.socket, number: int, client: str) -> None:
        stream = connection
        try:
            if self._context:
                stream = self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
                with self._lock:  # the TLS socket has taken over the plain one's file descriptor
                    self._open[stream] = self._open.pop(connection)
                stream.do_handshake()
            self._converse(stream, number, client)
        except (OSError, ValueError):
            pass  # the peer left, or spoke no HTTP: its own affair
        finally:
            with self._lock:
                self._open.pop(stream, None)
            stream.close()

    def _converse(self, stream: socket.socket, number: int, client: str) -> None:
        buffer, on_connection = bytearray(), 0
        while not self._stopping.is_set() and (raw := _receive(stream, buffer)):
            self._log.began()
            began, on_connection = time.monotonic(), on_connection + 1
            ended = began
            request, sent, case = None, bytearray(), "failed"
            try:
                request = parse_request(raw)
                answer = self._respond(request)
                case = answer.case
                for step in answer.steps:
                    ended = time.monotonic()
                    self._play(stream, step, sent)
            finally:
                cipher = stream.cipher() if isinstance(stream, ssl.SSLSocket) else None
                served = Served(
                    connection=number,
                    number_on_connection=on_connection,
                    request=raw,
                    sent=bytes(sent),
                    path=request.path if request else "",
                    case=case,
                    began=began,
                    ended=ended,
                    client=client,
                    tls=cipher[1] if cipher else None,
                    cipher=cipher[0] if cipher else None,
                )
                self._log.ended(served)
            if answer.then != "keep":
                _part(stream, how=answer.then)
                return

    def _play(self, stream: socket.socket, step: bytes | float, sent: bytearray) -> None:
        if isinstance(step, float):
            self._stopping.wait(step)
            return
        view = memoryview(step)
        while view:
            taken = stream.send(view)
            sent += view[:taken]
            view = view[taken:]


def _name(peer: tuple[str, int]) -> str:
    host, port = peer[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _receive(stream: socket.socket, buffer: bytearray) -> bytes:
    """One whole request, taken off `buffer`, where what follows it stays; nothing when the peer has left."""
    while (end := buffer.find(b"\r\n\r\n")) < 0:
        if len(buffer) > _HEAD_LIMIT or not (piece := stream.recv(65536)):
            return b""
        buffer += piece
    length = int(parse_request(bytes(buffer[: end + 4])).headers.get("content-length", "0"))
    whole = end + 4 + length
    while len(buffer) < whole:
        if not (piece := stream.recv(65536)):
            return b""
        buffer += piece
    request = bytes(buffer[:whole])
    del buffer[:whole]
    return request


def _part(stream: socket.socket, how: str) -> None:
    """End the connection: ``close`` says so first (TLS: close_notify), ``drop`` does not, ``reset`` breaks it off."""
    if how == "reset":
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        return
    stream.settimeout(_GOODBYE)
    with suppress(OSError):
        if how == "close" and isinstance(stream, ssl.SSLSocket):
            stream.unwrap()
        stream.shutdown(socket.SHUT_WR)
        while stream.recv(65536):  # closing with requests unread would reset what we sent
            pass
