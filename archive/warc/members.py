"""Strict reading of a gzipped WARC file: every member whole, its checksum right, one record in it and nothing else.

The libraries read on, or just stop, where a file is damaged; what decides how much of a file is kept must know. A
member is decompressed in small steps that grow, so neither a tiny one is copied about nor a large one held whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

from isal import igzip_lib, isal_zlib
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

__all__ = ["Damage", "Member", "members", "split_record"]

_KEPT = 1024 * 1024
_MAGIC = b"\x1f\x8b"
_LARGEST_STEP = 256 * 1024
_BROKEN: Any = igzip_lib.IsalError  # its stub calls it an instance
_versions = StatusAndHeadersParser(["WARC/1.1", "WARC/1.0"])


class Damage(Exception):  # noqa: N818 - says what is found, and is handled by whoever reads on
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
    headers: tuple[tuple[str, str], ...]
    start: bytes
    """The block, as far as it lies within the first MiB of the record."""


def members(file: BinaryIO) -> Iterator[Member]:
    """The members from the file's position on; Damage at the first that is not one whole record."""
    offset = file.tell()
    while True:
        if not (magic := file.read(2)):
            return
        if magic != _MAGIC:
            raise Damage(offset, "all zeros" if not any(magic) else "no gzip member begins here")
        file.seek(offset)
        length, size, start = _inflate(file, offset)
        headers, head = split_record(start, offset)
        declared = _content_length(headers)
        if declared is None or head + declared + 4 != size:
            raise Damage(offset, "the record's length is not what its Content-Length says")
        yield Member(offset=offset, length=length, headers=headers, start=start[head : head + declared])
        offset += length
        file.seek(offset)


def split_record(start: bytes, offset: int) -> tuple[tuple[tuple[str, str], ...], int]:
    """The named fields that a record begins with, and how many bytes they take, blank line included."""
    end = start.find(b"\r\n\r\n")
    try:
        if end >= 0:
            return tuple(_versions.parse(BytesIO(start[: end + 4])).headers), end + 4
    except (StatusAndHeadersParserException, EOFError):
        pass
    raise Damage(offset, "the member holds no WARC record")


def _inflate(file: BinaryIO, offset: int) -> tuple[int, int, bytes]:
    """Length of the member, length of its content, and the start of that."""
    inflater: Any = isal_zlib.decompressobj(31)
    taken = size = 0
    start = b""
    step = 4096
    while not inflater.eof:
        if not (data := file.read(step)):
            raise Damage(offset, "the file ends within the member")
        taken += len(data)
        step = min(step * 2, _LARGEST_STEP)
        try:
            piece = inflater.decompress(data)
        except _BROKEN as error:
            raise Damage(offset, f"the member is broken ({error})") from error
        size += len(piece)
        if len(start) < _KEPT:
            start += piece[: _KEPT - len(start)]
    return taken - len(inflater.unused_data), size, start


def _content_length(headers: tuple[tuple[str, str], ...]) -> int | None:
    for name, value in headers:
        if name.lower() == "content-length":
            return int(value) if value.isascii() and value.isdigit() else None
    return None
