"""Strict reading of a gzipped WARC file: every member whole, its checksum right, one record in it and nothing else.

The libraries read on, or just stop, where a file is damaged; what decides how much of a file is kept must know. A
member is decompressed in small steps that grow, so neither a tiny one is copied about nor a large one held whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain
from typing import Any, BinaryIO

from isal import igzip_lib
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from archive.spool import SPOOL_LIMIT, Spool

__all__ = ["Damage", "Member", "Whole", "member_at", "members"]

_KEPT = 1024 * 1024
_MAGIC = b"\x1f\x8b"
_END = _HEADER_END = b"\r\n\r\n"
_WRONG_LENGTH = "the record's length is not what its Content-Length says"
_STEP = 32 * 1024
"""Bytes that are read at once, at most: what follows the end of a member is copied."""
_FIRST_STEP = 4096
_PIECE = 64 * 1024  # larger ones come from the system page by page, and go back: a quarter of the time
_BROKEN: Any = igzip_lib.IsalError  # its stub calls it an instance
_PLAIN_VERSIONS = (b"WARC/1.1\r\n", b"WARC/1.0\r\n")
_PLAIN_FIELD = re.compile(r"\r\n([!-9;-~]+): *([ -~]*)(?=\r\n|\Z)")
_versions = StatusAndHeadersParser(["WARC/1.1", "WARC/1.0"])

Fields = tuple[tuple[str, str], ...]


class Damage(Exception):
    """From `offset` on the file holds no whole record."""

    def __init__(self, offset: int, why: str) -> None:
        super().__init__(f"at byte {offset}: {why}")
        self.offset = offset
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One record in its gzip member."""

    offset: int
    length: int
    headers: Fields
    pieces: tuple[bytes, ...] = field(repr=False)
    """All of it, as it was inflated: some 1 MiB at most."""
    block: slice
    """Where in the record its block lies, as far as it is within the first MiB."""

    @property
    def start(self) -> bytes:
        """The block, as far as it lies within the first MiB of the record."""
        return b"".join(self.pieces)[self.block]

    def begins(self, length: int) -> bytes:
        """The first bytes of the block: so many, or a few less."""
        return self.pieces[0][self.block.start : min(self.block.start + length, self.block.stop)]

    @property
    def kind(self) -> str:
        """WARC-Type in lower case."""
        for name, value in self.headers:
            if name.lower() == "warc-type":
                return value.lower()
        return ""

    @property
    def id(self) -> str:
        """WARC-Record-ID without its brackets."""
        return next((value.strip("<> ") for value in self.all("WARC-Record-ID")), "")

    @property
    def concurrent(self) -> frozenset[str]:
        """The ids of WARC-Concurrent-To, without brackets."""
        return frozenset(value.strip("<> ") for value in self.all("WARC-Concurrent-To"))

    def all(self, name: str) -> list[str]:
        name = name.lower()
        return [value for key, value in self.headers if key.lower() == name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """One record in its gzip member, with all of its block."""

    length: int
    headers: Fields
    block: bytes | Spool


def members(file: BinaryIO) -> Iterator[Member]:
    """The members from the file's position on; Damage at the first that is not one whole record.

    The file is read on from where it stands: leave it there until the last one.
    """
    offset, rest = file.tell(), b""
    while rest or (rest := file.read(_STEP)):
        inflation = _Inflation(file, offset, rest, step=_STEP)
        size = 0
        pieces: list[bytes] = []
        for piece in inflation:
            if size < _KEPT:
                pieces.append(piece)
            size += len(piece)
        if len(pieces) > 1 and _HEADER_END not in pieces[0]:
            pieces = [b"".join(pieces)]
        headers, head = _split(pieces[0] if pieces else b"", offset)
        declared = _content_length(headers, offset)
        if size != head + declared + len(_END):
            raise Damage(offset, _WRONG_LENGTH)
        block = slice(head, min(head + declared, _KEPT))
        yield Member(offset=offset, length=inflation.length, headers=headers, pieces=tuple(pieces), block=block)
        offset += inflation.length
        rest = inflation.rest


def member_at(file: BinaryIO, offset: int) -> Whole:
    """The member that begins at `offset`; Damage when it is not one whole record."""
    file.seek(offset)
    inflation = _Inflation(file, offset)
    pieces = iter(inflation)
    headers, rest = _beginning(pieces, offset)
    declared = _content_length(headers, offset)
    size = 0
    block: bytes | Spool = b""
    for piece in chain([rest], pieces):
        kept = piece[: max(declared - size, 0)]
        size += len(piece)
        if isinstance(block, Spool):
            block.write(kept)
        elif len(block) + len(kept) > SPOOL_LIMIT:
            block = Spool(block + kept)
        else:
            block += kept
    if size != declared + len(_END):
        raise Damage(offset, _WRONG_LENGTH)
    return Whole(length=inflation.length, headers=headers, block=block)


class _Inflation:
    """The content of the member at `offset`, in pieces; `length` is the member's own, once they are read.

    The file stands there, or behind the bytes of it in `rest`, which afterwards holds those that were read of the next.
    """

    def __init__(self, file: BinaryIO, offset: int, rest: bytes = b"", *, step: int = _FIRST_STEP) -> None:
        self._file = file
        self._offset = offset
        self._step = step
        self.rest = rest
        self.length = 0

    def __iter__(self) -> Iterator[bytes]:
        inflater = igzip_lib.IgzipDecompressor(igzip_lib.DECOMP_GZIP)
        while not inflater.eof:
            data = b""
            if inflater.needs_input:
                data = self.rest or self._read()
                self.rest = b""
                self._check(data)
                self.length += len(data)
            try:
                piece = inflater.decompress(data, _PIECE)
            except _BROKEN as error:
                raise Damage(self._offset, f"the member is broken ({error})") from error
            if piece:
                yield piece
        self.rest = inflater.unused_data
        self.length -= len(self.rest)

    def _read(self) -> bytes:
        data = self._file.read(self._step)
        self._step = min(self._step * 2, _STEP)
        return data

    def _check(self, data: bytes) -> None:
        if not data:
            raise Damage(self._offset, "the file ends within the member")
        if self.length == 0 and not data.startswith(_MAGIC[: len(data)]):
            raise Damage(self._offset, "no gzip member begins here" if any(data[:2]) else "zeros")


def _beginning(pieces: Iterator[bytes], offset: int) -> tuple[Fields, bytes]:
    """The named fields of a record, and what of its block came with them."""
    start = b""
    for piece in pieces:
        start += piece
        if _HEADER_END in start or len(start) >= _KEPT:
            break
    headers, head = _split(start, offset)
    return headers, start[head:]


def _split(start: bytes, offset: int) -> tuple[Fields, int]:
    """The named fields that a record begins with, and how many bytes they take, blank line included."""
    end = start.find(_HEADER_END)
    if end >= 0 and (fields := _plain_fields(start[:end])) is not None:
        return fields, end + len(_HEADER_END)
    try:
        if end >= 0:
            head = end + len(_HEADER_END)
            return tuple(_versions.parse(BytesIO(start[:head])).headers), head
    except (StatusAndHeadersParserException, EOFError):
        pass
    raise Damage(offset, "the member holds no WARC record")


def _plain_fields(head: bytes) -> Fields | None:
    """What warcio's parser makes of a head in which nothing is odd, in a tenth of its time; None for all others."""
    if not head.startswith(_PLAIN_VERSIONS) or b"=?" in head or b" \r\n" in head or head.endswith(b" "):
        return None
    fields = tuple(_PLAIN_FIELD.findall(head.decode("latin-1")))
    return fields if len(fields) == head.count(b"\n") else None


def _content_length(headers: Fields, offset: int) -> int:
    for name, value in headers:
        if name.lower() == "content-length" and value.isascii() and value.isdigit():
            return int(value)
    raise Damage(offset, "the record has no Content-Length")
