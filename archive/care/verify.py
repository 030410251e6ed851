"""Does the archive hold what it says? Every file read whole, every defect named.

Each WARC file is checked by itself, on as many cores as are given (`archive.care.warcfile`): members, header lines,
fields, lengths, digests. Their facts meet in a temporary database, where ids, references, revisits, index lines,
``files.jsonl`` and the catalogue are compared. Nothing is written to the collection, nothing is locked, and a crawl may
go on: of a file that is being written, what it held at the start is checked.

Files are read as they lie, a crash's leavings too: do not open the Collection before, for that repairs it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from archive.care.catalogue import rows_without_records
from archive.care.defects import CODES, Defect, weight
from archive.care.facts import Batch, FileSums
from archive.care.indexes import difference, line_at, scan
from archive.care.inventory import Inventory, against_list, is_there, of_collection, of_paths
from archive.care.links import Finding, Links
from archive.care.workers import run
from archive.config import read_config
from archive.index.files import sorted_paths

__all__ = ["CODES", "Defect", "Sums", "Verification"]

Progress = Callable[[int, int], None]
"""Told of the bytes read so far, and of all there are."""

_TRIES = 5
_ELSEWHERE = frozenset(["dangling-refers", "unresolvable-revisit"])


@dataclass(slots=True)
class Sums:
    """What a verification has gone through so far."""

    files: int = 0
    records: int = 0
    bytes: int = 0
    """On disk."""
    block_bytes: int = 0
    """Of blocks, inflated."""
    defects: Counter[str] = field(default_factory=Counter)
    """By code."""
    notes: Counter[str] = field(default_factory=Counter)


class Verification:
    """One pass over a collection, or over files by themselves. Iterate once; `sums` grows meanwhile."""

    def __init__(self, target: Path | Sequence[Path], *, jobs: int | None = None, progress: Progress | None = None):
        """`target`: the directory of a collection (NoCollection when it is none), or WARC files anywhere.

        `jobs`: how many processes; None for one a core.
        """
        if isinstance(target, Path) and not target.is_file():
            read_config(target)
            self._inventory = of_collection(target)
        else:
            self._inventory = of_paths([target] if isinstance(target, Path) else target)
        self._jobs = jobs if jobs is not None else os.cpu_count() or 1
        self._progress = progress or (lambda _done, _total: None)
        self.sums = Sums()

    def __iter__(self) -> Iterator[Defect]:
        for defect in self._all():
            (self.sums.defects if defect.severity == "defect" else self.sums.notes)[defect.code] += 1
            yield defect

    def _all(self) -> Iterator[Defect]:
        inventory = self._inventory
        yield from inventory.defects
        links = Links()
        try:
            ours: dict[int, bool] = {}
            yield from self._files(inventory, links, ours)
            compared = _Comparison(inventory, links, ours)
            if inventory.root is not None:
                yield from compared.read_indexes(inventory.root)
            links.complete()
            yield from compared.records()
            if inventory.root is not None:
                yield from compared.indexes()
                names = {
                    file.name: (number, links.last(number) if file.task.growing else None)
                    for number, file in enumerate(inventory.files)
                }
                yield from rows_without_records(inventory.root / "catalogue.sqlite", links, names)
        finally:
            links.close()

    def _files(self, inventory: Inventory, links: Links, ours: dict[int, bool]) -> Iterator[Defect]:
        positions: dict[int, int] = {}
        total = sum(file.task.size for file in inventory.files)
        done = 0
        self._progress(0, total)
        for number, event in run([file.task for file in inventory.files], self._jobs):
            if isinstance(event, Defect):
                yield event
                continue
            if isinstance(event, Batch):
                links.add(number, event)
                position = event.position
            else:
                position = event.size
                ours[number] = event.ours
                self._add(event)
                if inventory.root is not None:
                    yield from against_list(inventory.files[number], event)
            done += position - positions.get(number, 0)
            positions[number] = position
            self._progress(done, total)

    def _add(self, sums: FileSums) -> None:
        self.sums.files += 1
        self.sums.records += sums.records
        self.sums.bytes += sums.size
        self.sums.block_bytes += sums.block_bytes


class _Comparison:
    """What the facts of all files say together."""

    def __init__(self, inventory: Inventory, links: Links, ours: dict[int, bool]) -> None:
        self._files = inventory.files
        self._links = links
        self._ours = ours  # of files that were read to their end
        self._alone = inventory.root is None
        self._indexes: list[Path] = []
        self._indexed = [n for n, file in enumerate(inventory.files) if file.task.indexed and n in ours]

    def read_indexes(self, root: Path) -> Iterator[Defect]:
        """Takes in all indexes; again from the start when a crawl finishes or merges some of them meanwhile."""
        for _ in range(_TRIES):
            before = sorted_paths(root / "indexes")
            defects = self._read_indexes(root, before)
            if sorted_paths(root / "indexes") == before:
                break
        yield from defects

    def _read_indexes(self, root: Path, paths: list[Path]) -> list[Defect]:
        numbers = {self._files[number].name: number for number in self._indexed}
        passed_over = {file.name for file in self._files} - numbers.keys()
        self._indexes = paths
        self._links.forget_lines()
        defects = []
        for index, path in enumerate(paths):
            rows = []
            with suppress(FileNotFoundError):  # merged into another
                for found in scan(path, self._label(path)):
                    if isinstance(found, Defect):
                        defects.append(found)
                        continue
                    name, offset, line, position = found
                    if name in numbers:
                        rows.append((numbers[name], offset, line, index, position))
                    elif name not in passed_over and not is_there(root, name):
                        what = f"it points to {name} at byte {offset}, and that file is not there"
                        defects.append(
                            Defect(code="line-without-record", file=self._label(path), offset=position, what=what)
                        )
            self._links.add_lines(rows)
        return defects

    def records(self) -> Iterator[Defect]:
        labels = [file.task.label for file in self._files]
        for findings in (self._links.duplicates(labels), self._links.dangling(), self._links.revisits()):
            for finding in findings:
                if (defect := self._defect(finding)) is not None:
                    yield defect

    def indexes(self) -> Iterator[Defect]:
        for finding in self._links.index_findings(self._indexed):
            if (defect := self._defect(finding)) is not None:
                yield defect
        for finding, number, offset in self._links.line_findings():
            path, file = self._indexes[finding.file], self._files[number]
            what = finding.what
            if finding.code == "line-differs":
                what = difference(line_at(path, finding.offset), file.task.path, file.name, offset)
            what = f"at byte {offset} of {file.name}: {what}"
            yield Defect(
                code=finding.code,
                file=self._label(path),
                offset=finding.offset,
                record_id=finding.id,
                what=what,
                severity=weight(finding.code, ours=True) or "defect",
            )

    def _defect(self, finding: Finding) -> Defect | None:
        file = self._files[finding.file]
        severity = weight(finding.code, self._ours.get(finding.file, False))
        if file.task.growing and finding.code != "duplicate-id":
            return None  # what it refers to may have been written after we looked
        if severity is None:
            return None
        if self._alone and finding.code in _ELSEWHERE:
            severity = "note"  # it may be in a file that was not looked at
        return Defect(
            code=finding.code,
            file=file.task.label,
            offset=finding.offset,
            record_id=finding.id,
            what=finding.what,
            severity=severity,
        )

    def _label(self, index: Path) -> str:
        return f"indexes/{index.name}"
