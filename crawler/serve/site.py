"""One listener: requests off the wire, a function that answers them in a thread, and its responses back.

All that is said carries the headers that guard it, mistakes included. A request must name this server by an address, by
``localhost`` or by a name it was given: a page elsewhere can lead its own name here (DNS rebinding), not one of these.
A body that comes in pieces is read as fast as the client takes it, and no faster.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from email.utils import formatdate
from ipaddress import ip_address
from typing import Any, Final

from twisted.python.failure import Failure
from twisted.python.threadpool import ThreadPool
from twisted.web import http

from archive.replay.response import REASONS, Asking, Response
from crawler.serve.requests import Pump, Request, answered, told

__all__ = ["Site"]

_HOST: Final = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?")

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
        protocol.requestFactory = Request
        return protocol

    def log(self, request: Any) -> None:
        """No access log: who read what stays with the reader."""

    def handle(self, request: Any) -> None:
        answer = self._refused(request)
        if answer is not None:
            self._send(request, answer)
            return
        asking = _asking(request)
        answered(
            request,
            self._threads,
            lambda: self._respond(asking),
            _failed,
            lambda response: self._send(request, response),
        )

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
        request.setResponseCode(response.status, REASONS.get(response.status, "Unknown").encode())
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
            Pump(request, iter(response.body), self._threads).start()


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
    told(failure)
    return _plain(500, "an error in the archive's own program; its operator's terminal says more")


def _plain(status: int, text: str, *headers: tuple[str, str]) -> Response:
    said = ("Content-Type", "text/plain; charset=utf-8")
    return Response(status=status, headers=(said, ("Cache-Control", "no-store"), *headers), body=f"{text}\n".encode())
