"""`archive.replay.proxy` on the wire: requests to a proxy, and tunnels (CONNECT) in which we are the server ourselves.

Answers go out as they are, byte for byte, so Twisted's part ends at the request. In a tunnel a client that begins with
a TLS handshake gets it, by a certificate for the host that it wanted to reach; any other speaks plain HTTP, as browsers
do for WebSockets. A request for this server itself, which a page elsewhere could send, is refused unread.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TextIO

from twisted.internet.ssl import CertificateOptions
from twisted.python.failure import Failure
from twisted.python.threadpool import ThreadPool
from twisted.web import http
from twisted.web.iweb import INonQueuedRequestFactory
from zope.interface import alsoProvides

from archive.collection import Collection
from archive.replay.proxy import Proxy, Wanted
from archive.replay.replay import Resolvers
from archive.replay.response import Response
from archive.replay.tally import Tally
from archive.replay.welcome import HOST, Welcome
from archive.replay.wire import Message, made
from archive.resolve import Policy
from archive.urls import host_of
from crawler.serve.authority import Authority
from crawler.serve.engine import Engine, shown
from crawler.serve.requests import Pump, Request, answered, told

__all__ = ["Proxying", "proxy"]

_AUTHORITY: Final = re.compile(rb"(?P<host>\[?[0-9A-Fa-f:.]+\]?|[A-Za-z0-9._-]{1,253}):(?P<port>\d{1,5})")
"""Also with an address of IPv6 that has no brackets, as Python's client sends it."""
_ABSOLUTE: Final = re.compile(r"https?://", re.IGNORECASE)
_HANDSHAKE: Final = b"\x16"
"""The first byte of a TLS record that begins a handshake (RFC 8446, section 5.1)."""
_MOST: Final = 4 * 1024 * 1024
"""Bytes of a request's body; no crawler sends forms so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxying:
    """Where the proxy can be reached, and what its clients have to trust for https."""

    proxy: str
    start: str
    certificate: str


def proxy(
    path: Path,
    *,
    bind: str,
    port: int,
    at: datetime | None,
    policy: Policy,
    dated: bool,
    authority: Path,
    misses: TextIO | None,
    ready: Callable[[Proxying], None],
) -> tuple[int, Tally]:
    """Answers from the collection at `path` until SIGINT or SIGTERM: the exit code that says which, and the count."""
    engine, tally = Engine(), Tally(misses)
    certifying = Authority(authority)
    with closing(Resolvers(Collection.open(path))) as resolvers:
        answering = Proxy(resolvers, tally, at=at, policy=policy, dated=dated)
        as_of = f"as of {at:%Y-%m-%d %H:%M:%S %Z}" if at else "the newest there is"
        welcome = Welcome(tally, certifying.pem, as_of)
        listening = engine.listen(port, _Site(answering, welcome, certifying, engine.threads), bind)
        proxying = Proxying(
            proxy=f"http://{shown(bind)}:{listening}",
            start=f"http://{HOST}/",
            certificate=str(certifying.certificate_path.absolute()),
        )
        return engine.run(lambda: ready(proxying)), tally


class _Request(Request):
    """One whose answer is written as it is, and whose body is kept."""

    size = 0

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        self.size += len(data)
        if self.size <= _MOST:
            content: Any = self.content
            content.write(data)

    def write(self, data: bytes) -> None:
        self.startedWriting = 1
        channel: Any = self.channel
        channel.write(data)


def _request(channel: Any) -> _Request:
    return _Request(channel, parsePOSTFormSubmission=False)


alsoProvides(_request, INonQueuedRequestFactory)


class _Channel(http.HTTPChannel):
    """A connection, and later perhaps the tunnel that a client has made of it."""

    requestFactory: Any = staticmethod(_request)  # noqa: N815 - Twisted's names
    totalHeadersSize = 256 * 1024  # noqa: N815
    MAX_LENGTH = 128 * 1024
    tunnel: str | None = None
    """Host and port to which the client takes itself to be connected."""
    scheme = "http"
    context: CertificateOptions | None = None
    """Who we are, until the first bytes in the tunnel tell whether that is asked."""

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        context, self.context = self.context, None
        if context is None or not data.startswith(_HANDSHAKE):
            super().dataReceived(data)  # type: ignore[no-untyped-call]
            return
        self.scheme = "https"
        transport: Any = self.transport
        transport.startTLS(context)
        transport.protocol.dataReceived(data)


class _Site(http.HTTPFactory):
    """What the listener serves."""

    protocol: Any = _Channel

    def __init__(self, answering: Proxy, welcome: Welcome, authority: Authority, threads: ThreadPool) -> None:
        super().__init__()
        self._answering = answering
        self._welcome = welcome
        self._authority = authority
        self._threads = threads

    def log(self, request: Any) -> None:
        """No access log: who read what stays with the reader."""

    def handle(self, request: Any) -> None:
        channel = request.channel
        if request.method == b"CONNECT" and channel.tunnel is None:
            self._connect(request)
            return
        method = request.method.decode("latin-1")
        url = _url(request)
        if url is None:
            self._send(
                request,
                _plain(method, 400, "this is a proxy: have a client use it as one, see 'wirecopy proxy --help'"),
            )
        elif host_of(url) == HOST:
            path = "/" + url.partition("://")[2].partition("/")[2]
            self._send(request, made(self._welcome.respond(path), method))
        elif request.size > _MOST:
            self._send(request, _plain(method, 413, "no request so long was ever archived"))
        else:
            wanted = Wanted(method=method, url=url, headers=_headers(request), body=request.content.read())
            answered(
                request,
                self._threads,
                lambda: self._answering.respond(wanted),
                lambda failure: _failed(method, failure),
                lambda message: self._send(request, message),
            )

    def _connect(self, request: Any) -> None:
        found = _AUTHORITY.fullmatch(request.uri)
        try:
            if found is None or int(found["port"]) > 65535:
                raise ValueError("expected HOST:PORT")
            host = found["host"].decode("ascii").lower().strip("[]").rstrip(".")
            request.channel.context = self._authority.context(host)
        except ValueError as error:
            self._send(request, _plain("CONNECT", 400, f"nothing to be connected to: {error}"))
            return
        request.channel.tunnel = request.uri.decode("ascii")
        request.channel.persistent = True  # whatever the client's version: the tunnel begins here
        request.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        request.finish()

    def _send(self, request: Any, message: Message) -> None:
        if message.last:
            request.channel.persistent = False
        if isinstance(message.body, bytes):
            request.write(message.head + message.body)
            request.finish()
        else:
            request.write(message.head)
            Pump(request, iter(message.body), self._threads).start()


def _url(request: Any) -> str | None:
    """The URL that is asked for; None for a request to this server itself."""
    target, channel = request.uri.decode("utf-8", "replace"), request.channel
    if _ABSOLUTE.match(target):
        return str(target)
    if channel.tunnel is None or not target.startswith("/"):
        return None
    hosts = request.requestHeaders.getRawHeaders("host", [channel.tunnel])
    return f"{channel.scheme}://{hosts[0]}{target}"


def _headers(request: Any) -> dict[str, str]:
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in request.requestHeaders.getAllRawHeaders()
    }


def _failed(method: str, failure: Failure) -> Message:
    told(failure)
    return _plain(method, 500, "an error in the archive's own program; its operator's terminal says more")


def _plain(method: str, status: int, text: str) -> Message:
    headers = (
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("X-Archive-Miss", "refused"),
    )
    return made(Response(status=status, headers=headers, body=f"wirecopy: {text}\n".encode()), method)
