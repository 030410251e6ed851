"""A store that is a directory: another disk, or whatever is mounted there.

A file is copied beside its name, fsynced, and renamed; so what has its name is whole. Pages of it are dropped from the
system's cache, so that whoever reads it back to check it reads the disk.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from archive.disk import Disk
from archive.errors import StoreError
from archive.storage.address import Address
from archive.storage.port import Kept, Told

__all__ = ["DirectoryStore"]

_NO_FOLDERS: Final = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)
"""What file systems over a network say when a folder is to be fsynced: they need none."""
_PIECE: Final = 1024 * 1024
_FOLDERS: Final = ("archive", "text")
_PART: Final = ".part"


class DirectoryStore:
    def __init__(self, address: Address) -> None:
        self._root = Path(address.url)
        self._disk = Disk()

    def prepare(self, *, known: bool) -> None:
        if known:
            self._be_there()
            return
        try:
            for folder in _FOLDERS:
                (self._root / folder).mkdir(parents=True, exist_ok=True)
            self._sync(self._root)
        except OSError as error:
            raise self._error("", error) from error

    def look(self, key: str) -> Kept | None:
        try:
            state = (self._root / key).stat()
        except FileNotFoundError:
            self._be_there()
            return None
        except OSError as error:
            raise self._error(key, error) from error
        return Kept(size=state.st_size, mark=f"{state.st_ino}-{state.st_mtime_ns}")

    def read(self, key: str, start: int, length: int) -> bytes:
        try:
            with (self._root / key).open("rb", buffering=0) as file:
                file.seek(start)
                data = b""
                while len(data) < length and (piece := file.read(length - len(data))):
                    data += piece
        except OSError as error:
            raise self._error(key, error) from error
        if len(data) < length:
            raise StoreError(str(self._root / key), f"ends at byte {start + len(data)}")
        return data

    def put(self, key: str, file: Path, told: Told) -> None:
        target = self._root / key
        beside = _beside(target)
        try:
            with suppress(FileNotFoundError):  # of a copy that was cut short
                beside.unlink()
            self._copy(file, beside, told)
            self._disk.replace(beside, target)
            self._sync(target.parent)
        except OSError as error:
            raise self._error(key, error) from error

    def _copy(self, file: Path, target: Path, told: Told) -> None:
        fd = self._disk.create(target)
        try:
            with file.open("rb", buffering=0) as source:
                while piece := source.read(_PIECE):
                    if self._disk.write(fd, piece) != len(piece):
                        raise StoreError(str(target), "the disk took only part of it")
                    told(len(piece))
            self._disk.sync(fd)
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            self._disk.close(fd)

    def remove(self, key: str) -> None:
        path = self._root / key
        try:
            path.unlink(missing_ok=True)
            _beside(path).unlink(missing_ok=True)
            self._be_there()
            self._sync(path.parent)
        except OSError as error:
            raise self._error(key, error) from error

    def _sync(self, folder: Path) -> None:
        try:
            self._disk.sync_directory(folder)
        except OSError as error:
            if error.errno not in _NO_FOLDERS:
                raise

    def _be_there(self) -> None:
        if not all((self._root / folder).is_dir() for folder in _FOLDERS):
            raise StoreError(str(self._root), "files were shipped there, and nothing is there now: is it mounted?")

    def _error(self, key: str, error: OSError) -> StoreError:
        return StoreError(str(self._root / key), error.strerror or str(error))


def _beside(path: Path) -> Path:
    """Where a copy lies until it is whole."""
    return path.with_name(f".{path.name}{_PART}")
