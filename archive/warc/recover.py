"""Files that a crash left open: cut to their last whole record, indexed, listed and closed.

Run over a shelf at each start. A file whose lock is held is being written, and left alone; of two processes that
start at once, one gets each file. Whole records of a group that lost its end are kept: the response comes first, and
nothing it says depends on what follows. Bytes that no whole record can be told in are dropped. When whole records do
follow the damage (a torn page in mid-file), everything from the damage on is kept beside the file, in
``NAME.warc.gz.cut``, for `repair` to read. Each step can be interrupted and is done again at the next start.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

from archive.disk import Disk, refused
from archive.errors import StorageError
from archive.index import cdxj
from archive.index.files import OPEN_SUFFIX, SUFFIX, index_name, write_sorted
from archive.model import Capture
from archive.warc.captures import captures
from archive.warc.files import OPEN, ClosedFile, Shelf, add_line
from archive.warc.members import Damage, Member, members
from archive.warc.salvage import salvage

__all__ = ["Recovery", "recover"]

CUT = ".cut"
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What became of a file that a crash had left open."""

    file: str
    """Its final name."""
    records: int
    kept_bytes: int
    """0 when the file held nothing but its warcinfo, and was removed."""
    cut_bytes: int
    why: str | None
    """What was wrong where the file was cut; None when it ended with a whole record."""
    saved_as: Path | None = None
    """Where the cut part is kept, if whole records were found in it."""

    def __str__(self) -> str:
        text = f"{self.file}: {self.records} records kept" if self.kept_bytes else f"{self.file}: empty, removed"
        if self.cut_bytes:
            text += f", {self.cut_bytes} bytes cut ({self.why})"
        if self.saved_as:
            text += f", kept in {self.saved_as.name}"
        return text


@dataclass(frozen=True, slots=True)
class _Sound:
    """The part of a file that is whole."""

    size: int
    records: int
    captures: list[Capture]
    damage: Damage | None


def recover(shelf: Shelf) -> list[Recovery]:
    """Repairs and closes what is left open on the shelf; StorageError when the disk refuses."""
    done = []
    for path in sorted(shelf.directory.glob(f"*.warc.gz{OPEN}")):
        try:
            recovery = _recover(shelf, path)
        except OSError as error:
            raise refused(error, path) from error
        if recovery is not None:
            done.append(recovery)
    if shelf.indexes is not None:
        _remove_orphans(shelf, shelf.indexes)
    return done


def _recover(shelf: Shelf, path: Path) -> Recovery | None:
    disk = shelf.disk
    try:
        fd = disk.open(path)
    except FileNotFoundError:
        return None
    try:
        if not disk.lock(fd) or not disk.is_at(fd, path):
            return None
        target = _free_name(disk, fd, path)
        if target is None:  # the crash came between giving the final name and taking the old one away
            disk.remove(path)
            disk.sync_directory(path.parent)
            return None
        with path.open("rb") as file:
            return _repair(shelf, path, target, fd, file)
    finally:
        disk.close(fd)


def _repair(shelf: Shelf, path: Path, target: Path, fd: int, file: BinaryIO) -> Recovery | None:
    disk = shelf.disk
    size = os.fstat(file.fileno()).st_size
    sound = _examine(file, target.name)
    cut = size - sound.size
    saved = _save_tail(disk, file, sound.size, target.with_name(target.name + CUT)) if cut else None
    if sound.records <= 1:
        _forget_index(shelf, path)
        disk.remove(path)
        disk.sync_directory(path.parent)
        kept = 0
    else:
        if cut:
            disk.truncate(fd, sound.size)
        disk.sync(fd)
        if shelf.indexes is not None:
            lines = [cdxj.line(capture).encode() for capture in sound.captures]
            write_sorted(disk, shelf.indexes / (index_name(target.name) + SUFFIX), lines)
            _forget_index(shelf, path)
        _list(shelf, target.name, file, sound)
        disk.rename(path, target)
        disk.sync_directory(path.parent)
        kept = sound.size
    return Recovery(
        file=target.name,
        records=sound.records,
        kept_bytes=kept,
        cut_bytes=cut,
        why=sound.damage.why if sound.damage else None,
        saved_as=saved,
    )


def _free_name(disk: Disk, fd: int, path: Path) -> Path | None:
    """The final name, or another when a different file has that; None when this very file has it already."""
    plain = path.with_name(path.name.removesuffix(OPEN))
    target = plain
    number = 1
    while target.exists():
        if disk.is_at(fd, target):
            return None
        number += 1
        target = plain.with_name(f"{index_name(plain.name)}_{number}.warc.gz")
    return target


def _examine(file: BinaryIO, name: str) -> _Sound:
    file.seek(0)
    end = count = 0
    damage: Damage | None = None

    def ends(found: Damage) -> None:
        nonlocal damage
        damage = found

    def whole() -> Iterator[Member]:
        nonlocal end, count
        try:
            for member in members(file):
                yield member
                if damage is not None:
                    return
                end = member.offset + member.length
                count += 1
        except Damage as found:
            ends(found)

    found = list(captures(whole(), name, ends))
    return _Sound(end, count, found, damage)


def _save_tail(disk: Disk, file: BinaryIO, start: int, path: Path) -> Path | None:
    """Copies what follows byte `start` if whole records are in it."""
    if not any(isinstance(found, Member) for found in salvage(Path(file.name), start)):
        return None
    path.unlink(missing_ok=True)  # of a repair that was interrupted
    fd = disk.create(path)
    try:
        file.seek(start)
        while piece := file.read(_PIECE):
            if disk.write(fd, piece) != len(piece):
                raise StorageError(path, "the disk took only part of the copy")
        disk.sync(fd)
    finally:
        disk.close(fd)
    return path


def _list(shelf: Shelf, name: str, file: BinaryIO, sound: _Sound) -> None:
    state = hashlib.sha256()
    file.seek(0)
    while piece := file.read(_PIECE):
        state.update(piece)
    listed = ClosedFile(
        name=name, size=sound.size, sha256=state.hexdigest(), records=sound.records, where=shelf.directory.name
    )
    add_line(shelf.disk, shelf.listing, msgspec.json.encode(listed))


def _forget_index(shelf: Shelf, path: Path) -> None:
    if shelf.indexes is None:
        return
    growing = shelf.indexes / (index_name(path.name.removesuffix(OPEN)) + OPEN_SUFFIX)
    if growing.exists():
        shelf.disk.remove(growing)


def _remove_orphans(shelf: Shelf, indexes: Path) -> None:
    """Growing indexes whose WARC file is not open any more; the sorted one was made before the file was renamed."""
    for growing in indexes.glob(f"*{OPEN_SUFFIX}"):
        file = shelf.directory / f"{growing.name.removesuffix(OPEN_SUFFIX)}.warc.gz"
        if not file.with_name(file.name + OPEN).exists() and (
            not file.exists() or growing.with_name(index_name(file.name) + SUFFIX).exists()
        ):
            try:
                shelf.disk.remove(growing)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise refused(error, growing) from error
