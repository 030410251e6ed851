"""Many small indexes become one, so that a look-up of a collection that is crawled every few minutes stays cheap.

Only finished indexes of closed WARC files are taken, and none that is younger than whoever follows the index needs to
have read it. The merged one is whole and in place before its parts go, so a crash in between leaves lines twice, and
none missing; readers pass over a line they had, and the next merge drops it. One process merges at a time.
"""

from __future__ import annotations

import heapq
import os
import time
from collections.abc import Container, Iterator
from datetime import UTC, datetime
from pathlib import Path

from archive.disk import Disk
from archive.errors import StorageError
from archive.index.files import SUFFIX, sorted_paths
from archive.spool import gathered

__all__ = ["MERGED", "merge"]

MERGED = "merged-"
MANY = 16
"""So many indexes are merged; the number that a look-up has to ask stays below that, and a few large ones."""
LARGE = 64 * 1024 * 1024
"""Bytes beyond which an index is left as it is."""
AGE = 900.0
"""Seconds since an index was finished."""

_LOCK = ".merge"


def merge(
    disk: Disk,
    directory: Path,
    archive: Path,
    *,
    shipped: Container[str] = (),
    many: int = MANY,
    age: float = AGE,
) -> Path | None:
    """Merges the small indexes of `directory` when there are `many`; OSError or StorageError when the disk refuses.

    They are those of closed files, which lie in `archive` or are `shipped`.
    """
    if len(_mergeable(directory, archive, shipped, age)) < many:
        return None
    fd = disk.open_or_create(directory / _LOCK)
    try:
        if not disk.lock(fd):
            return None
        for left in directory.glob(f".{MERGED}*"):  # of a merge that was killed
            disk.remove(left)
        parts = _mergeable(directory, archive, shipped, age)  # again, now that nobody else merges
        return _merge(disk, directory, parts) if len(parts) >= many else None
    finally:
        disk.close(fd)


def _mergeable(directory: Path, archive: Path, shipped: Container[str], age: float) -> list[Path]:
    before = time.time() - age
    found = []
    for path in sorted_paths(directory):
        try:
            state = path.stat()
        except FileNotFoundError:  # merged by somebody else just now
            continue
        name = path.name.removesuffix(SUFFIX)
        file = f"{name}.warc.gz"
        closed = name.startswith(MERGED) or (archive / file).exists() or file in shipped
        if closed and state.st_size <= LARGE and state.st_mtime <= before:
            found.append(path)
    return found


def _merge(disk: Disk, directory: Path, parts: list[Path]) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S%f")
    target = directory / f"{MERGED}{stamp}-{os.getpid()}{SUFFIX}"
    beside = directory / f".{target.name}"
    fd = disk.create(beside)
    try:
        for piece in gathered(_merged(parts)):
            if disk.write(fd, piece) != len(piece):
                raise StorageError(beside, "the disk took only part of the index")
        disk.sync(fd)
    finally:
        disk.close(fd)
    disk.rename(beside, target)
    disk.sync_directory(directory)
    for part in parts:
        disk.remove(part)
    return target


def _merged(parts: list[Path]) -> Iterator[bytes]:
    last = b""
    for line in heapq.merge(*map(_lines, parts)):
        if line != last:
            yield line
            last = line


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        for line in file:
            yield line if line.endswith(b"\n") else line + b"\n"
