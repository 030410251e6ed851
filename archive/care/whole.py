"""What of a damaged gzipped WARC file is whole, and that written anew: one member a record.

Members that inflate to their end are taken as they lie, byte for byte, whatever verify may think of their records. One
that holds many records becomes a member a record. Of a member that the file's end cuts off, the records that are whole
are kept, save those whose block digest says no; of one that is damaged nothing is sure, its checksum being lost, so its
records are kept only where it holds several, for those whose block has the digest that they state.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from isal import isal_zlib

from archive.care.header import parse
from archive.care.members import Broken, Members
from archive.care.stated import Stated
from archive.care.stream import Stream

__all__ = ["Kept", "Lost", "Split", "survey", "written"]

_PIECE: Final = 1024 * 1024
_STEP: Final = 256
"""Compressed bytes a step through a broken member: what the last one inflates to is not had."""
_LEVEL: Final = 2  # as archive.warc.draft has it
_DIGITS: Final = re.compile(r"[0-9]{1,18}")
_END: Final = b"\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Whole members, one after the other, to be copied as they lie."""

    offset: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Records to be taken out of one member: where each starts and ends in its inflated bytes."""

    offset: int
    parts: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Bytes in which, besides the records of a `Split` at the same place, nothing can be read."""

    offset: int
    length: int
    why: str


@dataclass(frozen=True, slots=True)
class _Part:
    begin: int
    end: int
    right: bool | None
    """Whether the block has the digest stated; None when none is."""
    record: bool = True
    """False of what follows the last record that can be told."""


def survey(fd: int, end: int) -> Iterator[Kept | Split | Lost]:
    """The file's first `end` bytes, in order."""
    source = Members(fd, end)
    begin = 0  # of the members not told of yet
    more = True
    while more:
        try:
            more = source.start()
            parts = list(_parts(Stream(source))) if more else []
        except Broken as broken:
            offset, following = source.offset, source.resync()
            if offset > begin:
                yield Kept(offset=begin, length=offset - begin)
            if parts := _saved(fd, end, offset, broken):
                yield _split(offset, parts)
            begin, more = end if following is None else following, following is not None
            yield Lost(offset=offset, length=begin - offset, why=str(broken))
            continue
        several = sum(part.record for part in parts) > 1
        if several or not more:
            if source.offset > begin:
                yield Kept(offset=begin, length=source.offset - begin)
            if several:
                yield _split(source.offset, parts)
                begin = source.position


def written(fd: int, end: int, found: Sequence[Kept | Split | Lost]) -> Iterator[bytes]:
    """The new file's bytes: of what a survey of the same bytes found."""
    for item in found:
        if isinstance(item, Kept):
            for at in range(item.offset, item.offset + item.length, _PIECE):
                yield os.pread(fd, min(_PIECE, item.offset + item.length - at), at)
        elif isinstance(item, Split):
            yield from _members(fd, end, item)


def _split(offset: int, parts: Sequence[_Part]) -> Split:
    return Split(offset=offset, parts=tuple((part.begin, part.end) for part in parts))


def _parts(stream: Stream) -> Iterator[_Part]:
    """The records of a member, and last what follows them, if anything does."""
    following = stream.peek(5)
    while following:
        begin = stream.consumed
        part = _record(stream, begin) if following == b"WARC/" else None
        if part is None:
            stream.drain()
            yield _Part(begin, stream.consumed, None, record=False)
            return
        yield part
        following = stream.peek(5)


def _record(stream: Stream, begin: int) -> _Part | None:
    """A record that ends where it says."""
    header, _ = parse(stream.header())
    length = header.values.get("content-length", "") if header else ""
    if header is None or not _DIGITS.fullmatch(length):
        return None
    try:
        stated = Stated(header.values["warc-block-digest"])
    except (KeyError, ValueError):
        stated = None
    for piece in stream.take(int(length)):
        if stated is not None:
            stated.update(piece)
    if stream.peek(4) != _END:
        return None
    stream.skip(4)
    return _Part(begin, stream.consumed, stated.holds() if stated else None)


def _saved(fd: int, end: int, offset: int, broken: Broken) -> list[_Part]:
    """What can be kept of the member at `offset`, read just as `_members` will read it."""
    parts = list(_before_break(Members(fd, end, start=offset, step=_STEP)))
    if broken.kind == "cut":
        return [part for part in parts if part.right is not False]
    return [part for part in parts if part.right] if len(parts) > 1 else []


def _before_break(source: Members) -> Iterator[_Part]:
    with suppress(Broken):
        source.start()
        yield from _parts(Stream(source))


def _members(fd: int, end: int, split: Split) -> Iterator[bytes]:
    source = Members(fd, end, start=split.offset, step=_STEP)
    source.start()
    stream = Stream(source)
    for begin, finish in split.parts:
        for _ in stream.take(begin - stream.consumed):
            pass
        packer = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, 31)
        for piece in stream.take(finish - begin):
            yield packer.compress(piece)
        yield packer.flush()
