"""Many files of a collection replaced as one: all of them new after a crash at any point, or all of them old.

The new files are made first, each beside the one it replaces, under a name that nobody reads. Then the journal,
``changeover.json``, is put in place whole, with every step that is left: from there on only names change, and each
step can be done again. Whoever opens the collection next completes what the journal says, or, when the crash came
before it was whole, clears away what had been made. All of this is for him who has the collection to himself.

The catalogue is a step of its own kind. Others may be reading it, and a file renamed over a database in use would be
damaged by the old one's journal, so the new one is copied over it by SQLite's backup, and the write-ahead log emptied:
then what is not in the new one is in no byte of the old.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import msgspec

from archive.disk import Disk
from archive.errors import Locked, StorageError
from archive.warc.files import add_line

__all__ = ["JOURNAL", "Changeover", "complete", "is_unfinished", "staged_name"]

JOURNAL = "changeover.json"
STAGED = ".staged"
PATIENCE = 20.0
"""Seconds to wait for those who are reading the catalogue."""

_DATABASE = ("", "-wal", "-shm", "-journal")


class _Replace(msgspec.Struct, frozen=True, tag="replace"):
    target: str


class _Remove(msgspec.Struct, frozen=True, tag="remove"):
    target: str


class _Append(msgspec.Struct, frozen=True, tag="append"):
    target: str
    line: str


class _Database(msgspec.Struct, frozen=True, tag="database"):
    target: str


_Step = _Replace | _Remove | _Append | _Database


class _Journal(msgspec.Struct, frozen=True):
    """Paths are below the collection."""

    who: str
    steps: list[_Step] | None = None
    """In order; None as long as the new files are being made."""


class Changeover:
    """What is to be replaced, until `commit`."""

    def __init__(self, disk: Disk, root: Path, who: str) -> None:
        self._disk = disk
        self._root = root
        self._who = who
        self._steps: list[_Step] = []
        self._folders: set[Path] = set()
        _write(disk, root, _Journal(who))

    def replace(self, target: Path) -> Path:
        """Where to make the file that takes the place of `target`; fsynced by whoever makes it."""
        self._steps.append(_Replace(self._name(target)))
        self._folders.add(target.parent)
        return staged_name(target)

    def replace_database(self, target: Path) -> Path:
        """As `replace`, of a SQLite database."""
        self._steps.append(_Database(self._name(target)))
        return staged_name(target)

    def remove(self, target: Path) -> None:
        self._steps.append(_Remove(self._name(target)))

    def append(self, target: Path, line: bytes) -> None:
        """A line that nothing else in the file is like."""
        self._steps.append(_Append(self._name(target), line.decode()))

    def commit(self) -> None:
        """From here on there is no way back; `complete` does the rest."""
        for folder in sorted(self._folders):
            self._disk.sync_directory(folder)
        _write(self._disk, self._root, _Journal(self._who, self._steps))

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self._root))


def staged_name(target: Path) -> Path:
    return target.with_name(f".{target.name}{STAGED}")


def is_unfinished(root: Path) -> bool:
    return (root / JOURNAL).exists() or _beside(root).exists()


def complete(disk: Disk, root: Path, patience: float = PATIENCE) -> None:
    """Finishes what was committed, else takes it back; nothing to do when all is done.

    Locked while somebody reads the old catalogue, OSError or StorageError when the disk refuses: then it is due again.
    """
    try:
        journal = msgspec.json.decode((root / JOURNAL).read_bytes(), type=_Journal)
    except FileNotFoundError:
        with suppress(FileNotFoundError):  # killed before there was anything to complete
            disk.remove(_beside(root))
        return
    except msgspec.MsgspecError as error:
        raise StorageError(root / JOURNAL, f"cannot be read ({error})") from error
    for step in journal.steps or ():
        target = root / step.target
        if isinstance(step, _Replace):
            _replace(disk, target)
        elif isinstance(step, _Remove):
            _remove(disk, target)
        elif isinstance(step, _Append):
            _append(disk, target, step.line.encode())
        else:
            _replace_database(disk, target, patience)
    for depth in ("", "*/", "*/*/"):
        for left in root.glob(f"{depth}.*{STAGED}*"):
            disk.remove(left)
    with suppress(FileNotFoundError):
        disk.remove(_beside(root))
    disk.remove(root / JOURNAL)
    disk.sync_directory(root)


def _beside(root: Path) -> Path:
    return root / f".{JOURNAL}"


def _write(disk: Disk, root: Path, journal: _Journal) -> None:
    beside = _beside(root)
    beside.unlink(missing_ok=True)
    data = msgspec.json.encode(journal)
    fd = disk.create(beside)
    try:
        if disk.write(fd, data) != len(data):
            raise StorageError(beside, "the disk took only part of it")
        disk.sync(fd)
    finally:
        disk.close(fd)
    disk.replace(beside, root / JOURNAL)
    disk.sync_directory(root)


def _replace(disk: Disk, target: Path) -> None:
    with suppress(FileNotFoundError):  # done before the crash
        disk.replace(staged_name(target), target)
    disk.sync_directory(target.parent)


def _remove(disk: Disk, target: Path) -> None:
    with suppress(FileNotFoundError):
        disk.remove(target)
    disk.sync_directory(target.parent)


def _append(disk: Disk, target: Path, line: bytes) -> None:
    if not target.exists() or line not in target.read_bytes().splitlines():
        add_line(disk, target, line)
        disk.sync_directory(target.parent)


def _replace_database(disk: Disk, target: Path, patience: float) -> None:
    staged = staged_name(target)
    if not staged.exists():
        return
    try:
        _copy_database(staged, target, patience)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise StorageError(target, str(error)) from error
        for suffix in _DATABASE:  # nothing that anybody could be reading
            _remove(disk, target.with_name(target.name + suffix))
        _copy_database(staged, target, patience)
    for suffix in reversed(_DATABASE):
        _remove(disk, staged.with_name(staged.name + suffix))


def _copy_database(source: Path, target: Path, patience: float) -> None:
    with closing(sqlite3.connect(source)) as new, closing(_connect(target, patience)) as old:
        old.execute("PRAGMA synchronous = FULL")
        try:
            old.execute("BEGIN IMMEDIATE")  # waits for a writer as long as it should; the backup would for ever
            old.execute("ROLLBACK")
            new.backup(old)
            busy = old.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            busy = True
        if busy:
            raise Locked(target, "somebody who reads it (the rest is done; this is completed at the next start)")


def _connect(path: Path, patience: float) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=patience, isolation_level=None)
