"""What lies in a collection, and what ``files.jsonl`` says lies there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from archive.care.defects import Defect
from archive.care.facts import FileSums
from archive.care.warcfile import Task
from archive.disk import Disk
from archive.warc.files import OPEN, ClosedFile, closed_files

if TYPE_CHECKING:
    from archive.storage.ranges import Copy

__all__ = ["Inventory", "Shelved", "against_list", "is_there", "of_collection", "of_paths", "shipped"]

_FOLDERS = ("archive", "text")
_WARC = (".warc.gz", ".warc")
_CUT = ".cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A WARC file to look at, and what is known of it beforehand."""

    task: Task
    name: str
    """Bare and final."""
    closed: bool
    listed: ClosedFile | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    root: Path | None
    """The collection; None for files looked at by themselves."""
    files: Sequence[Shelved]
    defects: Sequence[Defect]
    copies: Mapping[str, Copy] = field(default_factory=dict)
    """Those that should be in a store, by the name of the file."""

    @property
    def unread(self) -> frozenset[str]:
        """Files that are only in a store, and not to be read."""
        return frozenset(self.copies) - {file.name for file in self.files}


def of_paths(paths: Sequence[Path]) -> Inventory:
    """Files by themselves: no index, no list of files, no catalogue."""
    files, defects = [], []
    for path in paths:
        try:
            size = path.stat().st_size
        except OSError as error:
            defects.append(Defect(code="unreadable", file=str(path), what=error.strerror or str(error)))
            continue
        growing = path.name.endswith(OPEN) and _is_locked(path)
        task = Task(path=path, label=str(path), size=size, indexed=False, sha256=False, growing=growing)
        name = path.name.removesuffix(OPEN)
        files.append(Shelved(task=task, name=name, closed=not path.name.endswith(OPEN), listed=None))
        defects += _open_state(task) if path.name.endswith(OPEN) else ()
    return Inventory(root=None, files=files, defects=defects)


def of_collection(root: Path, *, remote: bool = False) -> Inventory:
    """What is there now. A crawl may go on meanwhile: it lists a file first and then gives it its final name.

    `remote`: files that are only in a store are to be read as well.
    """
    paths = [path for folder in _FOLDERS for path in sorted((root / folder).glob("[!.]*"))]
    listed = closed_files(root / "files.jsonl")
    elsewhere = shipped(root, listed)
    defects = list(_unreadable_lines(root / "files.jsonl"))
    files = []
    for path in paths:
        label = f"{path.parent.name}/{path.name}"
        if path.name.endswith(_CUT):
            defects.append(Defect(code="cut-kept", file=label, what="left for repair", severity="note"))
        name = path.name.removesuffix(OPEN)
        if not name.endswith(_WARC):
            continue
        closed = name == path.name
        growing = not closed and _is_locked(path)
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            if closed or not path.with_name(name).exists():  # taken down while we looked
                continue
            path, growing = path.with_name(name), True  # closed while we looked: its records are referred to
            size = path.stat().st_size
        line = listed.get(name)
        task = Task(
            path=path,
            label=label,
            size=size,
            indexed=closed and path.parent.name == "archive",
            sha256=closed and line is not None,
            growing=growing,
        )
        files.append(Shelved(task=task, name=name, closed=closed, listed=line))
        if not closed:
            defects += _open_state(task)
    there = {file.name for file in files}
    if remote:
        files += [_elsewhere(copy, listed.get(name)) for name, copy in sorted(elsewhere.items()) if name not in there]
    there |= elsewhere.keys()
    for name, line in listed.items():
        if name not in there and line.where in _FOLDERS and not is_there(root, name):
            what = f"{line.size} bytes, {line.records} records are missing"
            defects.append(Defect(code="file-missing", file=f"{line.where}/{name}", what=what))
    return Inventory(root=root, files=files, defects=defects, copies=elsewhere)


def shipped(root: Path, listed: Mapping[str, ClosedFile]) -> dict[str, Copy]:
    """Copies by now, by the name of the file."""
    if not (root / "shipped.jsonl").exists():
        return {}
    from archive.config import read_config
    from archive.storage.address import configured
    from archive.storage.manifest import MANIFEST, copies, read_lines

    return copies(read_lines(root / MANIFEST).values(), listed, configured(read_config(root).ship, root))


def _elsewhere(copy: Copy, line: ClosedFile | None) -> Shelved:
    indexed = copy.folder == "archive"
    task = Task(path=copy, label=copy.key, size=copy.size, indexed=indexed, sha256=True)
    return Shelved(task=task, name=copy.name, closed=True, listed=line)


def is_there(root: Path, name: str) -> bool:
    """Whether the collection has a file of this final name by now, be it open, closed or shipped."""
    if any((root / folder / (name + suffix)).exists() for folder in _FOLDERS for suffix in (OPEN, "")):
        return True
    return name in shipped(root, closed_files(root / "files.jsonl"))


def against_list(file: Shelved, sums: FileSums) -> Iterator[Defect]:
    """Where a closed file is not what ``files.jsonl`` says."""
    if not file.closed:
        return
    label, listed = file.task.label, file.listed
    if listed is None:
        yield Defect(code="file-unlisted", file=label, what="files.jsonl has no line for it")
        return
    for code, noun, says, has in (
        ("file-size", "bytes", listed.size, sums.size),
        ("file-records", "records", listed.records, sums.records),
        ("file-sha256", "SHA-256", listed.sha256, sums.sha256),
    ):
        if says != has:
            yield Defect(code=code, file=label, what=f"files.jsonl says {says} {noun}, the file has {has}")


def _open_state(task: Task) -> Iterator[Defect]:
    if task.growing:
        what = f"its first {task.size} bytes were checked"
        yield Defect(code="in-use", file=task.label, what=what, severity="note")
    else:
        yield Defect(code="unclosed", file=task.label, what="the next crawl, or any other writer, will close it")


def _is_locked(path: Path) -> bool:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return not Disk().lock(fd, shared=True)
    finally:
        os.close(fd)


def _unreadable_lines(listing: Path) -> Iterator[Defect]:
    try:
        data = listing.read_bytes()
    except FileNotFoundError:
        return
    offset = 0
    for line in data.splitlines(keepends=True):
        try:
            msgspec.json.decode(line, type=ClosedFile)
        except msgspec.MsgspecError as error:
            yield Defect(code="ledger-line", file=listing.name, offset=offset, what=str(error), severity="note")
        offset += len(line)
