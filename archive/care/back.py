"""Files brought back from a store: written beside, proven by their SHA-256, and given their name only then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from archive.care.proof import read_back, sha256_of
from archive.collection import Collection
from archive.disk import refused
from archive.errors import ConfigError, StorageError, StoreError
from archive.storage.ranges import Copy
from archive.storage.stores import open_store

__all__ = ["bring_back", "left_over", "wanted"]

WHO: Final = "wirecopy ship --back"
_BESIDE: Final = ".back"

Progress = Callable[[int, int], None]


def bring_back(
    collection: Collection,
    names: Sequence[str] = (),
    *,
    on_progress: Progress = lambda done, total: None,
    on_file: Callable[[str], None] = lambda said: None,
) -> list[str]:
    """Those files, or all that are elsewhere only: which were brought. They stay in the store, too.

    ConfigError for a name of which there is no copy, StoreError when one cannot be had; what was brought until then
    stays. A file that is here and is not what ``files.jsonl`` says goes to ``quarantine/``.
    """
    with collection.only_one("ship"), collection.shared(WHO):
        found = wanted(collection, names)
        total, done = sum(copy.size for copy in found), 0
        brought = []
        for copy in found:

            def told(count: int, before: int = done) -> None:
                on_progress(before + count, total)

            try:
                _bring(collection, copy, told)
            except OSError as error:
                raise refused(error, collection.path) from error
            done += copy.size
            brought.append(copy.name)
            on_file(f"{copy.name}: {copy.size} bytes from {copy}, as they should be")
        return brought


def left_over(collection: Collection) -> list[Path]:
    """What passes that were killed had brought so far."""
    folders = (collection.archive_dir, collection.text_dir)
    return [path for folder in folders for path in folder.glob(f".*{_BESIDE}")]


def wanted(collection: Collection, names: Sequence[str]) -> list[Copy]:
    """Copies of those files, by name or path, that are not here as they should be; of all that are not here."""
    copies = collection.copies()
    bare = [name.rpartition("/")[2] for name in names]
    for name in bare:
        if name not in copies:
            raise ConfigError(f"{name}: no copy of it is listed in {collection.shipped_path}")
    return [
        copies[name]
        for name in dict.fromkeys(bare or copies)
        if not (collection.path / copies[name].key).exists()
        or (bare and sha256_of(collection.path / copies[name].key) != copies[name].sha256)
    ]


def _bring(collection: Collection, copy: Copy, told: Callable[[int], None]) -> None:
    disk = collection.archive_shelf.disk
    target = collection.path / copy.key
    disk.make_directory(target.parent)
    beside = target.with_name(f".{target.name}{_BESIDE}")
    with suppress(FileNotFoundError):  # of a pass that was killed
        disk.remove(beside)
    fd = disk.create(beside)
    got = 0

    def take(piece: bytes) -> None:
        nonlocal got
        if disk.write(fd, piece) != len(piece):
            raise StorageError(beside, "the disk took only part of it")
        got += len(piece)
        told(got)

    try:
        found = read_back(open_store(copy.store), copy.key, copy.size, take)
        disk.sync(fd)
        if found != copy.sha256:
            raise StoreError(str(copy), f"its SHA-256 is {found}, and was {copy.sha256} when it was shipped")
        if target.exists():
            _set_aside(collection, copy)
        disk.rename(beside, target)
        disk.sync_directory(target.parent)
    finally:
        disk.close(fd)
        with suppress(FileNotFoundError):
            disk.remove(beside)


def _set_aside(collection: Collection, copy: Copy) -> None:
    disk = collection.archive_shelf.disk
    folder = collection.path / "quarantine"
    disk.make_directory(folder)
    disk.rename(collection.path / copy.key, folder / copy.name)
    disk.sync_directory(folder)
