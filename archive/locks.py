"""Who has a collection: many writers at once, or one who needs it alone. The refused are told by whom.

The lock is flock's on ``locks/collection``, shared or exclusive, so it goes with the process that held it. Names come
from cards: every holder keeps a file ``locks/PID-RANDOM`` with its command, pid and start, locked for as long as it
holds; a card whose lock is free belongs to a process that is gone, and is removed by whoever finds it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from archive.disk import Disk, refused
from archive.errors import Locked, StorageError

__all__ = ["Holder", "hold"]


class Holder(msgspec.Struct, frozen=True):
    """Who holds, as its card says."""

    who: str
    pid: int
    since: str

    def __str__(self) -> str:
        return f"'{self.who}' (pid {self.pid}, since {self.since})"


@contextmanager
def hold(disk: Disk, directory: Path, who: str, *, shared: bool, what: str = "collection") -> Iterator[None]:
    """Holds the collection, or a part of its use; Locked, naming the holders, when others exclude this one."""
    locks = directory / "locks"
    try:
        locks.mkdir(exist_ok=True)
        fd = disk.open_or_create(locks / what)
    except OSError as error:
        raise refused(error, locks) from error
    try:
        held = disk.lock(fd, shared=shared)
        others = _holders(disk, locks)
        if not held:
            raise Locked(directory, " and ".join(map(str, others)) or "another process")
        with _card(disk, locks, who):
            yield
    finally:
        disk.close(fd)


@contextmanager
def _card(disk: Disk, locks: Path, who: str) -> Iterator[None]:
    path = locks / f"{os.getpid()}-{os.urandom(4).hex()}"
    try:
        fd = _put_up(disk, path, who)
    except OSError as error:
        raise refused(error, path) from error
    try:
        yield
    finally:
        _clear_away(path)
        disk.close(fd)


def _clear_away(path: Path) -> None:
    """Nothing is wrong with a card that stays, on a disk that refuses: its lock is free, and the next one tries."""
    with suppress(OSError):
        path.unlink()


def _put_up(disk: Disk, path: Path, who: str) -> int:
    card = msgspec.json.encode(Holder(who, os.getpid(), datetime.now(UTC).isoformat(timespec="seconds")))
    fd = disk.create(path)
    try:
        disk.lock(fd)
        if disk.write(fd, card) != len(card):
            raise StorageError(path, "the disk took only part of it")
    except BaseException:
        disk.close(fd)
        raise
    return fd


def _holders(disk: Disk, locks: Path) -> list[Holder]:
    """Who holds it now; the cards of those who are gone are cleared away."""
    found = []
    for path in sorted(locks.glob("*-*")):
        try:
            fd = disk.open(path)
        except FileNotFoundError:
            continue
        try:
            if disk.lock(fd):
                _clear_away(path)
                continue
            found.append(msgspec.json.decode(path.read_bytes(), type=Holder))
        except (FileNotFoundError, msgspec.MsgspecError):
            continue
        finally:
            disk.close(fd)
    return found
