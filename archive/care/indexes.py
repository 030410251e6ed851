"""The finished CDXJ indexes of a collection, line by line, against the records that they point to."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

from archive.care.defects import Defect, weight
from archive.care.facts import short
from archive.care.inventory import Shelved, is_there
from archive.care.links import Finding, Links
from archive.index import cdxj
from archive.index.files import sorted_paths
from archive.readable import Readable
from archive.warc.captures import captures
from archive.warc.members import Damage
from archive.warc.salvage import salvage

__all__ = ["Indexes"]

_TRIES = 5

_Line = tuple[str, int, int, int]
"""Name of the WARC file, offset in it, `short` of the line, position in the index."""


class Indexes:
    """All finished indexes: taken in first, then asked what does not fit."""

    def __init__(
        self,
        root: Path,
        files: Sequence[Shelved],
        links: Links,
        *,
        read: Container[int],
        unread: frozenset[str] = frozenset(),
    ) -> None:
        """`read`: the numbers of the files that were read to their end; `unread`: names of others, left to a store."""
        self._unread = unread
        self._root = root
        self._files = files
        self._links = links
        self._paths: list[Path] = []
        self._indexed = [number for number, file in enumerate(files) if file.task.indexed and number in read]

    def take_in(self) -> Iterator[Defect]:
        """Every line, and what is wrong with the indexes by themselves.

        Again from the start when a crawl finishes or merges some of them meanwhile.
        """
        for _ in range(_TRIES):
            self._paths = sorted_paths(self._root / "indexes")
            defects = self._take_in()
            if sorted_paths(self._root / "indexes") == self._paths:
                break
        yield from defects

    def _take_in(self) -> list[Defect]:
        numbers = {self._files[number].name: number for number in self._indexed}
        passed_over = {*self._unread, *(file.name for file in self._files)} - numbers.keys()
        self._links.forget_lines()
        defects = []
        for index, path in enumerate(self._paths):
            rows = []
            with suppress(FileNotFoundError):  # merged into another
                for found in _scan(path, _label(path)):
                    if isinstance(found, Defect):
                        defects.append(found)
                        continue
                    name, offset, line, position = found
                    if name in numbers:
                        rows.append((numbers[name], offset, line, index, position))
                    elif name not in passed_over and not is_there(self._root, name):
                        what = f"it points to {name} at byte {offset}, and that file is not there"
                        defects.append(
                            Defect(code="line-without-record", file=_label(path), offset=position, what=what)
                        )
            self._links.add_lines(rows)
        return defects

    def captures(self) -> Iterator[Finding]:
        """Captures that no line points to."""
        return self._links.index_findings(self._indexed)

    def lines(self) -> Iterator[Defect]:
        """Lines that say other than the records."""
        for finding, number, offset in self._links.line_findings():
            path, file = self._paths[finding.file], self._files[number]
            what = finding.what
            if finding.code == "line-differs":
                what = _difference(_line_at(path, finding.offset), file.task.path, file.name, offset)
            yield Defect(
                code=finding.code,
                file=_label(path),
                offset=finding.offset,
                record_id=finding.id,
                what=f"at byte {offset} of {file.name}: {what}",
                severity=weight(finding.code, ours=True) or "defect",
            )


def _label(index: Path) -> str:
    return f"indexes/{index.name}"


def _scan(path: Path, label: str) -> Iterator[_Line | Defect]:
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


def _line_at(path: Path, position: int) -> str:
    with path.open("rb") as file:
        file.seek(position)
        return file.readline().rstrip(b"\n").decode()


def _difference(line: str, warc: Readable, name: str, offset: int) -> str:
    """In which parts a line differs from the one that its record should have."""
    damaged: list[Damage] = []
    expected = next(captures(salvage(warc, offset), name, damaged.append), None)
    if damaged:
        return f"the record cannot be read: {damaged[0]}"
    if expected is None or expected.offset != offset:
        return "the record is none that is indexed"
    found = cdxj.parse(line)
    wrong = [
        f"{part.name} is {getattr(found, part.name)!s}, the record's {getattr(expected, part.name)!s}"
        for part in fields(expected)
        if getattr(found, part.name) != getattr(expected, part.name)
    ]
    return "; ".join(wrong) or f"it is not spelled as {cdxj.line(expected)!r}"
