"""The index of a pack: CDXJ in gzip blocks, and a line a block by which readers find theirs ("ZipNum").

A reader loads the second file whole and the first by blocks, so a large pack opens as fast as a small one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice
from typing import Any, Final

import msgspec
from isal import igzip_lib

from archive.spool import Spool

__all__ = ["BLOCKS", "lines_of_files", "lines_of_part", "write"]

BLOCKS: Final = "index.cdx.gz"
_LINES: Final = 1000
"""In a block: some 60 KB compressed, which is read at a time."""
_LEVEL: Final = 3
_UNMODIFIED: Final = "unmodified:"
"""Answers of 304: no reader may take one for the page, so a pack's index leaves them out as pywb's does."""


def lines_of_files(lines: Iterable[str], sizes: Mapping[str, int]) -> Iterator[str]:
    """The lines of what lies within these files, of which the first so many bytes are packed."""
    for line in lines:
        fields = _fields(line)
        if fields is not None and int(fields["offset"]) + int(fields["length"]) <= sizes.get(fields["filename"], 0):
            yield line


def lines_of_part(lines: Iterable[str], moved: Mapping[tuple[str, int], tuple[str, int]]) -> Iterator[str]:
    """The lines of what was moved, with their new files and offsets."""

    def all_of_them() -> Iterator[tuple[str, bytes]]:
        for line in lines:
            fields = _fields(line)
            if fields is None:
                continue
            place = moved.get((fields["filename"], int(fields["offset"])))
            if place is not None:
                start = line[: line.index("{")]
                yield start, msgspec.json.encode({**fields, "offset": str(place[1]), "filename": place[0]})

    for start, same in groupby(all_of_them(), lambda each: each[0]):
        for document in sorted(document for _, document in same):
            yield start + document.decode()


def write(lines: Iterable[str], blocks: Spool, index: Spool) -> int:
    """The sorted lines to both files: how many there were."""
    index.write(b'!meta 0 {"format":"cdxj-gzip-1.0","filename":"%s"}\n' % BLOCKS.encode())
    count, waiting = 0, iter(lines)
    while some := list(islice(waiting, _LINES)):
        block: bytes = igzip_lib.compress("".join(f"{line}\n" for line in some).encode(), _LEVEL, igzip_lib.COMP_GZIP)
        place = {
            "offset": len(blocks),
            "length": len(block),
            "digest": f"sha256:{hashlib.sha256(block).hexdigest()}",
        }
        index.write(some[0][: some[0].index("{")].encode() + msgspec.json.encode(place) + b"\n")
        blocks.write(block)
        count += len(some)
    return count


def _fields(line: str) -> dict[str, Any] | None:
    if line.startswith(_UNMODIFIED):
        return None
    try:
        fields: dict[str, Any] = msgspec.json.decode(line[line.index("{") :])
        return fields if fields["filename"] and int(fields["offset"]) + int(fields["length"]) else None
    except (ValueError, KeyError, TypeError, msgspec.MsgspecError):  # no line of an index: `verify` tells
        return None
