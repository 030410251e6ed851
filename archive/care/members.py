"""A WARC file as it lies on disk: where its gzip members start, and their inflated bytes.

No library that forgives stands between: members are found by inflating (ISA-L checks length and checksum of each), and
what does not inflate is an error with its place. After one, `resync` finds the next member that starts a record.
The file is read once, forward, in small steps, so neither a long record nor a gzip bomb costs memory; the bytes read
are hashed on the way when asked. Only the first `end` bytes are looked at: a file that grows is judged as it was.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from typing import Any, Final, Literal

from isal import igzip_lib
from isal.igzip_lib import DECOMP_GZIP, IgzipDecompressor

__all__ = ["Broken", "Members", "PlainFile", "starts_member"]

_STEP: Final = 32 * 1024
"""Compressed bytes a step, and no more: what follows a member's end is copied, and of a damaged one a step is lost."""

_PIECE: Final = 1024 * 1024
"""The most inflated bytes handed out at once."""

_SCAN: Final = 1024 * 1024
_BROKEN: Any = igzip_lib.IsalError  # its stub calls it an instance
_MAGIC: Final = b"\x1f\x8b\x08"
_VERSION: Final = b"WARC/"


class Broken(Exception):
    """The bytes of a member cannot be had: it is `cut` by the file's end, `damaged`, or `absent`."""

    def __init__(self, why: str, kind: Literal["cut", "damaged", "absent"]) -> None:
        super().__init__(why)
        self.kind = kind


def starts_member(data: bytes) -> bool:
    """Whether a gzip member with a plausible header starts here."""
    return data.startswith(_MAGIC) and len(data) > 3 and data[3] < 0x20


class _Bytes:
    """The file's first `end` bytes by position, each hashed once, in order."""

    def __init__(self, fd: int, end: int, sha256: bool) -> None:
        self.end = end
        self._fd = fd
        self._hash = hashlib.sha256() if sha256 else None
        self._hashed = 0

    def read(self, position: int, length: int) -> bytes:
        if self._hash is not None and position > self._hashed:
            self._catch_up(position)
        data = os.pread(self._fd, min(length, self.end - position), position) if position < self.end else b""
        if self._hash is not None and position + len(data) > self._hashed:
            self._hash.update(memoryview(data)[self._hashed - position :])
            self._hashed = position + len(data)
        return data

    def peek(self, position: int, length: int) -> bytes:
        """As `read`, unhashed: for looking ahead."""
        return os.pread(self._fd, min(length, self.end - position), position) if position < self.end else b""

    def sha256(self) -> str | None:
        """Of all bytes, those that were skipped too; None when it was not asked for."""
        if self._hash is None:
            return None
        self._catch_up(self.end)
        return self._hash.hexdigest()

    def _catch_up(self, position: int) -> None:
        assert self._hash is not None
        while self._hashed < position:
            data = os.pread(self._fd, min(_SCAN, position - self._hashed), self._hashed)
            if not data:
                return
            self._hash.update(data)
            self._hashed += len(data)

    def find(self, needle: bytes, position: int, accept: Callable[[int], bool]) -> int | None:
        """The first place at or after `position` where `needle` stands and `accept` agrees."""
        while position < self.end:
            window = self.peek(position, _SCAN)
            if not window:
                return None
            at = window.find(needle)
            while at >= 0:
                if accept(position + at):
                    return position + at
                at = window.find(needle, at + 1)
            position += max(len(window) - len(needle) + 1, 1) if len(window) == _SCAN else len(window)
        return None


class Members:
    """The gzip members of a file, one after the other: `start`, then `piece` until it is empty."""

    one_record_each: Final = True

    def __init__(self, fd: int, end: int, *, start: int = 0, step: int = _STEP, sha256: bool = False) -> None:
        self.offset = start
        """Where the current member starts."""
        self._bytes = _Bytes(fd, end, sha256)
        self._position = start
        self._step = step
        self._rest = b""
        self._inflate: IgzipDecompressor | None = None

    @property
    def position(self) -> int:
        """Where the next member starts, once the current one is read to its end."""
        return self._position - len(self._rest)

    @property
    def ended(self) -> bool:
        """Whether the current member has no more pieces."""
        return self._inflate is None

    def start(self) -> bool:
        """Goes to the next member; False at the end of the file. The current one must be read to its end."""
        self.offset = self._position - len(self._rest)
        if self.offset >= self._bytes.end:
            return False
        if len(self._rest) < 4:
            self._fetch()
        if not starts_member(self._rest):
            at_end = len(self._rest) < 4 and _MAGIC.startswith(self._rest[:3])
            raise Broken("no gzip member starts here", "cut" if at_end else "absent")
        self._inflate = IgzipDecompressor(flag=DECOMP_GZIP)
        return True

    def piece(self) -> bytes:
        """The next inflated bytes, at most 1 MiB; empty at the member's end."""
        inflate = self._inflate
        while inflate is not None:
            given = b""
            if inflate.needs_input:
                if not self._rest:
                    self._fetch()
                    if not self._rest:
                        raise Broken("the file ends within this member", "cut")
                given, self._rest = self._rest, b""
            try:
                data: bytes = inflate.decompress(given, _PIECE)
            except _BROKEN as error:
                raise Broken(f"the member does not inflate: {error}", "damaged") from None
            if inflate.eof:
                self._rest = inflate.unused_data
                self._inflate = inflate = None
            if data:
                return data
        return b""

    def resync(self) -> int | None:
        """After `Broken`: goes to the next member that starts a record, and says where; None when there is none."""
        found = self._bytes.find(_MAGIC, self.offset + 1, self._starts_record)
        self._position = self._bytes.end if found is None else found
        self._rest = b""
        return found

    def remainder(self) -> str:
        """What lies from the current member's start to the end of the file, in words."""
        length = self._bytes.end - self.offset
        zero = length <= 64 * _SCAN and not any(
            self._bytes.peek(at, _SCAN).strip(b"\0") for at in range(self.offset, self._bytes.end, _SCAN)
        )
        return f"{length} bytes, all zero" if zero else f"{length} bytes"

    def sha256(self) -> str | None:
        return self._bytes.sha256()

    def _fetch(self) -> None:
        data = self._bytes.read(self._position, self._step)
        self._position += len(data)
        self._rest += data

    def _starts_record(self, position: int) -> bool:
        try:
            start = IgzipDecompressor(flag=DECOMP_GZIP).decompress(self._bytes.peek(position, 512), len(_VERSION))
        except _BROKEN:
            return False
        return bytes(start) == _VERSION


class PlainFile:
    """An uncompressed WARC file through the same calls: one stretch from a record's start on."""

    one_record_each: Final = False

    def __init__(self, fd: int, end: int, *, sha256: bool = False) -> None:
        self.offset = 0
        self._bytes = _Bytes(fd, end, sha256)
        self._position = 0

    @property
    def position(self) -> int:
        return self._position

    def start(self) -> bool:
        self.offset = self._position
        return self.offset < self._bytes.end

    @property
    def ended(self) -> bool:
        return self._position >= self._bytes.end

    def piece(self) -> bytes:
        data = self._bytes.read(self._position, 8 * _STEP)
        self._position += len(data)
        return data

    def resync(self, position: int) -> int | None:
        """Goes to the next version line at or after `position`."""
        found = self._bytes.find(b"\r\n\r\n" + _VERSION, position, lambda _: True)
        self._position = self._bytes.end if found is None else found + 4
        return None if found is None else self._position

    def sha256(self) -> str | None:
        return self._bytes.sha256()
