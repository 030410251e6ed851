"""Answers that never end, never come, or are none: heads, bodies, chunks, connections."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tests.hostile.case import Case, Record
from tests.hostile.site import STORY, html, ok, raw, story
from tests.newsroom.answers import Answer, Request, Then

__all__ = ["CASES"]

_PATH = STORY
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_LINE = (b"<p>" + b"The harbour goes on and on and on. " * 40 + b"</p>\n") * 45


def _steps(*steps: bytes | float | Iterable[bytes | float], then: Then = "close") -> Callable[[Request], Answer | None]:
    """Answers the path with these, and with what endless ones among them yield."""

    def flat() -> Iterator[bytes | float]:
        for step in steps:
            if isinstance(step, (bytes, float)):
                yield step
            else:
                yield from step

    return lambda request: Answer(steps=flat(), then=then) if request.path == _PATH else None


def _dripping(data: bytes) -> list[bytes | float]:
    return [step for at in range(100) for step in (data[at : at + 1], 1.0)]


def _long_line(request: Request) -> Answer | None:
    return ok(story(request), b"X-Long: " + b"x" * 100_000) if request.path == _PATH else None


def _wrong_length(by: int) -> Callable[[Request], Answer | None]:
    def respond(request: Request) -> Answer | None:
        if request.path != _PATH:
            return None
        body = story(request)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % (len(body) + by)
        return Answer(steps=(head + body,), then="close" if by > 0 else "keep")

    return respond


def _poison(request: Request) -> Answer | None:
    """A whole second answer behind the first, for whoever takes it for that to the next request."""
    if request.path != _PATH:
        return None
    stray = b"".join(step for step in ok(html("Stray", "<h1>A stray page</h1>")).steps if isinstance(step, bytes))
    good = b"".join(step for step in ok(story(request)).steps if isinstance(step, bytes))
    return Answer(steps=(good + stray,))


def _silent(stream: socket.socket, wait: Callable[[float], Any]) -> None:
    wait(60.0)


def _babble(stream: socket.socket, wait: Callable[[float], Any]) -> None:
    stream.recv(1000)
    stream.sendall(bytes(range(256)) * 40)


def _reset(stream: socket.socket, wait: Callable[[float], Any]) -> None:
    stream.recv(10)
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _case(name: str, does: str, respond: Callable[[Request], Answer | None], **more: Any) -> Case:
    return Case(
        **{"name": name, "does": does, "respond": respond, "links": (_PATH,), "record": Record(path=_PATH), **more}
    )


def _whole(name: str, does: str, wire: Callable[..., None], **more: Any) -> Case:
    """A site of which nothing can be had."""
    return Case(name=name, does=does, respond=lambda request: None, wire=wire, stories=False, **more)


_LENGTH = Record(path=_PATH, truncated="length")
_TIME = Record(path=_PATH, truncated="time")
_BROKEN = Record(path=_PATH, truncated="unspecified")
_TOO_LONG = "took longer than"

CASES = (
    _case("head-line", "has a header of 100,000 characters", _long_line, junk=1),
    _case(
        "head-fields",
        "sends 400,000 header fields",
        _steps(_OK, [b"a: b\r\n" * 10_000] * 40, b"\r\n<p>Hello"),
        record=_LENGTH,
        failure="head is larger",
    ),
    _case(
        "head-endless",
        "sends one header for ever",
        _steps(_OK, b"X-Endless: ", [b"x" * 60_000] * 2000),
        record=_LENGTH,
        failure="head is larger",
    ),
    _case(
        "head-slow",
        "sends its head a byte a second",
        _steps(_dripping(_OK)),
        record=Record(path=_PATH, status=None, truncated="time"),
        failure=_TOO_LONG,
    ),
    _case(
        "interim-endless",
        "says 103 for ever",
        _steps([b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" * 1000] * 2000),
        record=None,
        failure="head is larger",
    ),
    _case(
        "body-endless",
        "never ends its page",
        _steps(_OK, b"\r\n", [_LINE] * 2000),
        record=_LENGTH,
        failure="max size",
        label="truncated",
        junk=1,
    ),
    _case(
        "body-announced",
        "announces a page of 10 terabytes",
        _steps(_OK, b"Content-Length: 10000000000000\r\n\r\n", _LINE),
        record=_LENGTH,
        failure="max size",
        label="truncated",
        junk=1,
    ),
    _case(
        "body-slow",
        "sends its page a byte a second",
        _steps(_OK, b"\r\n<p>", _dripping(_LINE)),
        record=_TIME,
        failure=_TOO_LONG,
        label="truncated",
        junk=1,
    ),
    _case(
        "body-stalls",
        "sends half a page, and then nothing",
        _steps(_OK, b"\r\n", _LINE, 60.0),
        record=_TIME,
        failure=_TOO_LONG,
        label="truncated",
        junk=1,
    ),
    _case(
        "body-short",
        "promises more of a page than it sends",
        _wrong_length(50_000),
        record=Record(path=_PATH, truncated="disconnect"),
        label="truncated",
        junk=1,
    ),
    _case("body-long", "sends more of a page than it promised", _wrong_length(-20), junk=1),
    _case("body-poison", "sends a second page behind the first, unasked", _poison, junk=1),
    _case(
        "body-reset",
        "breaks off in the middle of a page",
        _steps(_OK, b"Content-Length: 200000\r\n\r\n", _LINE[:60_000], 0.2, then="reset"),
        record=Record(path=_PATH, truncated="disconnect"),
        label="truncated",
        junk=1,
    ),
    _case(
        "chunk-extension",
        "has a chunk extension without end",
        _steps(_OK, b"Transfer-Encoding: chunked\r\n\r\n5;", [b"x=y;" * 5000] * 2000),
        record=_LENGTH,
        failure="max size",
        label="truncated",
        junk=1,
    ),
    _case(
        "chunk-trailers",
        "has trailers without end",
        _steps(_OK, b"Transfer-Encoding: chunked\r\n\r\n5\r\n<p>Hi\r\n0\r\n", [b"X-Trailer: y\r\n" * 1000] * 2000),
        record=_BROKEN,
        label="truncated",
        junk=1,
    ),
    _case(
        "chunk-bytes",
        "sends its page in chunks of one byte, for ever",
        _steps(_OK, b"Transfer-Encoding: chunked\r\n\r\n", [b"1\r\nx\r\n" * 10_000] * 2000),
        record=_LENGTH,
        failure="max size",
        label="truncated",
        junk=1,
    ),
    _case(
        "chunk-size",
        "announces a chunk of 16 exabytes",
        _steps(_OK, b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFF\r\n", [_LINE] * 2000),
        record=_LENGTH,
        failure="max size",
        label="truncated",
        junk=1,
    ),
    _case(
        "no-answer", "closes the connection instead of an answer", _steps(), record=None, failure="without an answer"
    ),
    _case(
        "no-http",
        "answers with what is no HTTP, for ever",
        _steps([bytes(range(256)) * 200] * 2000),
        record=Record(path=_PATH, status=None, truncated="length"),
        failure="max size",
    ),
    _case(
        "status-line",
        "has a status line of 2 MB",
        _steps(b"HTTP/1.1 200 ", b"O" * 2_000_000, b"K\r\n\r\n"),
        record=_LENGTH,
        failure="head is larger",
    ),
    _whole("tarpit", "accepts connections, and never says a word", _silent, failure=_TOO_LONG),
    _whole("reset", "breaks every connection off at once", _reset, failure="without an answer"),
    _whole("tls-tarpit", "never answers a TLS handshake", _silent, scheme="https", failure=_TOO_LONG),
    _whole("tls-garbage", "answers a TLS handshake with rubbish", _babble, scheme="https", failure="SSL"),
    _case(
        "busy",
        "answers 503, and asks to come back in 30 years",
        lambda request: (
            raw(b"HTTP/1.1 503 No", b"Retry-After: 999999999", b"Content-Length: 0") if request.path == _PATH else None
        ),
        record=Record(path=_PATH, status=503),
        limit="wait",
        failure="left alone",
    ),
)
