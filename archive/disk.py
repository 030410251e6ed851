"""Every call by which the archive changes a file, behind one small port.

Whoever writes takes a `Disk` as a value, so a test can hand in one that fails, falls short or keeps a trace, at any
call. Only the calls that matter to what survives a crash are here; reading needs no port.
"""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

from archive.errors import StorageError

__all__ = ["Disk", "refused"]

_NO_HARD_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS)


class Disk:
    """The operating system's calls, raising OSError as they do."""

    def make_directory(self, path: Path) -> None:
        """A directory that outlasts a power cut; nothing to do when it is there."""
        if path.is_dir():
            return
        self.make_directory(path.parent)
        path.mkdir(exist_ok=True)
        self.sync_directory(path.parent)

    def create(self, path: Path) -> int:
        """A new file to append to; FileExistsError when the name is taken."""
        return os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_APPEND | os.O_CLOEXEC, 0o644)

    def open(self, path: Path) -> int:
        """A file that is there, to read, append and cut."""
        return os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)

    def open_or_create(self, path: Path) -> int:
        return os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND | os.O_CLOEXEC, 0o644)

    def close(self, fd: int) -> None:
        os.close(fd)

    def write(self, fd: int, data: bytes) -> int:
        """Appends in one call; how many bytes went in may be fewer than were given."""
        return os.write(fd, data)

    def truncate(self, fd: int, size: int) -> None:
        os.ftruncate(fd, size)

    def sync(self, fd: int) -> None:
        os.fsync(fd)

    def sync_directory(self, path: Path) -> None:
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def rename(self, source: Path, target: Path) -> None:
        """Gives a file its new name; FileExistsError when that is taken, whoever took it and when."""
        try:
            os.link(source, target)
        except OSError as error:
            if error.errno not in _NO_HARD_LINKS:
                raise
            # A file system without hard links: the look and the rename are two steps there.
            if target.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
            source.rename(target)
        else:
            source.unlink()

    def replace(self, source: Path, target: Path) -> None:
        """Gives a file its new name, in place of what had it: for files that are derived."""
        source.replace(target)

    def remove(self, path: Path) -> None:
        path.unlink()

    def lock(self, fd: int, *, shared: bool = False) -> bool:
        """Takes the file's lock if it is free; it goes with the descriptor, so with the process too."""
        try:
            fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def is_at(self, fd: int, path: Path) -> bool:
        """Whether the open file still has this name: it may have been renamed or removed before it was locked."""
        here = os.fstat(fd)
        try:
            there = path.stat()
        except FileNotFoundError:
            return False
        return (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino)


def refused(error: OSError, path: Path) -> StorageError:
    """The disk's error as the project's own, told of the file it was about."""
    name = error.filename if isinstance(error.filename, str) else None
    return StorageError(Path(name) if name else path, error.strerror or str(error))
