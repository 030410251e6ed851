"""What ``files.jsonl`` is to say of a WARC file that was not written record by record here."""

from __future__ import annotations

from pathlib import Path

from archive.care.defects import Defect
from archive.care.facts import FileSums
from archive.care.warcfile import Task, check
from archive.errors import DamagedRecord
from archive.warc.files import ClosedFile

__all__ = ["closed_file"]


def closed_file(path: Path, target: Path, *, origin: str | None = None) -> ClosedFile:
    """The line of the file at `path`, once it is at `target`; DamagedRecord when it cannot be read at all."""
    task = Task(path=path, label=target.name, size=path.stat().st_size, indexed=False, sha256=True)
    sums: FileSums | None = None
    for event in check(task):
        if isinstance(event, FileSums):
            sums = event
        elif isinstance(event, Defect) and event.code == "unreadable":
            raise DamagedRecord(path, 0, event.what)
    assert sums is not None
    assert sums.sha256 is not None
    return ClosedFile(
        name=target.name,
        size=sums.size,
        sha256=sums.sha256,
        records=sums.records,
        where=target.parent.name,
        origin=origin,
    )
