"""Does the archive hold what it says? Every file read whole, every defect named.

Each WARC file is checked by itself, on as many cores as are given (`archive.care.warcfile`): members, header lines,
fields, lengths, digests. Their facts meet in a temporary database, where ids, references, revisits, index lines,
``files.jsonl`` and the catalogue are compared. Nothing is written to the collection, nothing is locked, and a crawl may
go on: of a file that is being written, what it held at the start is checked.

Files are read as they lie, a crash's leavings too: do not open the Collection before, for that repairs it.

What only a collection, or only several files, need is imported when they do: to start takes as long as to check 10 MB.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive.care.catalogue import rows_without_records
from archive.care.defects import CODES, Defect, weight
from archive.care.facts import Batch, FileSums
from archive.care.inventory import Inventory, against_list, of_collection, of_paths
from archive.care.links import Finding, Links
from archive.care.warcfile import Event, Task, check
from archive.config import read_config

__all__ = ["CODES", "Defect", "Sums", "Verification"]

Progress = Callable[[int, int], None]
"""Told of the bytes read so far, and of all there are."""

_ELSEWHERE = frozenset(["dangling-refers", "unresolvable-revisit"])
"""What may only seem so where not all files were read."""


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

    def __init__(
        self,
        target: Path | Sequence[Path],
        *,
        jobs: int | None = None,
        progress: Progress | None = None,
        remote: bool | None = None,
    ):
        """`target`: the directory of a collection (NoCollection when it is none), or WARC files anywhere.

        `jobs`: how many processes; None for one a core. `remote`: files that were shipped are read whole, too; without
        it stores are only asked whether each is there; with None, they are not asked anything.
        """
        self._remote = remote
        if isinstance(target, Path) and not target.is_file():
            read_config(target)
            self._inventory = of_collection(target, remote=bool(remote))
        else:
            self._inventory = of_paths([target] if isinstance(target, Path) else target)
        self._jobs = jobs if jobs is not None else os.cpu_count() or 1
        self._progress = progress or (lambda _done, _total: None)
        self.sums = Sums()

    @property
    def copies(self) -> dict[str, str]:
        """Of which files a checked copy should lie elsewhere, by the names that defects give them, and where."""
        return {copy.key: str(copy) for copy in self._inventory.copies.values()}

    def __iter__(self) -> Iterator[Defect]:
        for defect in self._all():
            (self.sums.defects if defect.severity == "defect" else self.sums.notes)[defect.code] += 1
            yield defect

    def _all(self) -> Iterator[Defect]:
        inventory = self._inventory
        yield from inventory.defects
        if self._remote is not None and inventory.copies:
            from archive.care.elsewhere import against_stores

            here = {file.name for file in inventory.files if isinstance(file.task.path, Path)}
            yield from against_stores(inventory.copies, here, whole=self._remote)
        links = Links()
        try:
            ours: dict[int, bool] = {}
            yield from self._files(inventory, links, ours)
            compared = _Comparison(inventory, links, ours)
            if inventory.root is None:
                links.complete()
                yield from compared.records()
                return
            from archive.care.indexes import Indexes

            indexes = Indexes(inventory.root, inventory.files, links, read=ours, unread=inventory.unread)
            yield from indexes.take_in()
            links.complete()
            yield from compared.records()
            yield from compared.defects(indexes.captures())
            yield from indexes.lines()
            names = {
                file.name: (number, links.last(number) if file.task.growing else None)
                for number, file in enumerate(inventory.files)
            }
            yield from rows_without_records(inventory.root / "catalogue.sqlite", links, names, inventory.unread)
        finally:
            links.close()

    def _files(self, inventory: Inventory, links: Links, ours: dict[int, bool]) -> Iterator[Defect]:
        positions: dict[int, int] = {}
        total = sum(file.task.size for file in inventory.files)
        done = 0
        self._progress(0, total)
        for number, event in self._events([file.task for file in inventory.files]):
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

    def _events(self, tasks: Sequence[Task]) -> Iterator[tuple[int, Event]]:
        """Every event of every task, with the task's number; those of one task in order."""
        if self._jobs > 1 and len(tasks) > 1:
            from archive.care.workers import run

            return run(tasks, self._jobs)
        return ((number, event) for number, task in enumerate(tasks) for event in check(task))

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
        self._alone = inventory.root is None or bool(inventory.unread)

    def records(self) -> Iterator[Defect]:
        labels = [file.task.label for file in self._files]
        for findings in (self._links.duplicates(labels), self._links.dangling(), self._links.revisits()):
            yield from self.defects(findings)

    def defects(self, findings: Iterable[Finding]) -> Iterator[Defect]:
        for finding in findings:
            if (defect := self._defect(finding)) is not None:
                yield defect

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
