"""What servers do wrong, by name: each takes a good answer's bytes and spoils them.

A misbehaviour that loses the page strikes only the first request for a path (`once`), so that a client that tries
again gets every article in the end; `redirect-loop` alone never lets go.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from tests.newsroom.answers import Answer

__all__ = ["MISBEHAVIOURS", "Misbehaviour"]

_PADDING = b" " * 65536
_ENDLESS = 48
"""Pieces of 64 KiB after which even an endless answer ends: 3 MiB."""


@dataclass(frozen=True, slots=True)
class Misbehaviour:
    spoil: Callable[[bytes, str], Answer]
    """From the good answer's bytes, and the path asked for."""
    once: bool = False


def _part(wire: bytes) -> tuple[bytes, bytes]:
    head, blank, body = wire.partition(b"\r\n\r\n")
    return head + blank, body


def _half(wire: bytes) -> bytes:
    head, body = _part(wire)
    return head + body[: len(body) // 2]


def _short(status: bytes, *headers: bytes) -> Answer:
    return Answer(steps=(b"\r\n".join((b"HTTP/1.1 " + status, *headers, b"Content-Length: 5", b"", b"sorry")),))


def _slow(wire: bytes, path: str) -> Answer:
    size = len(wire) // 5 + 1
    return Answer(steps=[part for at in range(0, len(wire), size) for part in (0.05, wire[at : at + size])])


def _early_hints(wire: bytes, path: str) -> Answer:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </assets/site.css>; rel=preload; as=style\r\n\r\n"
    return Answer(steps=(hints, wire))


def _surplus(wire: bytes, path: str) -> Answer:
    stray = b"<html><title>A stray page</title></html>"
    return Answer(steps=(wire + b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(stray), stray),))


def _bare_lf(wire: bytes, path: str) -> Answer:
    head, body = _part(wire)
    return Answer(steps=(head.replace(b"\r\n", b"\n") + body,))


def _lower_case(wire: bytes, path: str) -> Answer:
    head, body = _part(wire)
    return Answer(steps=(re.sub(rb"(?m)^[A-Za-z-]+:", lambda name: name[0].lower(), head) + body,))


def _blank_first(wire: bytes, path: str) -> Answer:
    return Answer(steps=(b"\r\n" + wire,))


def _no_length(wire: bytes, path: str) -> Answer:
    """Does not say how long the body is, and closes (chunked bodies need no length: of those it only closes)."""
    head, body = _part(wire)
    head = re.sub(rb"(?i)(content-length|connection):.*\r\n", b"", head)
    return Answer(steps=(head, body), then="close")


def _reset(wire: bytes, path: str) -> Answer:
    return Answer(steps=(_half(wire), 0.05), then="reset")


def _cut(wire: bytes, path: str) -> Answer:
    return Answer(steps=(_half(wire),), then="close")


def _empty(wire: bytes, path: str) -> Answer:
    return Answer(steps=(), then="close")


def _stall(wire: bytes, path: str) -> Answer:
    return Answer(steps=(_half(wire), 60.0), then="close")


def _error(wire: bytes, path: str) -> Answer:
    return _short(b"500 Internal Server Error")


def _unavailable(wire: bytes, path: str) -> Answer:
    return _short(b"503 Service Unavailable", b"Retry-After: 1")


def _busy(wire: bytes, path: str) -> Answer:
    return _short(b"429 Too Many Requests", b"Retry-After: 1")


def _endless(wire: bytes, path: str) -> Answer:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><p>It goes on and on."
    return Answer(steps=[head, *[_PADDING] * _ENDLESS], then="close")


@cache
def _bomb() -> bytes:
    return gzip.compress(_PADDING * 16, 9, mtime=0) * 128  # packed whole, it would take longer than a client waits


def _gzip_bomb(wire: bytes, path: str) -> Answer:
    """128 MiB of blanks in 128 KiB."""
    bomb = _bomb()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    return Answer(steps=(head % len(bomb), bomb))


def _redirect(wire: bytes, path: str) -> Answer:
    return _short(b"302 Found", b"Location: " + path.encode(), b"Set-Cookie: seen=1")


MISBEHAVIOURS: dict[str, Misbehaviour] = {
    "slow": Misbehaviour(_slow),
    "early-hints": Misbehaviour(_early_hints),
    "surplus": Misbehaviour(_surplus),
    "bare-lf": Misbehaviour(_bare_lf),
    "lower-case": Misbehaviour(_lower_case),
    "blank-first": Misbehaviour(_blank_first),
    "no-length": Misbehaviour(_no_length),
    "reset": Misbehaviour(_reset, once=True),
    "cut": Misbehaviour(_cut, once=True),
    "empty": Misbehaviour(_empty, once=True),
    "stall": Misbehaviour(_stall, once=True),
    "error": Misbehaviour(_error, once=True),
    "unavailable": Misbehaviour(_unavailable, once=True),
    "busy": Misbehaviour(_busy, once=True),
    "endless": Misbehaviour(_endless, once=True),
    "gzip-bomb": Misbehaviour(_gzip_bomb, once=True),
    "redirect-self": Misbehaviour(_redirect, once=True),
    "redirect-loop": Misbehaviour(_redirect),
}
