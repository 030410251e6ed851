"""Bytes of records in order: a member's, inflated, or a plain file's from a record's start on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Final

from archive.care.members import Broken, Members, PlainFile

__all__ = ["Stream", "is_ours"]

_HEADER_LIMIT: Final = 1024 * 1024
_FIRST_RECORDS: Final = 16
_OUR_SOFTWARE: Final = re.compile(rb"(?:\A|\n)software: wirecopy\b")


class Stream:
    """Takes pieces from its source as they are asked for, and keeps no more than one and what is left of another."""

    def __init__(self, source: Members | PlainFile) -> None:
        self.consumed = 0
        self._source = source
        self._data = b""
        self._at = 0
        self._ended = False

    def peek(self, length: int) -> bytes:
        """The next bytes, left in place: fewer than `length` only at the end."""
        while not self._ended and len(self._data) - self._at < length and self._more():
            pass
        return self._data[self._at : self._at + length]

    def header(self) -> bytes:
        """Up to the blank line, which is passed over; all there is, when none comes within 1 MiB."""
        while True:
            end = self._data.find(b"\r\n\r\n", self._at)
            after = end + 4
            lone = self._data.find(b"\n\n", self._at, end if end >= 0 else len(self._data))
            if lone >= 0:
                end, after = lone, lone + 2
            if end < 0 and len(self._data) - self._at < _HEADER_LIMIT and self._more():
                continue
            if end < 0:
                end = after = len(self._data)
            header = self._data[self._at : end]
            self.skip(after - self._at)
            return header

    def take(self, length: int) -> Iterator[bytes | memoryview]:
        """The next `length` bytes in pieces; fewer only at the end."""
        while length > 0:
            if self._at >= len(self._data) and not self._more():
                return
            size = min(length, len(self._data) - self._at)
            whole = size == len(self._data)
            piece = self._data if whole else memoryview(self._data)[self._at : self._at + size]
            self.skip(size)
            length -= size
            yield piece

    def skip(self, length: int) -> None:
        """Passes over bytes that were peeked at."""
        self._at += length
        self.consumed += length

    def drain(self) -> int:
        """Passes over all that is left, and says how much it was."""
        before = self.consumed
        self.skip(len(self._data) - self._at)
        while self._more():
            self.skip(len(self._data))
        return self.consumed - before

    def _more(self) -> bool:
        if self._ended:
            return False
        piece = self._source.piece()
        self._ended = not piece or self._source.ended
        if piece:
            self._data = self._data[self._at :] + piece if self._at < len(self._data) else piece
            self._at = 0
        return bool(piece)


def is_ours(fd: int, size: int) -> bool:
    """Whether a warcinfo among the first records names this program as the writer."""
    if os.pread(fd, 5, 0) == b"WARC/":
        return _names_us(os.pread(fd, 64 * 1024, 0))
    members = Members(fd, size)
    for _ in range(_FIRST_RECORDS):
        try:
            if not members.start():
                return False
            if _names_us(members.piece()):
                return True
            while members.piece():
                pass
        except Broken:
            if members.resync() is None:
                return False
    return False


def _names_us(start: bytes) -> bool:
    head, _, block = start.partition(b"\r\n\r\n")
    return b"\nWARC-Type: warcinfo" in head and _OUR_SOFTWARE.search(block, 0, 4096) is not None
