"""WARC files as they come into being: created under a name of their own, grown, closed; and the list of closed ones.

A file is ``NAME.warc.gz.open``, with its lock held, until it is closed. Closing goes: fsync the file, put the sorted
index in place, append the line to ``files.jsonl``, and last rename the file, so that whatever a crash interrupts is
done again from the ``.open`` file by `archive.warc.recover`. NAME is PREFIX-TIMESTAMP17-SERIAL-HOST, HOST with eight
random hex digits, since machines (clones, containers) do share names.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from archive.disk import Disk
from archive.errors import StorageError

__all__ = ["OPEN", "ClosedFile", "FileNames", "OpenFile", "Shelf", "add_line", "closed_files", "plain_name"]

OPEN = ".open"
_UNSAFE = re.compile(r"[^A-Za-z0-9.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedFile:
    """A line of ``files.jsonl``."""

    name: str
    size: int
    sha256: str
    records: int
    where: str
    """The folder of the collection that holds it: ``archive`` or ``text``."""
    origin: str | None = None
    """SHA-256 of the file that an import made this one of, where it was not taken as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A folder of WARC files, and where its indexes and the list of closed files are kept."""

    directory: Path
    indexes: Path | None
    """None for files that are not indexed (``text/``)."""
    listing: Path
    disk: Disk = field(default_factory=Disk)

    def close(self, file: OpenFile) -> None:
        """The last steps of closing: the line in the list, then the name."""
        listed = ClosedFile(
            name=file.name, size=file.size, sha256=file.sha256(), records=file.records, where=self.directory.name
        )
        add_line(self.disk, self.listing, msgspec.json.encode(listed))
        self.disk.rename(file.path, self.directory / file.name)
        self.disk.sync_directory(self.directory)


class OpenFile:
    """A WARC file while it grows: locked, appended to, cut back when an append fails."""

    def __init__(self, disk: Disk, path: Path, fd: int) -> None:
        self.path = path
        self.name = path.name.removesuffix(OPEN)
        self.size = 0
        self.records = 0
        self._disk = disk
        self._fd = fd
        self._hash = hashlib.sha256()

    @classmethod
    def create(cls, disk: Disk, directory: Path, names: FileNames) -> OpenFile:
        """A new file under the next free name, and locked."""
        while True:
            path = directory / (names.next() + OPEN)
            if path.with_name(path.name.removesuffix(OPEN)).exists():
                continue
            try:
                fd = disk.create(path)
            except FileExistsError:
                continue
            # Between the two calls a recovering process may have taken the empty file for one left behind.
            try:
                if disk.lock(fd) and disk.is_at(fd, path):
                    disk.sync_directory(directory)
                    return cls(disk, path, fd)
            except BaseException:
                disk.close(fd)
                raise
            disk.close(fd)

    def append(self, pieces: Iterable[bytes], records: int) -> None:
        """Adds the pieces, a write each; after an error `cut` is due, and the file is of no further use."""
        for piece in pieces:
            self._hash.update(piece)
            written = self._disk.write(self._fd, piece)
            if written != len(piece):
                raise StorageError(self.path, f"the disk took {written} of {len(piece)} bytes")
            self.size += written
        self.records += records

    def cut(self, size: int) -> None:
        self._disk.truncate(self._fd, size)

    def sync(self) -> None:
        self._disk.sync(self._fd)

    def sha256(self) -> str:
        return self._hash.hexdigest()

    def close(self) -> None:
        """Lets go of file and lock; the name stays as it is."""
        if self._fd >= 0:
            self._disk.close(self._fd)
            self._fd = -1


class FileNames:
    """Names for the files of one writer, one after the other."""

    def __init__(self, prefix: str, host: str) -> None:
        self._prefix = plain_name(prefix) or "wirecopy"
        self._host = f"{plain_name(host.partition('.')[0]) or 'localhost'}_{os.urandom(4).hex()}"
        self._serial = 0

    def next(self) -> str:
        self._serial += 1
        stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S%f")[:17]
        return f"{self._prefix}-{stamp}-{self._serial:05d}-{self._host}.warc.gz"


def plain_name(text: str) -> str:
    """The text with nothing in it that has a meaning in a file's name."""
    return _UNSAFE.sub("_", text)


def add_line(disk: Disk, path: Path, line: bytes) -> None:
    """Appends a line in one write, on a line of its own even after one that a power cut left unfinished."""
    fd = disk.open_or_create(path)
    try:
        with path.open("rb") as file:
            end = file.seek(0, 2)
            file.seek(max(end - 1, 0))
            torn = end > 0 and file.read(1) != b"\n"
        data = (b"\n" if torn else b"") + line + b"\n"
        if disk.write(fd, data) != len(data):
            disk.truncate(fd, end)
            raise StorageError(path, "the disk took only part of a line")
        disk.sync(fd)
        if not end:  # new: a power cut may take a name that its folder was not synced with, and all lines with it
            disk.sync_directory(path.parent)
    finally:
        disk.close(fd)


def closed_files(listing: Path) -> dict[str, ClosedFile]:
    """``files.jsonl`` by name, the newest line of each; unfinished lines are passed over."""
    found: dict[str, ClosedFile] = {}
    decode = msgspec.json.Decoder(ClosedFile).decode
    try:
        lines = listing.read_bytes().splitlines()
    except FileNotFoundError:
        return found
    for line in lines:
        try:
            closed = decode(line)
        except msgspec.MsgspecError:
            continue
        found[closed.name] = closed
    return found
