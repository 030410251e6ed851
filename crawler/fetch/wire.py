"""Reads one HTTP/1.1 response off a connection and keeps every byte of it. Sans-IO: no socket, no clock, no thread.

Feed the bytes as they come. Whatever they are, ``interim heads + block + surplus`` is what was fed, byte for byte (the
surplus: its first 64 KiB). What the bytes mean is read as leniently as browsers read it (``archive.http``): a response
may well be usable whose connection must not be used again.

Memory is bounded: a block beyond 4 MB goes to an unnamed file, and a body that passes its limit is cut there.
"""

from __future__ import annotations

from archive.http import HEAD_LIMIT, Dechunker, Framing, Head, begins_head, framing, head_end, parse_head, payload
from archive.model import Truncation
from archive.spool import SPOOL_LIMIT, Spool

__all__ = ["SURPLUS_LIMIT", "USUAL_HEAD", "ResponseReader"]

USUAL_HEAD = 1024 * 1024
"""Bytes a head may have unless told otherwise, interim ones counted in. No reader looks further than HEAD_LIMIT."""

SURPLUS_LIMIT = 64 * 1024
"""Bytes kept of what comes after the end of the message."""

FRAMING_LIMIT = 256 * 1024
"""Bytes of chunk framing that a body may have beside a quarter of its own: there are chunks of one byte, for ever, and
each costs as much as one of a page."""

_MOST_INTERIM = 100
"""Responses that may come before the one that counts."""

_BARE = Framing(kind="close", sound=False)


class ResponseReader:
    """The response to one request; `limit` is the most bytes its body may have (0: any number).

    With `enough` it is cut once there are more bytes of its body than that, however many were announced.
    """

    __slots__ = (
        "_dechunker",
        "_enough",
        "_frame",
        "_limit",
        "_memory",
        "_method",
        "_parts",
        "_pending",
        "_pieces",
        "_spool",
        "_surplus",
        "block_length",
        "body_length",
        "complete",
        "ended",
        "fault",
        "head",
        "interim",
        "interim_length",
        "largest_head",
        "surplus_length",
    )

    def __init__(
        self,
        method: str = "GET",
        *,
        limit: int = 0,
        enough: int | None = None,
        memory: int = SPOOL_LIMIT,
        largest_head: int = USUAL_HEAD,
    ) -> None:
        self._method = method
        self._limit = limit if enough is None else enough
        self._enough = enough is not None
        self._memory = memory
        self.largest_head = min(largest_head, HEAD_LIMIT)
        self._pending = bytearray()  # bytes that may become a head
        self._parts: list[bytes] = []
        self._pieces: list[bytes] = []
        self._spool: Spool | None = None
        self._surplus: list[bytes] = []
        self._frame: Framing | None = None
        self._dechunker: Dechunker | None = None
        self.interim: list[bytes] = []
        """1xx heads that came before the response, as received."""
        self.interim_length = 0
        self.head: Head | None = None
        """The response's head; ``ICY 200 OK`` is taken for one, as browsers do."""
        self.block_length = 0
        self.body_length = 0
        """Bytes of the body so far, without chunk framing."""
        self.ended = False
        """No more bytes are wanted."""
        self.complete = False
        """The message ended as its framing said it would."""
        self.fault: Truncation | None = None
        """Why the message is not complete, once it has ended."""
        self.surplus_length = 0

    # What came in

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes; returns the part of the body, without chunk framing, that is in them."""
        if self.ended:
            if self.complete:
                self._add_surplus(data)
            else:  # more of what was cut
                self._keep(data)
            return b""
        if self._frame is None:
            return self._feed_head(data)
        return self._feed_body(data, 0)

    def eof(self, *, clean: bool = True) -> bytes:
        """The peer closed (`clean`), or the connection broke; returns what of the body had been held back."""
        if self.ended:
            return b""
        if self._pending and not begins_head(self._pending):
            self._frame = _BARE
        self._flush()
        dechunker, frame = self._dechunker, self._frame
        rest = dechunker.finish() if dechunker else b""
        if rest:
            self._add_piece(rest)
        by_close = frame is not None and (frame.kind == "close" or (dechunker is not None and dechunker.raw))
        self.ended = True
        self.complete = clean and by_close
        self.fault = None if self.complete else "disconnect"
        return rest

    def cut(self, why: Truncation) -> None:
        """Stop here: what came so far is kept, marked as cut."""
        if not self.ended:
            self._flush()
            self.ended = True
            self.fault = why

    def close(self) -> None:
        """Let go of the file a large block is in."""
        if self._spool is not None:
            self._spool.close()

    # What came out

    @property
    def started(self) -> bool:
        """Whether any byte came at all."""
        return bool(self.block_length or self._pending or self.interim)

    @property
    def block(self) -> bytes | Spool:
        """The response as received, from its first byte to the end of the message."""
        return self._spool if self._spool is not None else b"".join(self._parts)

    @property
    def surplus(self) -> bytes:
        return b"".join(self._surplus)[:SURPLUS_LIMIT]

    @property
    def usable(self) -> bool:
        """Whether a browser shows a page: there is a status, and only one way to read the length."""
        return self.head is not None and self._frame is not None and not self._frame.conflicting

    @property
    def has_enough(self) -> bool:
        """Whether it was cut because it had as much as was asked for."""
        return self._enough and self.fault == "length" and self.head is not None

    @property
    def truncated(self) -> Truncation | None:
        """WARC-Truncated: nothing that came is nothing that was cut."""
        return self.fault if self.block_length else None

    @property
    def expected_length(self) -> int | None:
        """Bytes the body was announced to have."""
        return self._frame.length if self._frame is not None and self._frame.kind == "length" else None

    @property
    def most(self) -> int:
        """Bytes that the body may come to have; 0 when nobody knows."""
        announced = self.expected_length
        return self._limit if announced is None else min(announced, self._limit or announced)

    def body(self) -> bytes:
        """The entity body: transfer codings removed, content codings kept."""
        if self.head is None or self._frame is None:
            return b""
        if self._spool is None and not self._frame.codings:
            return b"".join(self._pieces)
        return b"".join(payload(self.block, self.head, self._method))

    @property
    def reusable(self) -> bool:
        """Whether the next request may go down the same connection: never after surplus, or when in doubt."""
        head, frame = self.head, self._frame
        if not self.complete or self.surplus_length or head is None or frame is None or not frame.sound:
            return False
        if self._dechunker is not None and not self._dechunker.sound:
            return False
        options = [option.strip().lower() for value in head.all(b"connection") for option in value.split(b",")]
        if head.version == b"HTTP/1.1":
            return b"close" not in options
        return head.version == b"HTTP/1.0" and b"keep-alive" in options

    # How

    def _feed_head(self, data: bytes) -> bytes:
        buffer: bytes | bytearray = data
        scanned = len(self._pending)
        if scanned:
            self._pending += data
            buffer = self._pending
        while buffer:
            end = head_end(buffer, scanned)
            if end == 0:
                if not scanned:
                    self._pending = bytearray(buffer)
                if self.interim_length + len(buffer) > self.largest_head:
                    self.cut("length")
                return b""
            self._pending = bytearray()
            whole = bytes(buffer)
            head = parse_head(whole, icy=True) if end else None
            if head is None:  # HTTP/0.9, or no HTTP at all: all that comes is kept
                self._frame = _BARE
                return self._feed_body(whole, 0)
            if head.status >= 200 or head.status == 101:
                # Nobody asked for a 101: what follows it is no HTTP, and none of ours.
                return self._begin(whole, head)
            self.interim.append(whole[: head.length])
            self.interim_length += head.length
            buffer, scanned = whole[head.length :], 0
            if self.interim_length > self.largest_head or len(self.interim) > _MOST_INTERIM:
                self._pending += buffer
                self.cut("length")
                return b""
        return b""

    def _begin(self, data: bytes, head: Head) -> bytes:
        frame = framing(head, self._method)
        before_colon = data.find(b" :", 0, head.length) >= 0 or data.find(b"\t:", 0, head.length) >= 0
        if before_colon and frame.sound:  # another parser would not see these fields
            frame = Framing(kind=frame.kind, length=frame.length, sound=False)
        self.head, self._frame = head, frame
        if frame.kind == "chunked":
            self._dechunker = Dechunker()
        if frame.kind == "none" or (frame.kind == "length" and not frame.length):
            self.ended = self.complete = True
        piece = self._feed_body(data, head.length)
        if self._limit and not self._enough and frame.kind == "length" and frame.length > self._limit:
            self.cut("length")  # no need to wait for what would be thrown away
        return piece

    def _feed_body(self, data: bytes, start: int) -> bytes:
        """`data` from `start` on is body as sent; what is before is head."""
        frame, end = self._frame, len(data)
        if self.ended:  # no body
            end, piece = start, b""
        elif self._dechunker is not None:
            piece = self._dechunker.feed(data[start:] if start else data)
            if self._dechunker.done:
                end -= self._dechunker.unused
                self.ended = True
                self.complete = not self._dechunker.broken
                self.fault = "unspecified" if self._dechunker.broken else None
        else:
            if frame is not None and frame.kind == "length":
                left = frame.length - self.body_length
                if end - start >= left:
                    end = start + left
                    self.ended = self.complete = True
            piece = data[start:end]
        self._keep(data if end == len(data) else data[:end])
        if piece:
            self._add_piece(piece)
        if end < len(data):
            self._add_surplus(data[end:])
        return piece

    def _add_piece(self, piece: bytes) -> None:
        self.body_length += len(piece)
        if self._spool is None:
            self._pieces.append(piece)
        framing = self.block_length - self.body_length - (self.head.length if self.head else 0)
        if self._limit and (self.body_length > self._limit or framing > FRAMING_LIMIT + self.body_length // 4):
            self.cut("length")

    def _keep(self, part: bytes) -> None:
        self.block_length += len(part)
        if self._spool is not None:
            self._spool.write(part)
            return
        self._parts.append(part)
        if self.block_length > self._memory:
            self._spool = Spool()
            for part in self._parts:
                self._spool.write(part)
            self._parts.clear()
            self._pieces.clear()

    def _flush(self) -> None:
        if self._pending:
            self._keep(bytes(self._pending))
            self._pending = bytearray()

    def _add_surplus(self, data: bytes) -> None:
        if self.surplus_length < SURPLUS_LIMIT:
            self._surplus.append(data)
        self.surplus_length += len(data)
