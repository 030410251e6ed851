"""A capture -> the bytes that a client is sent: what the server sent then, head and body, as they are archived.

The block of a response goes out as it is, whatever is odd about it. Where a careful client might see its end elsewhere,
or not at all (a body that was cut, one that the end of the connection ends, no HTTP/1.1), the connection is closed
behind it. A revisit has a head of its own, and the body of the capture that it refers to: in the chunks of that one
where both are chunked, else framed as its head says; where the two do not fit, that capture goes out whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from archive.http import Head, framing
from archive.replay.display import NotShown
from archive.replay.response import REASONS, Response
from archive.resolve import Answer
from archive.spool import Spool, chunks, kept, streamed
from archive.warc.reader import Record

__all__ = ["Message", "as_sent", "made"]

_FIELDS: Final = rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n"
_HEAD: Final = re.compile(rb"HTTP/1\.1 [1-9]\d\d [\t\x20-\x7e\x80-\xff]*\r\n" + _FIELDS)
_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,15})(?:;[\t\x20-\x7e]*)?\r\n")
_TRAILERS: Final = re.compile(_FIELDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An answer as it goes over the wire."""

    head: bytes
    """Empty where there is none: of what was no HTTP."""
    body: bytes | Iterable[bytes] = b""
    last: bool = False
    """Whether the connection has to be closed behind it."""


def as_sent(answer: Answer, method: str = "GET", also: Iterable[tuple[str, str]] = ()) -> Message:
    """The archived bytes, for a HEAD the archived head; NotShown where that has none.

    Headers in `also` are put below the archived ones: with any, the head is no longer the exact one.
    """
    message = None if answer.record is answer.source else _revisit(answer, method)
    message = message or _block(answer.source, method)
    lines = "".join(f"{name}: {value}\r\n" for name, value in also).encode("utf-8")
    if not lines or not message.head:
        return message
    end = len(message.head) - (2 if message.head.endswith(b"\r\n") else 1)  # the blank line
    return Message(head=message.head[:end] + lines + message.head[end:], body=message.body, last=message.last)


def made(response: Response, method: str = "GET") -> Message:
    """A response that was not archived, as bytes."""
    lines = [f"HTTP/1.1 {response.status} {REASONS[response.status]}"]
    lines += [f"{name}: {value}" for name, value in response.headers]
    lines += [] if response.size is None or response.status == 204 else [f"Content-Length: {response.size}"]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
    return Message(head=head, body=b"" if method == "HEAD" else response.body, last=response.size is None)


def _block(record: Record, method: str) -> Message:
    """A record's block as it is."""
    head = record.head
    if head is None:
        if method == "HEAD":
            raise NotShown("what came was no answer in HTTP")
        return Message(head=b"", body=_all(record.block), last=True)
    return _message(head, _start(record.block, head.length), record.block, head.length, method)


def _revisit(answer: Answer, method: str) -> Message | None:
    """The revisit's head and the payload below it; None where they do not fit."""
    head, origin, block = answer.record.head, answer.source.head, answer.source.block
    if head is None or origin is None:
        return None
    start = _start(answer.record.block, head.length)
    mine, theirs = framing(head, method), framing(origin)
    if mine.kind == "none":
        return _message(head, start, b"", 0, method)
    if mine.codings or theirs.codings:
        return None
    if mine.kind == theirs.kind == "chunked":
        return _message(head, start, block, origin.length, method)
    payload = kept(answer.payload())
    if mine.kind == "length" and mine.length != len(payload):
        return None
    if mine.kind == "chunked":
        payload = kept(_chunked(payload))
    return _message(head, start, payload, 0, method)


def _message(head: Head, start: bytes, body: bytes | Spool, at: int, method: str) -> Message:
    """A head, and a body that begins at byte `at` of what holds it."""
    if method == "HEAD":
        return Message(head=start, last=not _keeps_open(head, start))
    ended = _keeps_open(head, start) and _ends_by_itself(head, body, at, method)
    return Message(head=start, body=_all(body, at), last=not ended)


def _keeps_open(head: Head, start: bytes) -> bool:
    """Whether the head is one that all clients read alike, and none takes as the last of its connection."""
    options = b",".join(head.all(b"connection")).lower().split(b",")
    return _HEAD.fullmatch(start) is not None and b"close" not in map(bytes.strip, options)


def _ends_by_itself(head: Head, body: bytes | Spool, at: int, method: str) -> bool:
    """Whether any client sees this message end where it does."""
    frame = framing(head, method)
    if frame.kind == "chunked" and frame.sound and isinstance(body, bytes):
        return _ends_in_chunks(body, at)
    lengths = head.all(b"content-length")
    if head.all(b"transfer-encoding") or len(lengths) > 1 or not all(map(bytes.isdigit, lengths)):
        return False  # also beside a status that has no body
    return frame.kind in ("none", "length") and frame.sound and len(body) - at == frame.length


def _ends_in_chunks(body: bytes, at: int) -> bool:
    """Whether it is in chunks that all clients read alike, to its last byte."""
    while line := _SIZE.match(body, at):
        size = int(line[1], 16)
        if size == 0:
            return _TRAILERS.fullmatch(body, line.end()) is not None
        at = line.end() + size + 2
        if body[at - 2 : at] != b"\r\n":
            return False
    return False


def _start(block: bytes | Spool, length: int) -> bytes:
    """The first `length` bytes."""
    start = b""
    for piece in chunks(block):
        start += piece[: length - len(start)]
        if len(start) >= length:
            break
    return start


def _all(data: bytes | Spool, at: int = 0) -> bytes | Iterator[bytes]:
    return streamed(data, at) if isinstance(data, Spool) else data[at:]


def _chunked(payload: bytes | Spool) -> Iterator[bytes]:
    for piece in chunks(payload):
        yield b"%x\r\n%b\r\n" % (len(piece), bytes(piece))
    yield b"0\r\n\r\n"
