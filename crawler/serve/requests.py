"""What the servers do with Twisted's requests: answered in threads, bodies sent in pieces at the client's pace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

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

__all__ = ["Pump", "Request", "answered", "told"]

_T = TypeVar("_T")


class Request(http.Request):
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


def answered(
    request: Any,
    threads: ThreadPool,
    respond: Callable[[], _T],
    failed: Callable[[Failure], _T],
    send: Callable[[_T], object],
) -> None:
    """Has `respond` called in a thread, and what it says sent; `failed` makes an answer of an error."""
    work: Deferred[_T] = deferToThreadPool(reactor, threads, respond)
    work.addErrback(failed)
    work.addCallback(lambda answer: None if request.gone else send(answer))
    work.addErrback(lambda failure: request.abandon())


def told(failure: Failure) -> None:
    """A bug of ours, or a disk that gave up: one line for the operator."""
    error = failure.value
    known = isinstance(error, WirecopyError)
    click.echo(f"wirecopy: {error if known else f'internal error: {type(error).__name__}: {error}'}", err=True)


@implementer(IPushProducer)
class Pump:
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
        told(failure)
        self._request.abandon()

    def _close(self) -> None:
        """What the pieces hold open is let go, once no thread reads them."""
        close = getattr(self._pieces, "close", None)
        if close is not None and not self._reading:
            close()
