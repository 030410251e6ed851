"""One thread that writes groups of records, as many at once as are waiting.

What a caller was told of survives ``kill -9``, and, once fsynced, a power cut (`archive.warc.appender` has the order of
events). A write that fails or falls short ends the writer for good: the callers waiting and all later ones get a
StorageError, and what lies on the disk is repaired at the next start (`archive.warc.recover`).
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue

from archive.disk import refused
from archive.errors import StorageError
from archive.warc.appender import Appender, Fsync, Group, Rolling, Written
from archive.warc.draft import Place, RecordDraft
from archive.warc.files import FileNames, Shelf
from archive.warc.records import Warcinfo

__all__ = ["WarcWriter"]

_AT_ONCE = 256
_END = None

_log = logging.getLogger(__name__)


class WarcWriter:
    """Appends groups to the WARC files of a shelf. Thread-safe."""

    def __init__(
        self,
        shelf: Shelf,
        *,
        prefix: str,
        values: Warcinfo,
        fsync: Fsync | None = None,
        rolling: Rolling | None = None,
        on_close: Callable[[], None] = lambda: None,
    ) -> None:
        self._directory = shelf.directory
        self._appender = Appender(
            shelf,
            FileNames(prefix, socket.gethostname()),
            values,
            fsync=fsync or Fsync(),
            rolling=rolling or Rolling(),
        )
        self._on_close = on_close
        self._queue: SimpleQueue[Group | Future[None] | None] = SimpleQueue()
        self._gate = threading.Lock()  # nothing is put behind the end
        self._refusal: StorageError | None = None
        self._failure: StorageError | None = None
        self._thread = threading.Thread(target=self._run, name=f"warc-{shelf.directory.name}", daemon=True)
        self._thread.start()

    def append(self, group: Sequence[RecordDraft]) -> Future[list[Place]]:
        """Writes the records as one group; resolves to their places when they are written."""
        outcome: Future[list[Place]] = Future()
        outcome.set_running_or_notify_cancel()

        def pass_on(done: Future[Written]) -> None:
            error = done.exception()
            if error is not None:
                outcome.set_exception(error)
            else:
                outcome.set_result(list(done.result().places))

        self.submit(lambda: group).add_done_callback(pass_on)
        return outcome

    def submit(self, make: Callable[[], Sequence[RecordDraft]]) -> Future[Written]:
        """As `append`, but the group is made on the writer's thread, in the order of calls.

        What `make` raises fails this group only.
        """
        future: Future[Written] = Future()
        future.set_running_or_notify_cancel()  # a caller who no longer waits does not undo a write
        with self._gate:
            refusal = self._refusal
            if refusal is None:
                self._queue.put(Group(make, future))
        if refusal is not None:
            future.set_exception(refusal)
        return future

    def flush(self) -> None:
        """Returns when all that was appended before is written and fsynced."""
        done: Future[None] = Future()
        with self._gate:
            refusal = self._refusal
            if refusal is None:
                self._queue.put(done)
        if refusal is not None:
            raise refusal
        done.result()

    def close(self) -> None:
        """Writes what waits, closes the file and ends the thread; StorageError when the disk refused any of it."""
        with self._gate:
            if self._refusal is None:
                self._refusal = StorageError(self._directory, "its writer was closed")
                self._queue.put(_END)
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    @property
    def records(self) -> int:
        """Records written, warcinfo records not counted."""
        return self._appender.records

    @property
    def bytes(self) -> int:
        """Compressed bytes written."""
        return self._appender.bytes

    @property
    def files(self) -> int:
        return self._appender.files

    @property
    def warcinfos(self) -> tuple[str, ...]:
        """Ids of the first records of all files begun so far."""
        return tuple(self._appender.warcinfos)

    def _run(self) -> None:
        items: list[Group | Future[None] | None] = []
        try:
            while _END not in items:
                items = self._take()
                self._appender.write([item for item in items if isinstance(item, Group)])
                for barrier in (item for item in items if isinstance(item, Future)):
                    self._appender.sync()
                    barrier.set_result(None)
                self._appender.tick()
            self._appender.finish()
        except StorageError as error:
            self._fail(error, items)
        except OSError as error:
            self._fail(refused(error, self._directory), items)
        except BaseException as error:  # noqa: BLE001 - the edge of a thread: whoever waits must be told
            _log.exception("the WARC writer broke")
            self._fail(StorageError(self._directory, f"{type(error).__name__}: {error}"), items)
        finally:
            self._appender.abandon()
            self._on_close()

    def _take(self) -> list[Group | Future[None] | None]:
        """What waits in the queue; nothing, when the appender has something to do before any comes."""
        items: list[Group | Future[None] | None] = []
        with suppress(Empty):
            items.append(self._queue.get(timeout=self._appender.due_in()))
            while len(items) < _AT_ONCE and items[-1] is not _END:
                items.append(self._queue.get_nowait())
        return items

    def _fail(self, error: StorageError, items: Sequence[Group | Future[None] | None]) -> None:
        with self._gate:
            self._failure = self._refusal = error
        left = list(items)
        with suppress(Empty):
            while True:
                left.append(self._queue.get_nowait())
        for item in left:
            future = item.future if isinstance(item, Group) else item
            if future is not None and not future.done():
                future.set_exception(error)
