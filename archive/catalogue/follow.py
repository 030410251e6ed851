"""Takes new index lines into the catalogue, from where it left off.

An index grows as ``NAME.cdxj.open`` and becomes ``NAME.cdxj``, sorted. Of the growing one, whole lines behind the
cursor are taken; a finished one is read over once, unless all its lines were taken already. Lines that went away (cut
off by a recovery, taken down) take their rows along. The cursor moves in the transaction of its rows, so that after a
crash nothing is missing, and what is read twice is there once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from archive.catalogue.store import Catalogue, Cursor
from archive.index.files import OPEN_SUFFIX, SUFFIX

__all__ = ["behind", "follow", "sizes"]

_STRETCH: Final = 1 << 20
"""Bytes of lines in one transaction: some 3,000 captures, a few hundredths of a second."""


def follow(catalogue: Catalogue, indexes: Path) -> int:
    """Take in what the index files in the directory `indexes` hold by now: how many captures were new."""
    cursors = catalogue.cursors()
    added = 0
    for name, entry in sorted(_entries(indexes).items()):
        cursor = cursors.get(f"{indexes.name}/{name}{SUFFIX}")
        try:
            if entry.name.endswith(SUFFIX):
                added += _finished(catalogue, indexes, entry, cursor)
            elif entry.stat().st_size != (cursor or Cursor()).offset:
                added += _growing(catalogue, indexes, entry, cursor or Cursor())
        except FileNotFoundError:  # renamed, and met under its new name the next time
            continue
    return added


def sizes(indexes: Path) -> dict[str, int]:
    """How long each index is now, by the name of its cursor."""
    found = {}
    for name, entry in _entries(indexes).items():
        with suppress(FileNotFoundError):
            found[f"{indexes.name}/{name}{SUFFIX}"] = entry.stat().st_size
    return found


def behind(catalogue: Catalogue, indexes: Path, wanted: Mapping[str, int]) -> bool:
    """Whether the catalogue has yet to take in what the indexes held when they had the `wanted` sizes."""
    cursors = catalogue.cursors()
    there = sizes(indexes)
    return any(
        name in there and not cursors.get(name, Cursor()).stamp and cursors.get(name, Cursor()).offset < size
        for name, size in wanted.items()
    )


def _entries(indexes: Path) -> dict[str, os.DirEntry[str]]:
    """Index files by name without suffix; the finished one where both are there."""
    found: dict[str, os.DirEntry[str]] = {}
    if not indexes.is_dir():
        return found
    with os.scandir(indexes) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.name.endswith(SUFFIX):
                found[entry.name.removesuffix(SUFFIX)] = entry
            elif entry.name.endswith(OPEN_SUFFIX):
                found.setdefault(entry.name.removesuffix(OPEN_SUFFIX), entry)
    return found


def _growing(catalogue: Catalogue, indexes: Path, entry: os.DirEntry[str], cursor: Cursor) -> int:
    name = f"{indexes.name}/{entry.name.removesuffix(OPEN_SUFFIX)}{SUFFIX}"
    added = 0
    for lines, size in _stretches(Path(entry.path), cursor.offset):
        cursor = Cursor(offset=cursor.offset + size, lines=cursor.lines + len(lines))
        added += catalogue.add_lines(lines, name, cursor)[0]
    return added


def _finished(catalogue: Catalogue, indexes: Path, entry: os.DirEntry[str], cursor: Cursor | None) -> int:
    name = f"{indexes.name}/{entry.name}"
    state = entry.stat()
    stamp = f"{state.st_size} {state.st_mtime_ns}"
    if cursor and cursor.stamp == stamp:
        return 0
    if cursor and not cursor.stamp and cursor.offset == state.st_size:
        catalogue.add_lines([], name, Cursor(offset=cursor.offset, lines=cursor.lines, stamp=stamp))
        return 0
    added, count, present = 0, 0, set[str]()
    for lines, _ in _stretches(Path(entry.path), 0):
        count += len(lines)
        new, ids = catalogue.add_lines(lines, name, cursor or Cursor())
        added += new
        present |= ids
    if cursor and cursor.lines + added != count:
        catalogue.drop_missing(entry.name.removesuffix(SUFFIX) + ".warc.gz", present)
    catalogue.add_lines([], name, Cursor(offset=state.st_size, lines=count, stamp=stamp))
    return added


def _stretches(path: Path, start: int) -> Iterator[tuple[list[bytes], int]]:
    """Whole lines from byte `start` on, some at a time, and how many bytes they are."""
    with path.open("rb") as file:
        file.seek(start)
        while data := file.read(_STRETCH):
            end = data.rfind(b"\n") + 1
            if not end:
                return
            yield data[:end].splitlines(), end
            file.seek(end - len(data), os.SEEK_CUR)
