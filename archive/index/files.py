"""Index files: one that grows beside a WARC file, and the sorted one it becomes.

While its WARC file is open an index is ``NAME.cdxj.open``, in the order of writing: pywb would read an unsorted
``.cdxj`` by binary search. It is never fsynced, for recovery makes it anew from the WARC file. Finished, it is sorted
in byte order, written beside and put in place whole, so no reader ever sees half of one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import BinaryIO

from archive.disk import Disk
from archive.errors import StorageError
from archive.index import cdxj
from archive.model import Capture

__all__ = ["OPEN_SUFFIX", "GrowingIndex", "index_name", "open_lines", "sorted_paths", "write_sorted"]

SUFFIX = ".cdxj"
OPEN_SUFFIX = ".cdxj.open"


def index_name(file: str) -> str:
    """The index's name without suffix, for the final name of a WARC file."""
    return file.removesuffix(".gz").removesuffix(".warc")


_PIECE = 1000
"""Lines written at once."""
_PLACE = 8
"""Bytes of a line's place in its file."""


class GrowingIndex:
    """The index of the WARC file that is being written. Only its one writer uses it."""

    def __init__(self, disk: Disk, directory: Path, file: str) -> None:
        self._disk = disk
        self._directory = directory
        self._name = index_name(file)
        self.path = directory / (self._name + OPEN_SUFFIX)
        self._fd = disk.create(self.path)
        self.size = 0

    def append(self, captures: Iterable[Capture]) -> None:
        """One line a capture, in one write; after an error `cut` is due."""
        data = "".join(f"{cdxj.line(capture)}\n" for capture in captures).encode()
        if data and self._disk.write(self._fd, data) != len(data):
            raise StorageError(self.path, "the disk took only part of the index lines")
        self.size += len(data)

    def cut(self, size: int) -> None:
        self._disk.truncate(self._fd, size)

    def finish(self) -> None:
        """Puts the sorted index in the place of the growing one."""
        self.close()
        with self.path.open("rb") as file:
            _write(self._disk, self._directory / (self._name + SUFFIX), _in_order(file))
        self._disk.remove(self.path)

    def close(self) -> None:
        if self._fd >= 0:
            self._disk.close(self._fd)
            self._fd = -1


def write_sorted(disk: Disk, path: Path, lines: Iterable[bytes]) -> None:
    """Writes an index of these lines, sorted as ``LC_ALL=C sort`` does, whole or not at all."""
    _write(disk, path, iter(sorted(lines)))


def _in_order(file: BinaryIO) -> Iterator[bytes]:
    """The lines of an index, sorted in the same way, with no more than key, time and place of each in memory."""
    places: list[bytes] = []
    at = 0
    for line in file:
        key, time, _ = line.split(b" ", 2)
        places.append(b"%b %b %b" % (key, time, at.to_bytes(_PLACE)))
        at += len(line)
    places.sort()
    for _, same in groupby(places, key=lambda place: place[:-_PLACE]):
        yield from sorted(_line_at(file, int.from_bytes(place[-_PLACE:])) for place in same)


def _line_at(file: BinaryIO, place: int) -> bytes:
    file.seek(place)
    return file.readline().rstrip(b"\n")


def _write(disk: Disk, path: Path, lines: Iterator[bytes]) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    fd = disk.create(beside)
    try:
        while piece := list(islice(lines, _PIECE)):  # never a second copy of all lines
            data = b"".join(line + b"\n" for line in piece)
            if disk.write(fd, data) != len(data):
                raise StorageError(path, "the disk took only part of the index")
        disk.sync(fd)
    finally:
        disk.close(fd)
    disk.replace(beside, path)
    disk.sync_directory(path.parent)


def sorted_paths(directory: Path) -> list[Path]:
    """Finished indexes, by name."""
    return sorted(path for path in directory.glob(f"[!.]*{SUFFIX}") if path.is_file())


def open_lines(directory: Path) -> Iterator[tuple[Path, bytes]]:
    """Whole lines of the indexes that still grow, in the order of writing."""
    for path in sorted(directory.glob(f"[!.]*{OPEN_SUFFIX}")):
        try:
            with path.open("rb") as file:
                for line in file:
                    if line.endswith(b"\n"):
                        yield path, line[:-1]
        except FileNotFoundError:  # finished while we looked: its lines are in the sorted index by now
            continue
