"""The finished CDXJ indexes, line by line, and what differs between a line and its record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from archive.care.defects import Defect
from archive.care.facts import short
from archive.errors import DamagedRecord
from archive.index import cdxj
from archive.index.scan import capture_of
from archive.warc.reader import read_at

__all__ = ["Line", "difference", "line_at", "scan"]

Line = tuple[str, int, int, int]
"""Name of the WARC file, offset in it, `short` of the line, position in the index."""


def scan(path: Path, label: str) -> Iterator[Line | Defect]:
    """Each line of an index, and what is wrong with the index by itself."""
    position = 0
    before = b""
    with path.open("rb") as file:
        for raw in file:
            line = raw.rstrip(b"\n")
            if line < before:
                what = f"this line sorts before the one above it, {before[:80].decode('utf-8', 'replace')!r}"
                yield Defect(code="index-unsorted", file=label, offset=position, what=what)
            try:
                if not raw.endswith(b"\n"):
                    raise ValueError("the last line has no end")
                text = line.decode()
                capture = cdxj.parse(text)
            except ValueError as error:
                yield Defect(code="index-line", file=label, offset=position, what=str(error))
            else:
                yield capture.file, capture.offset, short(text), position
            before = line
            position += len(raw)


def line_at(path: Path, position: int) -> str:
    with path.open("rb") as file:
        file.seek(position)
        return file.readline().rstrip(b"\n").decode()


def difference(line: str, warc: Path, name: str, offset: int) -> str:
    """In which parts a line differs from the one that its record should have."""
    try:
        record = read_at(warc, offset)
        expected = capture_of(
            record.headers, record.head, date=record.date, file=name, offset=offset, length=record.length
        )
    except (DamagedRecord, ValueError) as error:
        return f"the record cannot be read: {error}"
    if expected is None:
        return "the record is none that is indexed"
    found = cdxj.parse(line)
    wrong = [
        f"{part.name} is {getattr(found, part.name)!s}, the record's {getattr(expected, part.name)!s}"
        for part in fields(expected)
        if getattr(found, part.name) != getattr(expected, part.name)
    ]
    return "; ".join(wrong) or f"it is not spelled as {cdxj.line(expected)!r}"
