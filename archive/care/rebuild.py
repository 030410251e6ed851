"""Index and catalogue anew, from the WARC files and nothing else: the same lines and the same rows as before.

Each index is written beside and put in place whole. The catalogue is built in a file of its own, and then copied over
the old one in a single transaction of SQLite's backup: whoever has the old one open reads on, and sees the new one
next (a file renamed over a database in use would be damaged by the old one's journal). Interrupted at any point, the
old catalogue is as it was, and each index is either the old or the new, which say the same. Damaged records are told
of and read past.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from archive.care.indexing import index_file
from archive.catalogue.follow import follow
from archive.catalogue.follow_text import follow_text
from archive.catalogue.schema import connect, explained
from archive.catalogue.store import Catalogue, Counts
from archive.collection import Collection
from archive.disk import Disk, refused
from archive.errors import DamagedRecord, NoCatalogue
from archive.index.files import SUFFIX, index_name, sorted_paths
from archive.readable import Readable
from archive.warc.files import OPEN

__all__ = ["Rebuild", "rebuild"]

WHO: Final = "wirecopy rebuild"
_BESIDE: Final = ".catalogue.rebuild"
_CAPTURES: Final = ("response", "revisit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuild:
    """How far a rebuild is; at its end, what it came to."""

    files: int
    """WARC files with captures, to be indexed."""
    indexed: int = 0
    """Files done of these."""
    captures: int = 0
    unread: int = 0
    """Pages that nobody has read."""
    readings: int = 0
    articles: int = 0
    removed: tuple[str, ...] = ()
    """Indexes of files that are not there any more."""
    damaged: tuple[DamagedRecord, ...] = ()


def rebuild(collection: Collection, on_progress: Callable[[Rebuild], None] = lambda state: None) -> Rebuild:
    """Make index and catalogue anew; Locked, saying by whom, while anybody writes to the collection."""
    with collection.exclusive(WHO):
        paths = _archived(collection)
        state = Rebuild(files=len(paths))
        damaged: list[DamagedRecord] = []
        try:
            collection.indexes_dir.mkdir(exist_ok=True)
            for path in paths:
                on_progress(state)
                count = index_file(path, collection.indexes_dir, damaged.append)
                state = replace(state, indexed=state.indexed + 1, captures=state.captures + count)
            state = replace(state, removed=tuple(_remove_stale(collection.indexes_dir, paths)))
            on_progress(state)
            counts = _catalogue(collection, damaged.append)
        except OSError as error:
            raise refused(error, collection.path) from error
        state = replace(
            state, unread=counts.unread, readings=counts.readings, articles=counts.articles, damaged=tuple(damaged)
        )
        on_progress(state)
        return state


def _archived(collection: Collection) -> list[Readable]:
    """WARC files, those too that a crash left open, and those that are only elsewhere."""
    directory = collection.archive_dir
    here: dict[str, Readable] = {
        path.name: path
        for path in (directory.iterdir() if directory.is_dir() else ())
        if path.name.removesuffix(OPEN).endswith(".warc.gz") and not path.name.startswith(".")
    }
    shipped = {name: copy for name, copy in collection.copies().items() if copy.folder == directory.name}
    return [file for _, file in sorted({**shipped, **here}.items())]


def _remove_stale(indexes: Path, paths: list[Readable]) -> Iterator[str]:
    names = {index_name(path.name.removesuffix(OPEN)) + SUFFIX for path in paths}
    for path in sorted_paths(indexes):
        if path.name not in names:
            path.unlink()
            yield path.name


def _catalogue(collection: Collection, on_damage: Callable[[DamagedRecord], None]) -> Counts:
    beside = collection.path / _BESIDE
    _remove_database(beside)  # of a rebuild that was killed
    try:
        with Catalogue(beside, create=True) as built:
            follow(built, collection.indexes_dir)
            follow_text(built, collection.text_dir, on_damage, elsewhere=collection.texts_elsewhere())
            counts = built.counts()
        _put_in_place(beside, collection.catalogue_path)
        return counts
    finally:
        _remove_database(beside)


def _put_in_place(built: Path, place: Path) -> None:
    try:
        old = connect(place, create=False)
    except NoCatalogue:  # nothing there that anybody could be reading
        _remove_database(place)
        built.replace(place)
        Disk().sync_directory(place.parent)
        return
    with closing(old), closing(connect(built, create=False)) as new, explained(place):
        new.backup(old)
        old.execute("PRAGMA busy_timeout = 0")  # readers of the old one may take their time with it
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _remove_database(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
