"""The block of a record, checked as it streams by: digests, HTTP head and framing, fields. Pure.

A block is fed in pieces and never held, so its length does not matter. The payload is what clause 5.9 and
iipc/warc-specifications #22 make of it: transfer codings removed, content codings kept.

A body that is plain text although its head states a content encoding may be what the server really sent; servers do.
It is a defect only where the head proves that it is not: its Content-Length or chunks are not this body's, or no right
block digest vouches for it. Else it is a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from archive.care.header import Header, Problem
from archive.care.stated import Piece, Stated
from archive.chunked import Dechunker
from archive.encodings import Inflater
from archive.http import HEAD_LIMIT, Framing, Head, begins_head, framing, parse_head
from archive.sniff import SNIFF_LENGTH, sniff

__all__ = ["Block", "Fields", "Http", "Request", "block_of"]

_FIELDS_LIMIT: Final = 1024 * 1024
_FIRST_LOOK: Final = 4096
_SOUND_FIELDS: Final = re.compile(rb"(?:[^\s:][^\n:]*+:[^\n]*+\n)*+")


def _stated(header: Header, name: str) -> Stated | None:
    value = header.values.get(name)
    if value is None:
        return None
    try:
        return Stated(value)
    except ValueError:
        return None  # archive.care.header has told of it


class Block:
    """Any block: its digest. Feed it, then ask for its problems once."""

    head: Head | None = None
    """Of a response: its head, once it has been seen."""
    bodiless = False
    """The head promises a body, and there is none: right only for an answer to HEAD."""
    method: str | None = None
    """Of a request."""
    _vouched = False

    def __init__(self, header: Header, ours: bool) -> None:
        self.header = header
        self.ours = ours
        self._block = _stated(header, "warc-block-digest")

    def feed(self, piece: Piece) -> None:
        if self._block is not None:
            self._block.update(piece)

    def problems(self) -> list[Problem]:
        self._vouched = self._block is not None and self._block.holds()
        if self._block is None or self._vouched:
            return []
        return [Problem("block-digest", f"the block does not have the digest {self._block.text}")]


class _Whole(Block):
    """A block that is its own payload: of resource and conversion, and of responses by other protocols."""

    def __init__(self, header: Header, ours: bool) -> None:
        super().__init__(header, ours)
        self._payload = _stated(header, "warc-payload-digest")

    def feed(self, piece: Piece) -> None:
        super().feed(piece)
        piece = self._of_payload(piece)
        if self._payload is not None:
            self._payload.update(piece)

    def _of_payload(self, piece: Piece) -> Piece:
        """What of the block's next piece belongs to the payload."""
        return piece

    def problems(self) -> list[Problem]:
        found = super().problems()
        if self._payload is not None and not self._payload.holds():
            found.append(_payload_differs(self._payload))
        return found


class Request(_Whole):
    """A request: its payload, where a digest of one is stated, is what follows its head."""

    def _of_payload(self, piece: Piece) -> Piece:
        if self.method is not None:
            return piece
        start = bytes(piece)
        self.method = start[:64].partition(b" ")[0].decode("latin-1").upper()
        end = start.find(b"\r\n\r\n")
        return piece[end + 4 :] if end >= 0 else b""


class Fields(Block):
    """A block of application/warc-fields."""

    def __init__(self, header: Header, ours: bool) -> None:
        super().__init__(header, ours)
        self._pieces: list[bytes] = []
        self._length = 0

    def feed(self, piece: Piece) -> None:
        super().feed(piece)
        if self._length < _FIELDS_LIMIT:
            self._pieces.append(bytes(piece))
            self._length += len(piece)

    @property
    def text(self) -> bytes:
        """The block, as far as it is looked at."""
        return b"".join(self._pieces)

    def named(self) -> dict[str, str]:
        """First values by lower-case name."""
        found: dict[str, str] = {}
        for line in self.text.decode("utf-8", "replace").split("\n"):
            name, colon, value = line.rstrip("\r").partition(":")
            if colon:
                found.setdefault(name.strip().lower(), value.strip())
        return found

    def problems(self) -> list[Problem]:
        found = super().problems()
        text = self.text
        sound = _SOUND_FIELDS.fullmatch(text)
        lines = text.removesuffix(b"\n").removesuffix(b"\r").split(b"\n") if not sound and text.strip() else []
        for line in lines:
            if self._length < _FIELDS_LIMIT and line.strip() and b":" not in line and line[:1] not in (b" ", b"\t"):
                found.append(Problem("bad-fields-block", f"{line[:60]!r} is no field"))
                break
        if self.header.type == "warcinfo" and self.ours:
            named = self.named()
            for name in ("software", "format", "conformsto"):
                if name not in named:
                    found.append(Problem("bad-fields-block", f"the warcinfo lacks {name}"))
        return found


class Http(Block):
    """A response or revisit of HTTP: head, framing, payload digest."""

    _framed: Stated | None = None
    _waiting: bytes | None = b""
    """What may become a head; None once there is one, or can be none."""
    _frame: Framing | None = None
    _dechunker: Dechunker | None = None
    _inflaters: Sequence[Inflater] = ()
    _encoding = b""
    _start = b""
    _length = 0
    """Of the body as sent."""

    def __init__(self, header: Header, ours: bool) -> None:
        super().__init__(header, ours)
        self._is_revisit = header.type == "revisit"
        self._segmented = "warc-segment-number" in header.values
        self._payload = None if self._is_revisit else _stated(header, "warc-payload-digest")

    def feed(self, piece: Piece) -> None:
        super().feed(piece)
        if self._waiting is None:
            self._body(piece)
            return
        if not self._waiting and (head := parse_head(bytes(piece[:_FIRST_LOOK]))) is not None:
            self._begin(head)
            self._body(piece[head.length :])
            return
        self._waiting += piece
        if (head := parse_head(self._waiting)) is not None:
            rest = self._waiting[head.length :]
            self._begin(head)
            self._body(rest)
        elif len(self._waiting) > HEAD_LIMIT or (len(self._waiting) > _FIRST_LOOK and not begins_head(self._waiting)):
            self._waiting = None

    def _begin(self, head: Head) -> None:
        self.head = head
        self._waiting = None
        self._frame = framing(head)
        self._encoding = b",".join(head.all(b"content-encoding")).strip().lower()
        if self._encoding == b"identity":
            self._encoding = b""
        if self._frame.kind == "chunked":
            self._dechunker = Dechunker()
            if not self.ours and self._payload is not None:
                self._framed = self._payload.fresh()
        if self._frame.codings:
            self._inflaters = [Inflater(coding) for coding in reversed(self._frame.codings)]

    def _body(self, piece: Piece) -> None:
        self._length += len(piece)
        if self._frame is None or self._frame.kind == "none":
            return
        if self._framed is not None:
            self._framed.update(piece)
        for part in self._dechunker.pieces(piece) if self._dechunker is not None else (piece,):
            for inflater in self._inflaters:
                part = inflater.feed(bytes(part))
            self._entity(part)

    def _entity(self, piece: Piece) -> None:
        if self._payload is not None:
            self._payload.update(piece)
        if self._encoding and len(self._start) < SNIFF_LENGTH:
            self._start += bytes(piece[:SNIFF_LENGTH])

    def problems(self) -> list[Problem]:
        found = super().problems()
        if self.head is None:
            if self._payload is not None and self.ours:
                what = "a payload digest, where no valid head tells a payload apart"
                found.append(Problem("forbidden-field", what))
        elif self._is_revisit:
            if self._length:
                found.append(Problem("revisit-body", f"{self._length} bytes follow the head"))
        elif not self._segmented:
            found += self._response(self.head)
        return found

    def _response(self, head: Head) -> Iterator[Problem]:
        assert self._frame is not None
        if self._dechunker is not None:
            self._entity(self._dechunker.finish())
        if 100 <= head.status < 200 and head.status != 101 and self._length:
            yield Problem("interim-in-block", f"the head of a {head.status} response comes first")
            return
        if self._payload is None and "warc-payload-digest" not in self.header.values:
            yield Problem("lacking-field", "a response without WARC-Payload-Digest")
        elif self._payload is not None and not self._payload.holds():
            if self._framed is not None and self._framed.holds():
                yield Problem("framed-digest", f"{self._payload.text} counts the chunk framing in")
            else:
                yield _payload_differs(self._payload)
        unframed = self._dechunker is not None and self._dechunker.raw
        if self._encoding and self._is_plain():
            text = f"the head says Content-Encoding: {self._encoding.decode('latin-1')}, the body is plain text"
            wrong = self._frame.kind == "length" and self._length != self._frame.length
            if (wrong and "warc-truncated" not in self.header.values) or unframed:
                yield Problem("decoded-body", f"{text}, and the head's framing is not this body's")
            elif not self._vouched:
                yield Problem("decoded-body", f"{text}, and no right block digest vouches for it")
            else:
                yield Problem("lying-encoding", text)
            return
        if unframed:
            yield Problem("unframed-body", "the head says Transfer-Encoding: chunked, the body has no chunks")
        if "warc-truncated" not in self.header.values:
            yield from self._cut(self._frame)

    def _cut(self, frame: Framing) -> Iterator[Problem]:
        if frame.kind == "length" and not frame.conflicting and self._length < frame.length:
            what = f"the body has {self._length} of {frame.length} bytes"
        elif self._dechunker is not None and not (self._dechunker.done or self._dechunker.raw):
            what = "the last chunk is missing"
        else:
            return
        if self._length:
            yield Problem("unmarked-cut", what)
        else:
            self.bodiless = True

    def _is_plain(self) -> bool:
        """Whether the payload plainly is text that nothing has encoded."""
        kind = sniff(self._start)
        if kind == "text/plain":
            return len(self._start) >= 64 and self._start[:64].isascii()
        return kind is not None and kind.endswith(("html", "xml", "json"))


def _payload_differs(stated: Stated) -> Problem:
    return Problem("payload-digest", f"the payload does not have the digest {stated.text}")


def block_of(header: Header, ours: bool) -> Block:
    """What checks the block of a record with this header."""
    values = header.values
    return _form(header.type, values.get("content-type", ""), "warc-segment-number" in values)(header, ours)


@lru_cache(maxsize=256)
def _form(kind: str, content_type: str, segmented: bool) -> type[Block]:
    media = content_type.partition(";")[0].strip().lower()
    if kind in ("response", "revisit") and media == "application/http":
        return Http
    if kind == "request" and media == "application/http":
        return Request
    if media == "application/warc-fields":
        return Fields
    return _Whole if kind in ("response", "resource", "conversion") and not segmented else Block
