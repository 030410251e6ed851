"""Copies of files that a takedown made anew: struck off the list as one with it, and then erased in the store.

Until the store has done so, the list says that it is due; every later pass of `archive.care.ship` begins with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from archive.collection import Collection
from archive.errors import ConfigError, StoreError
from archive.storage.manifest import Line, add, read_lines
from archive.storage.stores import open_store
from archive.warc.draft import warc_date

__all__ = ["due", "erase", "erasures"]


def erasures(collection: Collection, file: str, now: datetime) -> Iterator[bytes]:
    """The lines that say of every copy of a file that it is to be erased."""
    for line in read_lines(collection.shipped_path).values():
        if line.file == file and line.step != "removed":
            yield msgspec.json.encode(msgspec.structs.replace(line, step="erase", when=warc_date(now)))


def due(collection: Collection) -> list[Line]:
    """Copies that are still to be erased."""
    return [line for line in read_lines(collection.shipped_path).values() if line.step == "erase"]


def erase(collection: Collection) -> int:
    """Erases what is due, and says how much that was; StoreError, once all was tried, when a store did not do so."""
    failed: list[str] = []
    erased = 0
    now_at = collection.store
    for line in due(collection):
        try:
            open_store(line.reached(now_at)).remove(f"{line.folder}/{line.file}")
        except (StoreError, ConfigError) as error:
            failed.append(str(error))
            continue
        done = msgspec.structs.replace(line, step="removed")
        add(collection.archive_shelf.disk, collection.shipped_path, done)
        erased += 1
    if failed:
        why = f"still holds what was taken down here: {failed[0]}; 'wirecopy ship' erases it once the store answers"
        raise StoreError(f"a store ({len(failed)} files)", why)
    return erased
