"""One listener: requests off the wire, a function that answers them in a thread, and its responses back.

All that is said carries the headers that guard it, mistakes included. A request must name this server by an address, by
``localhost`` or by a name it was given: a page elsewhere can lead its own name here (DNS rebinding), not one of these.
A body that comes in pieces is read as fast as the client takes it, and no faster.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from email.utils import formatdate
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, Final

import click
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IPushProducer
from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure
from twisted.python.threadpool import ThreadPool
from twisted.web import http
from zope.interface import implementer

from archive.errors import WirecopyError
from archive.replay.response import Asking, Response

__all__ = ["Site"]

_HOST: Final = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?")

_REASONS: Final = {status.value: status.phrase.encode() for status in HTTPStatus}

Respond = Callable[[Asking], Response]


class Site(http.HTTPFactory):
    """What a listener serves."""

    def __init__(
        self, respond: Respond, guards: Iterable[tuple[str, str]], names: Collection[str], threads: ThreadPool
    ) -> None:
        super().__init__()
        self._respond = respond
        self._guards = tuple(guards)
        self._names = {"localhost", *(name.lower() for name in names)}
        self._threads = threads

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 - Twisted's name
        protocol: Any = super().buildProtocol(addr)
        protocol.requestFactory = _Request
        return protocol

    def log(self, request: Any) -> None:
        """No access log: who read what stays with the reader."""

    def handle(self, request: Any) -> None:
        answer = self._refused(request)
        if answer is not None:
            self._send(request, answer)
            return
        work: Deferred[Response] = deferToThreadPool(reactor, self._threads, self._respond, _asking(request))
        work.addErrback(_failed)
        work.addCallback(lambda response: self._send(request, response))
        work.addErrback(lambda failure: request.abandon())

    def _refused(self, request: Any) -> Response | None:
        hosts = request.requestHeaders.getRawHeaders("host", [])
        found = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if found is None:
            return _plain(400, "the request names no host")
        name = found["name"].lower().rstrip(".")
        if name not in self._names and not _is_address(name):
            return _plain(421, f"this server is not called {name}; 'wirecopy serve --name {name}' would say that it is")
        if request.method not in (b"GET", b"HEAD"):
            return _plain(405, "only GET and HEAD", ("Allow", "GET, HEAD"))
        return None

    def _send(self, request: Any, response: Response) -> None:
        if request.gone:
            return
        request.setResponseCode(response.status, _REASONS.get(response.status, b"Unknown"))
        for name, value in (*response.headers, *self._guards):
            request.responseHeaders.addRawHeader(
                name, value.encode("utf-8" if name == "Link" else "latin-1", "replace")
            )
        request.responseHeaders.setRawHeaders("Date", [formatdate(usegmt=True)])
        if response.size is not None and response.status not in http.NO_BODY_CODES:
            request.responseHeaders.setRawHeaders("Content-Length", [str(response.size)])
        if isinstance(response.body, bytes):
            request.write(response.body)
            request.finish()
        elif request.method == b"HEAD":
            request.write(b"")
            request.finish()
        else:
            _Pump(request, iter(response.body), self._threads).start()


class _Request(http.Request):
    """A request without a body: what a client sends along is not kept."""

    gone = False

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        pass

    def process(self) -> None:
        self.notifyFinish().addErrback(self._lost)
        self.channel.factory.handle(self)

    def abandon(self) -> None:
        """Closes the connection in mid-answer: the client must not take it for a whole one."""
        if not self.gone:
            channel: Any = self.channel
            channel.transport.abortConnection()

    def _lost(self, failure: Failure) -> None:
        self.gone = True


@implementer(IPushProducer)
class _Pump:
    """A body in pieces, each read in a thread when the client has taken those before it."""

    def __init__(self, request: Any, pieces: Iterator[bytes], threads: ThreadPool) -> None:
        self._request = request
        self._pieces = pieces
        self._threads = threads
        self._reading = self._paused = self._stopped = False

    def start(self) -> None:
        self._request.registerProducer(self, True)
        self._read()

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's names
        self._paused = True

    def resumeProducing(self) -> None:  # noqa: N802
        self._paused = False
        self._read()

    def stopProducing(self) -> None:  # noqa: N802
        self._stopped = True
        self._close()

    def _read(self) -> None:
        if self._reading or self._paused or self._stopped:
            return
        self._reading = True
        work: Deferred[bytes | None] = deferToThreadPool(reactor, self._threads, next, self._pieces, None)
        work.addCallbacks(self._write, self._fail)

    def _write(self, piece: bytes | None) -> None:
        self._reading = False
        if self._stopped:
            self._close()
        elif piece is None:
            self._stopped = True
            self._request.unregisterProducer()
            self._request.finish()
        else:
            self._request.write(piece)
            self._read()

    def _fail(self, failure: Failure) -> None:
        self._reading = False
        self._stopped = True
        _failed(failure)
        self._request.abandon()

    def _close(self) -> None:
        """What the pieces hold open is let go, once no thread reads them."""
        close = getattr(self._pieces, "close", None)
        if close is not None and not self._reading:
            close()


def _asking(request: Any) -> Asking:
    target = request.uri.decode("utf-8", "replace")
    host = request.requestHeaders.getRawHeaders("host")[0]
    if target.lower().startswith(f"http://{host.lower()}/"):  # the absolute form (RFC 9112, section 3.2.2)
        target = target[len(f"http://{host}") :]
    headers = {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in request.requestHeaders.getAllRawHeaders()
    }
    return Asking(target=target, host=host, headers=headers)


def _is_address(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _failed(failure: Failure) -> Response:
    """A bug of ours, or a disk that gave up: one line for the operator, and one for the client."""
    error = failure.value
    known = isinstance(error, WirecopyError)
    click.echo(f"wirecopy: {error if known else f'internal error: {type(error).__name__}: {error}'}", err=True)
    return _plain(500, "an error in the archive's own program; its operator's terminal says more")


def _plain(status: int, text: str, *headers: tuple[str, str]) -> Response:
    said = ("Content-Type", "text/plain; charset=utf-8")
    return Response(status=status, headers=(said, ("Cache-Control", "no-store"), *headers), body=f"{text}\n".encode())
