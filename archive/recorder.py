"""Exchange -> records -> capture: the only writer of captures.

`record` costs the caller a queue entry. Digests, the look for an earlier copy, compression and the write happen on the
writer's thread, in the order of calls; the Future resolves when the records are *written* (in the file and the index:
they survive ``kill -9``), and they are durable once fsynced, as the policy says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future

from archive.dedup import DedupScope, Revisit, decide
from archive.digest import Algorithm
from archive.known import KnownCaptures
from archive.model import Capture, Exchange
from archive.warc.appender import Fsync, Rolling, Written
from archive.warc.draft import RecordDraft
from archive.warc.files import Shelf
from archive.warc.records import Warcinfo, capture_group, examine, not_modified_group
from archive.warc.writer import WarcWriter

__all__ = ["Recorder"]


class Recorder:
    """Writes exchanges to a shelf of WARC files. Thread-safe."""

    def __init__(
        self,
        shelf: Shelf,
        *,
        prefix: str,
        values: Warcinfo,
        dedup: DedupScope = "url",
        digest: Algorithm = "sha1",
        fsync: Fsync | None = None,
        rolling: Rolling | None = None,
        on_close: Callable[[], None] = lambda: None,
    ) -> None:
        assert shelf.indexes is not None
        self._dedup = dedup
        self._digest = digest
        self._known = KnownCaptures(shelf.directory, shelf.indexes, dedup)

        def closed() -> None:
            self._known.close()
            on_close()

        self._writer = WarcWriter(shelf, prefix=prefix, values=values, fsync=fsync, rolling=rolling, on_close=closed)

    def record(self, exchange: Exchange) -> Future[Capture | None]:
        """Resolves when written: to the capture, or to None when nothing was received.

        StorageError when the disk refused, and at once for every call after that.
        """
        outcome: Future[Capture | None] = Future()
        outcome.set_running_or_notify_cancel()

        def pass_on(done: Future[Written]) -> None:
            error = done.exception()
            if error is not None:
                outcome.set_exception(error)
                return
            capture = done.result().capture
            if capture is not None:
                self._known.add(capture)
            outcome.set_result(capture)

        self._writer.submit(lambda: self._group(exchange)).add_done_callback(pass_on)
        return outcome

    def keep(self, make: Callable[[Sequence[str]], Sequence[RecordDraft]]) -> Future[Written]:
        """Writes records that are no exchange, as one group, made when all before are written.

        `make` is given the ids of the warcinfo records of all files so far, that of its own file the last.
        """
        return self._writer.submit(lambda: make(self._writer.warcinfos))

    def flush(self) -> None:
        """Returns when all exchanges recorded before are durable."""
        self._writer.flush()

    def close(self) -> None:
        """Writes what waits and closes the file; StorageError when the disk refused any of it."""
        self._writer.close()

    @property
    def records(self) -> int:
        return self._writer.records

    @property
    def bytes(self) -> int:
        return self._writer.bytes

    @property
    def files(self) -> int:
        return self._writer.files

    def _group(self, exchange: Exchange) -> Sequence[RecordDraft]:
        head = exchange.head
        if head is not None and head.status == 304 and exchange.truncated is None:
            original = self._known.unmodified(exchange)
            if original is not None:
                return not_modified_group(exchange, original, self._digest)
        payload = examine(exchange, self._digest)
        original = None
        if payload is not None and payload.length and self._dedup != "off":
            choice = decide(
                url=exchange.url,
                digest=payload.digest,
                length=payload.length,
                truncated=exchange.truncated is not None,
                scope=self._dedup,
                known=self._known.candidates(exchange.url, payload.digest),
            )
            original = self._known.original(choice.of) if isinstance(choice, Revisit) else None
        return capture_group(exchange, payload, original=original, algorithm=self._digest)
