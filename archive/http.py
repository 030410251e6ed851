"""Raw bytes of an HTTP/1.x response -> its head, its framing and its payload. Pure, and as lenient as browsers.

A head ends at its first blank line, be the lines ended by CR LF or by LF alone. Junk that browsers skip is skipped
(blank lines and up to four bytes before the status line, lines without a colon), folded lines are joined, and a name
may have spaces before its colon. Nothing is refused that a browser shows; ``Framing.sound`` tells what no careful
client would keep a connection open after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from archive.chunked import Dechunker
from archive.encodings import DECODED_LIMIT, Inflater, decode
from archive.spool import Spool, chunks

__all__ = [
    "HEAD_LIMIT",
    "Dechunker",
    "Framing",
    "Head",
    "begins_head",
    "decoded",
    "framing",
    "head_end",
    "parse_head",
    "payload",
]

HEAD_LIMIT = 16 * 1024 * 1024
"""Bytes of a block within which its head must end to be found. What records responses takes no longer ones."""

_STATUS = re.compile(
    rb"[\r\n\t ]{0,64}[^\r\n]{0,4}?((?:HTTP(?:/\d+(?:\.\d+)?)?)|ICY)[ \t]+(\d{3})(?!\d)[ \t]*([^\r\n]*)",
    re.IGNORECASE,
)
_START = re.compile(rb"[\r\n\t ]{0,64}[^\r\n]{0,4}?(?=HTTP|ICY )", re.IGNORECASE)
_END = re.compile(rb"\n\r?\n")
_MIME = re.compile(rb"[!#$%&'*+.^_`|~0-9a-z-]+/[!#$%&'*+.^_`|~0-9a-z-]+")
_LENGTH = re.compile(rb"(\+?)(\d{1,18})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Status line and header fields of a response."""

    version: bytes
    """As sent: ``HTTP/1.1``, ``HTTP/2``, ``ICY``."""
    status: int
    reason: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    """Names and values as sent, stripped; folds joined with a space; lines without a colon left out."""
    length: int
    """Bytes of the head as sent: what comes before the status line and the blank line at the end included."""

    def get(self, name: bytes) -> bytes | None:
        """The first value of a header, whatever the case of its name."""
        name = name.lower()
        for key, value in self.headers:
            if key.lower() == name:
                return value
        return None

    def all(self, name: bytes) -> list[bytes]:
        name = name.lower()
        return [value for key, value in self.headers if key.lower() == name]

    @property
    def mime(self) -> str:
        """Media type of Content-Type, lower case and without parameters; ``unk`` if there is none."""
        kind = (self.get(b"content-type") or b"").partition(b";")[0].strip().lower()
        return kind.decode("ascii") if _MIME.fullmatch(kind) else "unk"


def head_end(data: bytes | bytearray, scanned: int = 0) -> int | None:
    """Where the head ends: 0 when more bytes are needed, None when these bytes never will be a head.

    `scanned` bytes were looked at before, and held no end.
    """
    start = _START.match(data)
    if start is None:
        blank = len(data) - len(data.lstrip(b"\r\n\t "))
        return None if blank > 64 or len(data) - blank >= 8 else 0
    end = _END.search(data, max(start.end(), scanned - 2))
    return end.end() if end else 0


def begins_head(data: bytes | bytearray) -> bool:
    """Whether these bytes are at least the beginning of a head, and not only of anything."""
    return _START.match(data) is not None


def parse_head(data: bytes, *, icy: bool = False) -> Head | None:
    """The head that `data` begins with; None when it is incomplete or has no valid status line.

    ``ICY 200 OK`` is none, save where `icy` asks for what browsers take for one.
    """
    status = _STATUS.match(data)
    if status is None:
        return None
    end = _END.search(data, status.start(1))
    if end is None:
        return None
    version = status[1]
    if not icy and version[:1] in b"Ii":
        return None
    headers: list[tuple[bytes, bytes]] = []
    folds = False  # whether the line before was a header, so that a fold belongs to it
    for line in data[status.end() : end.start()].split(b"\n")[1:]:
        if line[:1] in (b" ", b"\t") and headers and folds:
            name, value = headers[-1]
            headers[-1] = (name, (value + b" " + line.strip(b" \t\r")).strip(b" "))
            continue
        name, colon, value = line.partition(b":")
        name = name.strip(b" \t\r")
        folds = bool(colon and name)
        if folds:
            headers.append((name, value.strip(b" \t\r")))
    return Head(
        version=version,
        status=int(status[2]),
        reason=status[3].rstrip(b" \t"),
        headers=tuple(headers),
        length=end.end(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """How the end of a message is told (RFC 9112 section 6.3, with what browsers make of faults)."""

    kind: Literal["none", "length", "chunked", "close"]
    length: int = 0
    """Bytes of the body, for kind ``length``."""
    codings: tuple[bytes, ...] = ()
    """Transfer codings below the chunks, in the order they were applied."""
    sound: bool = True
    """False when another client might see the message end elsewhere."""
    conflicting: bool = False
    """Content-Lengths that differ: browsers show an error. `length` is the smallest."""


def framing(head: Head, method: str = "GET") -> Framing:
    """How a response to `method` ends."""
    status = head.status
    if method == "HEAD" or status < 200 or status in (204, 304):
        return Framing(kind="none", sound=status >= 200)
    codings: list[bytes] = []
    lengths: list[bytes] = []
    coded = False
    for name, value in head.headers:
        if len(name) == 14 and name.lower() == b"content-length":
            lengths += value.split(b",")
        elif len(name) == 17 and name.lower() == b"transfer-encoding":
            coded = True
            codings += [coding.partition(b";")[0].strip().lower() for coding in value.split(b",")]
    if coded:
        below = tuple(coding.removeprefix(b"x-") for coding in codings if coding in _TRANSFER_CODINGS)
        if b"chunked" in codings:
            sound = codings == [b"chunked"] and not lengths and head.version.upper() == b"HTTP/1.1"
            return Framing(kind="chunked", codings=below, sound=sound)
        if below:
            return Framing(kind="close", codings=below, sound=False)
    numbers = [_LENGTH.fullmatch(length.strip()) for length in lengths]
    known = [int(number[2]) for number in numbers if number]
    if not known:
        # A 205 has no content (RFC 9110 section 15.3.6); a server that says so by leaving out the length is believed.
        return Framing(kind="none" if status == 205 else "close", sound=False)
    return Framing(
        kind="length",
        length=min(known),
        sound=not coded and len(known) == len(numbers) == 1 and not (numbers[0] and numbers[0][1]),
        conflicting=min(known) != max(known),
    )


_TRANSFER_CODINGS = frozenset([b"gzip", b"x-gzip", b"deflate"])


def payload(block: bytes | Spool, head: Head, method: str = "GET") -> Iterator[bytes]:
    """The entity body within a response block: transfer codings removed, content codings kept.

    Empty for answers to HEAD, and for 1xx, 204 and 304. Damage ends it early, and never raises.
    """
    frame = framing(head, method)
    if frame.kind == "none":
        return
    dechunker = Dechunker() if frame.kind == "chunked" else None
    inflaters = [Inflater(coding) for coding in reversed(frame.codings)]
    for piece in chunks(block, head.length):
        data = dechunker.feed(piece) if dechunker else bytes(piece)
        for inflater in inflaters:
            data = inflater.feed(data)
        if data:
            yield data
    if dechunker and (data := dechunker.finish()):
        yield data


def decoded(payload: bytes, head: Head | None, limit: int = DECODED_LIMIT) -> bytes:
    """A payload with its content codings removed: at most `limit` bytes, and of a damaged one what can be read."""
    if head is None:
        return payload[:limit]
    codings = [coding.strip().lower() for value in head.all(b"content-encoding") for coding in value.split(b",")]
    return decode(payload, codings, limit)
