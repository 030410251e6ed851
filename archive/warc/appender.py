"""Groups of records -> WARC files: batches, fsync, index lines, rollover. For one thread, and for tests without any.

Order, for each batch: one write of all its groups (a group too large for memory: several), fsync if the policy says so
after each, the lines of the index, and then the callers are told. When any of that fails, file and index are cut back
to where the batch began, and OSError or StorageError is raised: the appender is of no further use then.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from archive.index.files import GrowingIndex
from archive.model import Capture
from archive.spool import Spool
from archive.warc.draft import Place, RecordDraft, member
from archive.warc.files import FileNames, OpenFile, Shelf
from archive.warc.records import Warcinfo, warcinfo

__all__ = ["Appender", "Fsync", "FsyncPolicy", "Group", "Rolling", "Written"]

FsyncPolicy = Literal["never", "interval", "group"]

_BATCH = 8 * 1024 * 1024
"""Compressed bytes that are appended in one write, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolling:
    """When a file is closed, so that the next group starts another."""

    size: int = 1_000_000_000
    """Bytes; a file goes beyond by one batch at most, since groups are never split."""
    age: float = 6 * 3600
    """Seconds since it was begun."""
    idle: float = 600
    """Seconds since the last group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fsync:
    """When what is written becomes durable."""

    policy: FsyncPolicy = "interval"
    interval: float = 1.0
    """Seconds that a written group may wait, for policy ``interval``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Where a group came to lie."""

    places: tuple[Place, ...]
    """One a record, in order."""
    capture: Capture | None
    """Of the record that is a capture, if one is."""


@dataclass(frozen=True, slots=True)
class Group:
    """Records to be kept together, made only when their turn comes, and who waits for them."""

    make: Callable[[], Sequence[RecordDraft]]
    future: Future[Written]


@dataclass(slots=True)
class _Batch:
    """What one write will hold."""

    start: int
    pieces: list[bytes | Spool] = field(default_factory=list)
    size: int = 0
    records: int = 0
    captures: list[Capture] = field(default_factory=list)
    done: list[tuple[Future[Written], Written]] = field(default_factory=list)

    def add(self, group: Group, drafts: Sequence[RecordDraft], members: Sequence[bytes | Spool], file: str) -> None:
        places = []
        capture = None
        for draft, piece in zip(drafts, members, strict=True):
            place = Place(file=file, offset=self.start + self.size, length=len(piece))
            places.append(place)
            self.size += len(piece)
            if draft.entry is not None:
                capture = draft.capture(place)
                self.captures.append(capture)
        self.pieces += members
        self.records += len(members)
        self.done.append((group.future, Written(places=tuple(places), capture=capture)))

    def writes(self) -> Iterator[bytes]:
        """What is in memory as one piece; spools in pieces of their own."""
        together: list[bytes] = []
        for piece in self.pieces:
            if isinstance(piece, bytes):
                together.append(piece)
                continue
            yield b"".join(together)
            together = []
            yield from piece.chunks()
        if together:
            yield b"".join(together)


class Appender:
    """The file being written, and its index."""

    def __init__(
        self,
        shelf: Shelf,
        names: FileNames,
        values: Warcinfo,
        *,
        fsync: Fsync,
        rolling: Rolling,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shelf = shelf
        self._names = names
        self._values = values
        self._fsync = fsync
        self._rolling = rolling
        self._clock = clock
        self._file: OpenFile | None = None
        self._index: GrowingIndex | None = None
        self.warcinfos: list[str] = []
        """Ids of the first records of all files so far."""
        self._begun = self._last = 0.0
        self._unsynced_since: float | None = None
        self.records = self.bytes = self.files = 0

    def write(self, groups: Sequence[Group]) -> None:
        """Appends the groups and tells who waits; one that cannot be made fails alone."""
        batch: _Batch | None = None
        for group in groups:
            if batch is not None and (batch.size >= _BATCH or batch.start + batch.size >= self._rolling.size):
                self._commit(batch)
                batch = None
            file = self._ready()  # before the group is made, which may have to name the file's first record
            try:
                drafts = group.make()
            except Exception as error:  # noqa: BLE001 - passed on to the one who asked for it
                group.future.set_exception(error)
                continue
            batch = batch or _Batch(start=file.size)
            batch.add(group, drafts, [member(draft, self.warcinfos[-1]) for draft in drafts], file.name)
        if batch is not None:
            self._commit(batch)

    def due_in(self) -> float | None:
        """Seconds until `tick` has something to do; None when nothing is open."""
        if self._file is None:
            return None
        moments = [self._begun + self._rolling.age, self._last + self._rolling.idle]
        if self._sync_at is not None:
            moments.append(self._sync_at)
        return max(min(moments) - self._clock(), 0)

    def tick(self) -> None:
        """Fsyncs and closes what is due."""
        if self._file is None:
            return
        now = self._clock()
        rolling = self._rolling
        if self._file.size >= rolling.size or now >= self._begun + rolling.age or now >= self._last + rolling.idle:
            self.finish()
        elif self._sync_at is not None and now >= self._sync_at:
            self.sync()

    @property
    def _sync_at(self) -> float | None:
        """When the next fsync is due."""
        if self._fsync.policy != "interval" or self._unsynced_since is None:
            return None
        return self._unsynced_since + self._fsync.interval

    def sync(self) -> None:
        """Makes all that is written durable."""
        if self._file is not None and self._unsynced_since is not None:
            self._file.sync()
            self._unsynced_since = None

    def finish(self) -> None:
        """Closes the file: from here on it has its final name."""
        if self._file is None:
            return
        file, index = self._file, self._index
        file.sync()
        if index is not None:
            index.finish()
        self._shelf.close(file)
        file.close()
        self._file = self._index = None
        self._unsynced_since = None

    def abandon(self) -> None:
        """Lets go of the file as it is, to be repaired at the next start."""
        if self._file is not None:
            self._file.close()
        if self._index is not None:
            self._index.close()
        self._file = self._index = None

    def _ready(self) -> OpenFile:
        if self._file is not None and self._file.size >= self._rolling.size:
            self.finish()
        if self._file is None:
            self._begin()
        assert self._file is not None
        return self._file

    def _begin(self) -> None:
        file = self._file = OpenFile.create(self._shelf.disk, self._shelf.directory, self._names)
        if self._shelf.indexes is not None:
            self._index = GrowingIndex(self._shelf.disk, self._shelf.indexes, file.name)
        first = warcinfo(self._values, filename=file.name, date=datetime.now(UTC))
        piece = member(first, None)
        assert isinstance(piece, bytes)
        file.append([piece], records=1)
        self.warcinfos.append(first.id)
        self._begun = self._last = self._clock()
        self._unsynced_since = self._begun
        self.files += 1

    def _commit(self, batch: _Batch) -> None:
        file, index = self._file, self._index
        assert file is not None
        indexed = index.size if index is not None else 0
        try:
            file.append(batch.writes(), batch.records)
            if self._fsync.policy == "group":
                file.sync()
            if index is not None:
                index.append(batch.captures)
        except BaseException:
            with suppress(OSError):  # the first error is the one to tell; what cannot be cut now is cut at next start
                file.cut(batch.start)
                if index is not None:
                    index.cut(indexed)
            raise
        finally:
            for piece in batch.pieces:
                if isinstance(piece, Spool):
                    piece.close()
        self._last = self._clock()
        if self._fsync.policy != "group" and self._unsynced_since is None:
            self._unsynced_since = self._last
        self.records += batch.records
        self.bytes += batch.size
        for future, written in batch.done:
            future.set_result(written)
