"""Captures to articles: the one path, for a crawl that runs, for what a crash left, and for old files.

A thread follows the index into the catalogue, sends pages that nobody has read (as file, offset, length) to processes
that extract, writes each reading to a WARC file in ``text/``, and takes the rows of the catalogue from there. So it can
be killed at any point: a page counts as read when its record is in ``text/``, and what is not is read again.

One process at a time ingests a collection: the one that has the lock of ``ingest.lock``. The others wait for the lock,
or for that process to have worked off their captures too.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from threading import Event, Thread
from time import monotonic
from typing import Final

from archive.catalogue.captures import Unread
from archive.catalogue.follow import behind, follow, sizes
from archive.catalogue.follow_text import follow_text
from archive.catalogue.schema import explained
from archive.catalogue.store import Catalogue
from archive.collection import Collection
from archive.desk import Desk
from archive.disk import Disk, refused
from archive.errors import StoreError, WirecopyError
from archive.extract.pool import DEADLINE, MEMORY_CAP, ExtractPool
from archive.model import KEPT_OUT, NOT_ARTICLES, Extraction
from archive.recipes.book import Book, read

__all__ = ["Ingest", "IngestState", "ingest"]

LOCK: Final = "ingest.lock"

_POLL: Final = 0.25
"""Seconds between two looks at the index, and at a lock that another process has."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestState:
    """How far it is. Counts are of this process."""

    read: int = 0
    """Readings written, of any kind."""
    articles: int = 0
    failed: int = 0
    waiting: int = 0
    """Pages of the whole collection that have no reading yet."""
    kept_out: Mapping[str, int] = field(default_factory=dict)
    """Pages that are kept out of the text feed, by the label for which they are."""


@dataclass(slots=True)
class _Drain:
    """Somebody who waits until what the index held when he came is read."""

    sizes: dict[str, int]
    last: int | None = None
    """Place in the queue of the last capture that he waits for, once all are in the catalogue."""
    done: bool = False
    over: Event = field(default_factory=Event)


def ingest(
    collection: Collection, *, workers: int = 0, on_progress: Callable[[IngestState], None] | None = None
) -> IngestState:
    """Read all that is unread by now, and return when that is done."""
    running = Ingest(collection, workers=workers, on_progress=on_progress)
    running.start()
    try:
        running.drain()
    finally:
        running.stop()
    return running.state


class Ingest:
    """The thread that reads a collection's pages, from `start` to `stop`."""

    def __init__(
        self,
        collection: Collection,
        *,
        crawl_id: str | None = None,
        workers: int = 0,
        deadline: float = DEADLINE,
        memory_cap: int = MEMORY_CAP,
        on_progress: Callable[[IngestState], None] | None = None,
    ) -> None:
        """With as many `workers` (processes), or, at 0, one less than the machine has processors.

        `on_progress` is called on the thread, some times a second.
        """
        self._collection = collection
        self._crawl_id = crawl_id
        self._workers = workers or max(1, (os.cpu_count() or 2) - 1)
        self._recipes = Book()
        self._pool = lambda: ExtractPool(self._workers, deadline, memory_cap, self._recipes.sources)
        self._on_progress = on_progress or (lambda state: None)
        self._drains: list[_Drain] = []
        self._stopping = Event()
        self._ended = Event()
        self._ended.set()
        self._held = ExitStack()
        self._error: WirecopyError | None = None
        self._thread = Thread(target=self._run, name="ingest", daemon=True)
        self.state = IngestState()

    def start(self) -> None:
        """Begin; raises at once what makes it impossible: Locked, NoCatalogue, StorageError, a recipe's ConfigError."""
        try:
            self._recipes = Book(read(self._collection.path))
            self._held.enter_context(self._collection.shared("ingest"))
            Catalogue(self._collection.catalogue_path, create=True).close()
            self._ended.clear()
            self._thread.start()
        except BaseException as error:
            self._error = error if isinstance(error, WirecopyError) else None  # for those who drain all the same
            self._ended.set()
            self._held.close()
            raise

    def drain(self, timeout: float | None = None) -> bool:
        """Wait until all that the index holds by now is read, by whichever process; raises what ended the thread.

        False when the time ran out, or `stop` was called.
        """
        drain = _Drain(sizes(self._collection.indexes_dir))
        self._drains.append(drain)
        if self._ended.is_set():  # looked at last: a thread that ends now finds this drain in its list
            drain.over.set()
        drain.over.wait(timeout)
        if self._error:
            raise self._error
        return drain.done

    def halt(self) -> None:
        """Begin to stop, without waiting for it: whoever drains is let go."""
        self._stopping.set()

    def stop(self) -> None:
        """End within a second or two; pages not read by then are read the next time. Raises what ended the thread.

        That may have come after a `drain`, as late as with the closing of the last file.
        """
        self.halt()
        if self._thread.ident is not None:
            self._thread.join()
        if self._error:
            raise self._error

    def _run(self) -> None:
        path = self._collection.catalogue_path
        try:
            with explained(path), Catalogue(path) as catalogue, ExitStack() as held:
                while not self._lock(held):
                    if self._stopping.wait(_POLL):
                        return
                    self._recount(catalogue)
                    self._tell(catalogue, [])
                desk = Desk(
                    self._collection,
                    catalogue,
                    self._pool,
                    workers=self._workers,
                    crawl_id=self._crawl_id,
                    recipes=self._recipes,
                )
                try:
                    self._work(catalogue, desk)
                finally:
                    self._tell(catalogue, desk.close())
        except WirecopyError as error:
            _log.error("ingest ended: %s", error)
            self._error = error
        except Exception as error:  # noqa: BLE001 - the edge of a thread: whoever waits must be told
            _log.exception("ingest broke")
            self._error = WirecopyError(f"ingest broke: {type(error).__name__}: {error}")
        finally:
            self._held.close()
            self._ended.set()
            for drain in self._drains:
                drain.over.set()

    def _lock(self, held: ExitStack) -> bool:
        """Become the process that ingests, if none is."""
        disk = Disk()
        path = self._collection.path / LOCK
        try:
            fd = disk.open_or_create(path)
        except OSError as error:
            raise refused(error, path) from error
        if disk.lock(fd):
            held.callback(disk.close, fd)
            return True
        disk.close(fd)
        return False

    def _work(self, catalogue: Catalogue, desk: Desk) -> None:
        follow_text(catalogue, self._collection.text_dir)  # what a killed predecessor wrote last
        try:  # and of a new catalogue, what is only elsewhere
            follow_text(catalogue, self._collection.text_dir, only=(), elsewhere=self._collection.texts_elsewhere())
        except StoreError as error:
            _log.warning("%s; readings that are there are missing until the next time", error)
        catalogue.take_up()
        self._recount(catalogue)
        looked = -_POLL
        while not self._stopping.is_set():
            if monotonic() - looked >= _POLL:
                if follow(catalogue, self._collection.indexes_dir):
                    self._recount(catalogue)
                desk.look()
                looked = monotonic()
            desk.fill()
            self._tell(catalogue, desk.keep(_POLL))

    def _recount(self, catalogue: Catalogue) -> None:
        self.state = replace(self.state, waiting=catalogue.count_unread())

    def _tell(self, catalogue: Catalogue, read: Sequence[tuple[Unread, Extraction]]) -> None:
        """Count what was read, and let go who need not wait any longer."""
        new = [said for page, said in read if not page.again]
        self.state = replace(
            self.state,
            read=self.state.read + len(read),
            articles=self.state.articles + sum(not e.error and e.kind not in NOT_ARTICLES for e in new),
            failed=self.state.failed + sum(bool(e.error) for e in new),
            waiting=self.state.waiting - len(read),
            kept_out=Counter(self.state.kept_out) + Counter(label for e in new for label in KEPT_OUT & {*e.labels}),
        )
        if any(said.part_of for said in new):  # the first pages of their articles are in the queue again
            self._recount(catalogue)
        self._on_progress(self.state)
        for drain in self._drains:
            if drain.last is None and not behind(catalogue, self._collection.indexes_dir, drain.sizes):
                drain.last = catalogue.last_number()
            if drain.last is not None and not drain.done and not catalogue.has_unread(drain.last):
                drain.done = True
                drain.over.set()
