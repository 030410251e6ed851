"""The chunked transfer coding (RFC 9112 section 7.1), taken apart as it comes. Pure.

Lenient as browsers: extensions, trailers, padded sizes, bare LF. Bytes that never were chunks, although a header said
so, are handed on as they are; framing that breaks later on ends the body there.
"""

from __future__ import annotations

import re
from typing import Literal

__all__ = ["Dechunker"]

_SIZE = re.compile(rb"[ \t]*0*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\n]*)?\r?\n")
_PLAIN_SIZE = re.compile(rb"([1-9A-Fa-f][0-9A-Fa-f]{0,7})\r\n")
_NEWLINE = re.compile(rb"\n")
_LINE_LIMIT = 16 * 1024
_TRAILER_LIMIT = 256 * 1024


class Dechunker:
    """Feed it the body as sent; it gives back the body as meant."""

    __slots__ = ("_first", "_left", "_line", "_state", "_trailer", "broken", "done", "raw", "sound", "unused")

    def __init__(self) -> None:
        self._state: Literal["size", "data", "end", "trailer"] = "size"
        self._left = 0
        self._line = b""
        self._trailer = 0
        self._first = True
        self.done = False
        """The last chunk and its trailers have been seen, or the framing broke."""
        self.broken = False
        """The framing broke after it had begun well."""
        self.raw = False
        """There is no framing at all: the body ends where the connection does."""
        self.sound = True
        """No line so far was one that a strict parser would refuse."""
        self.unused = 0
        """How many bytes at the end of the last feed lie beyond the end of the message."""

    def feed(self, data: bytes | memoryview) -> bytes:
        """The content within the next bytes. What follows the end is counted in `unused`, and not looked at."""
        return b"".join(self.pieces(data))

    def pieces(self, data: bytes | memoryview) -> list[bytes | memoryview]:
        """As `feed`, in the pieces that it lies in: nothing is copied, so they are good as long as `data` is."""
        if self.raw:
            return [data]
        if self.done:
            self.unused = len(data)
            return []
        view = memoryview(self._line + data if self._line else data)
        self._line = b""
        pieces: list[bytes | memoryview] = []
        at, size = 0, len(view)
        while at < size and not self.done:
            if self._state == "size" and (plain := _PLAIN_SIZE.match(view, at)):
                # Nearly all chunks: plainly framed, and here to their end.
                begin = plain.end()
                end = begin + int(plain[1], 16)
                if bytes(view[end : end + 2]) == b"\r\n":
                    pieces.append(view[begin:end])
                    self._first = False
                    at = end + 2
                    continue
            if self._state == "data":
                piece = view[at : at + self._left]
                pieces.append(piece)
                at += len(piece)
                self._left -= len(piece)
                if not self._left:
                    self._state = "end"
                continue
            newline = _NEWLINE.search(view, at)
            if newline is None and size - at <= _LINE_LIMIT and (self._state != "end" or bytes(view[at:]) == b"\r"):
                self._line = bytes(view[at:])
                return pieces
            if newline is None or not self._take_line(bytes(view[at : newline.end()])):
                self._break()
                if self.raw:
                    return [view]
                at = size
                break
            at = newline.end()
        self.unused = size - at
        return pieces

    def finish(self) -> bytes:
        """What was held back when the connection ended: a body without framing may be shorter than a size line."""
        rest, self._line = self._line, b""
        if self._first and rest:
            self._break()
            return rest
        return b""

    def _take_line(self, line: bytes) -> bool:
        """Whether the line fits where it stands."""
        if not line.endswith(b"\r\n"):
            self.sound = False
        if self._state == "size":
            match = _SIZE.fullmatch(line)
            if match is None:
                return False
            self._first = False
            self._left = int(match[1], 16)
            self._state = "data" if self._left else "trailer"
            return True
        blank = line in (b"\r\n", b"\n")
        if self._state == "end":
            self._state = "size"
            return blank
        self.done = blank
        self._trailer += len(line)
        return self._trailer <= _TRAILER_LIMIT  # a server could go on for ever

    def _break(self) -> None:
        self.sound = False
        if self._first:
            self.raw = True
        else:
            self.broken = self.done = True
