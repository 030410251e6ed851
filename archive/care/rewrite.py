"""A WARC file without some of its records: what stays is copied member for member, not compressed anew.

The copy is made beside the file and fsynced; `archive.changeover` puts it in place. What was damaged before is damaged
after, byte for byte.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archive.disk import Disk
from archive.errors import StorageError
from archive.readable import Readable
from archive.spool import Spool, gathered
from archive.warc.draft import RecordDraft, member
from archive.warc.members import Damage, members

__all__ = ["Edit", "Rewritten", "rewrite", "warcinfo_of", "write_file"]

_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What takes the place of the member at `offset`; nothing, when `make` gives none."""

    offset: int
    length: int
    make: Callable[[], Sequence[RecordDraft]] = tuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    size: int
    sha256: str
    records: int
    """How many were written in the place of others."""


def rewrite(disk: Disk, source: Readable, target: Path, edits: Sequence[Edit], warcinfo: str | None) -> Rewritten:
    """Writes `target`: `source` with the edits, which are in order of their offsets."""
    written = 0

    def pieces() -> Iterator[bytes]:
        nonlocal written
        with source.open("rb") as file:
            for edit in edits:
                yield from _until(file, edit.offset)
                file.seek(edit.offset + edit.length)
                for draft in edit.make():
                    written += 1
                    yield from _member(draft, warcinfo)
                    if isinstance(draft.block, Spool):
                        draft.block.close()
            yield from _until(file, None)

    size, sha256 = write_file(disk, target, pieces())
    return Rewritten(size=size, sha256=sha256, records=written)


def write_file(disk: Disk, path: Path, pieces: Iterator[bytes]) -> tuple[int, str]:
    """A new file, durable: its size and SHA-256."""
    size, state = 0, hashlib.sha256()
    fd = disk.create(path)
    try:
        for piece in gathered(pieces):
            if disk.write(fd, piece) != len(piece):
                raise StorageError(path, "the disk took only part of it")
            state.update(piece)
            size += len(piece)
        disk.sync(fd)
    finally:
        disk.close(fd)
    return size, state.hexdigest()


def warcinfo_of(file: Readable) -> str | None:
    """The id of the file's first record, when that is a warcinfo; what a recovery cut off a file belongs to that."""
    whole = file.with_name(file.name.removesuffix(".cut")) if isinstance(file, Path) else file
    try:
        with whole.open("rb") as opened:
            fields = {name.lower(): value for name, value in next(members(opened)).headers}
    except (Damage, StopIteration, FileNotFoundError):
        return None
    return fields.get("warc-record-id", "").strip("<> ") or None if fields.get("warc-type") == "warcinfo" else None


def _member(draft: RecordDraft, warcinfo: str | None) -> Iterator[bytes]:
    piece = member(draft, warcinfo)
    if isinstance(piece, Spool):
        with closing(piece):
            yield from piece.chunks()
    else:
        yield piece


def _until(file: BinaryIO, end: int | None) -> Iterator[bytes]:
    """From where the file stands to byte `end`, or to its end."""
    while piece := file.read(_PIECE if end is None else min(_PIECE, end - file.tell())):
        yield piece
