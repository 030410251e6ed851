"""The loop: what is due is crawled in child processes, a batch of sources each, until a signal says to stop.

Sources that are to be crawled alike go into one child, as an empty one costs most of a second of CPU; none is in two
at once, and no host is. What a crawl came to is in the ledger before its sources are planned anew. SIGTERM and Ctrl-C
pass on to the children, which end soundly; SIGHUP, or a change of sources.toml, has it read again, and one that is not
right leaves the last good one in force. A collection that cannot be written stops all crawls for a while, and that is
said.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive.errors import Locked, StorageError, WirecopyError
from crawler.amounts import size
from crawler.items import SourceResult
from crawler.sources.alerts import Kind
from crawler.sources.file import read, read_alerts
from crawler.sources.source import Source
from crawler.watch import children
from crawler.watch.alerts.courier import Courier
from crawler.watch.checkup import OF_SOURCES, checkup
from crawler.watch.conditions import DAEMON, Condition, Conditions
from crawler.watch.ledger import NAME, Ledger, Run, run_of
from crawler.watch.planner import Planner
from crawler.watch.shipping import Shipping

__all__ = ["Daemon", "Options", "batches"]

_LOOK: Final = 10.0
"""Seconds between two looks at sources.toml and at what is due: what falls due meanwhile is crawled together."""
_KEPT_FROM_IT: Final = (StorageError.exit_code, Locked.exit_code)
"""Exit codes of a crawl that could not do its work."""
_PAUSE: Final = 60.0
"""Seconds without a crawl when the collection could not be written, or somebody has it for himself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    processes: int = 2
    """Crawls at once."""
    batch: int = 10
    """Sources in a crawl, at most."""
    hung: float = 120.0
    """Seconds without a sign of life after which a crawl is killed."""
    reserve: int = 0
    """Bytes that are to stay free on the disk."""
    once: bool = False
    """End when nothing is due any more."""
    crawl: Sequence[str] = ()
    """Options for every crawl, as on its command line."""


class Daemon:
    def __init__(self, collection: Path, file: Path, options: Options, say: Callable[[str], None]) -> None:
        """Raises ConfigError for a file that is not right from the start, and StorageError."""
        self._collection = collection
        self._file = file
        self._options = options
        self._say = say
        self._ledger = Ledger(collection / NAME)
        sources = read(file)
        self._channels = read_alerts(file)
        self._courier = Courier(self._ledger, say)
        self._stamp = _stamp(file)
        now = time.time()
        self._ledger.seen([source.id for source in sources], now)
        self._conditions = Conditions(self._ledger, collection.name)
        self._conditions.forget([source.id for source in sources if source.enabled])
        self._planner = Planner(sources, self._ledger.pasts(), now)
        self._count = sum(source.enabled for source in sources)
        self._running: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()
        self._wake = asyncio.Event()
        self._shipping = Shipping(collection, say, self._wake.set)
        self._paused_until = 0.0
        self.signalled: signal.Signals | None = None

    async def run(self) -> None:
        """Until a signal, or with `once` until nothing is due."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._end, number)
        loop.add_signal_handler(signal.SIGHUP, self._reload)
        self._say(f"watching {self._count} sources in {self._file}")
        self._courier.serve(self._channels)
        try:
            while not self._stop.is_set():
                self._start_what_is_due()
                over = self._options.once and not self._running
                if not self._shipping.start_what_is_due(last=over) and over:
                    break
                await self._rest()
                if _stamp(self._file) != self._stamp:
                    self._reload()
        finally:
            self._stop.set()
            if self._running:
                await asyncio.wait(self._running)
            await self._shipping.stop()
            await self._courier.close()
            self._ledger.close()

    def _start_what_is_due(self) -> None:
        now = time.time()
        room = self._options.processes - len(self._running)
        if room <= 0 or time.monotonic() < self._paused_until or not self._has_room():
            return
        for batch in batches(self._planner.due(now, most=room * self._options.batch), self._options.batch, room):
            for source in batch:
                self._planner.started(source.id, now)
            task = asyncio.create_task(self._crawl(batch, now))
            self._running.add(task)
            task.add_done_callback(self._done)

    async def _crawl(self, batch: Sequence[Source], started: float) -> None:
        names = [source.id for source in batch]
        ended = await children.crawl(
            self._collection,
            names,
            options=self._options.crawl,
            hung=self._options.hung,
            say=self._say,
            stop=self._stop,
        )
        self._shipping.closed()
        now = time.time()
        results = {result.source: result for result in ended.results}
        kept_from_it = ended.code in _KEPT_FROM_IT
        if kept_from_it:
            self._pause(ended.said)
        if ended.code == StorageError.exit_code:
            self._found(Condition(kind="storage", since=now, text=f"cannot be written: {ended.said}"))
        elif not kept_from_it and self._conditions.of(DAEMON):
            self._settle([DAEMON], (), ["storage"])
        if ended.hung:
            silent = f"no sign of life of the crawl for {self._options.hung:.0f} s: killed"
            self._settle(names, [Condition(kind="hung", since=started, text=silent)], ["hung"])
        for name in names:
            result = results.get(name)
            # A crawl that was told to stop, or could not write, says nothing of a source that had not answered yet.
            if result is not None and (result.answered or not (kept_from_it or self._stop.is_set())):
                self._close(run_of(result, started=started, ended=now, ended_as=ended), result)
                continue
            died = not kept_from_it and not self._stop.is_set()
            if died:
                self._say(f"{name}: the crawl ended with {ended.code}: {ended.said}")
            self._planner.put_back(name, now, died=died)

    def _close(self, run: Run, result: SourceResult) -> None:
        """The books on one source; where they cannot be written, it is crawled again."""
        moved = dict(result.moved)
        try:
            self._ledger.ended(run, result.published, moved)
        except StorageError as error:
            self._pause(str(error))
            self._found(Condition(kind="storage", since=run.ended, text=f"cannot be written: {error}"))
            self._planner.put_back(run.source, run.ended, died=False)
            return
        flooded = result.new > 0 and result.known == 0
        self._planner.ended(
            run.source,
            run.ended,
            answered=run.succeeded,
            published=result.published,
            flooded=flooded,
            listed=result.found + result.known,
            moved=moved if run.succeeded else None,
        )
        self._say(_line(run))
        for seed, target in moved.items():
            self._say(f"{run.source}: {seed} has moved for good to {target}")
        found = checkup(
            run.source,
            result.texts,
            run.ended,
            planner=self._planner,
            ledger=self._ledger,
            conditions=self._conditions,
        )
        self._settle([run.source], found, OF_SOURCES)

    def _settle(self, sources: Sequence[str], found: Sequence[Condition], among: Sequence[Kind]) -> None:
        """What is the matter now, and what no more: told once."""
        now = time.time()
        for event in self._conditions.settle(sources, found, among=among, now=now, channels=self._channels):
            self._say(f"{event.event}: {event.text}")
            if self._conditions.unwritten:
                self._courier.at_once(event, self._channels)
            self._courier.wake()

    def _found(self, condition: Condition) -> None:
        """Something is the matter with the daemon itself."""
        self._settle([DAEMON], [condition], [condition.kind])

    def _has_room(self) -> bool:
        """Whether the disk has room for crawls beyond what is to stay free."""
        free = shutil.disk_usage(self._collection).free
        if free >= self._options.reserve:
            if "disk" in self._conditions.of(DAEMON):
                self._settle([DAEMON], (), ["disk"])
            return True
        if "disk" not in self._conditions.of(DAEMON):
            text = f"no crawls: {size(free)} left on the disk, and {size(self._options.reserve)} are to stay free"
            self._found(Condition(kind="disk", since=time.time(), text=text))
        return False

    def _pause(self, why: str) -> None:
        self._paused_until = time.monotonic() + _PAUSE
        self._say(f"no crawls for {_PAUSE:.0f} s: {why}")

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()):
            self._say(str(error) if isinstance(error, WirecopyError) else f"{type(error).__name__}: {error}")
            self._end(signal.SIGTERM)

    async def _rest(self) -> None:
        """Until a crawl ends, a signal comes, or it is time to look again."""
        self._wake.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), _LOOK)

    def _reload(self) -> None:
        self._stamp = _stamp(self._file)
        try:
            sources, channels = read(self._file), read_alerts(self._file)
        except WirecopyError as error:
            self._say(f"{error}; the sources stay as they were")
            return
        now = time.time()
        self._ledger.seen([source.id for source in sources], now)
        self._conditions.forget([source.id for source in sources if source.enabled])
        if channels != self._channels:
            self._channels = channels
            self._courier.serve(channels)
        self._planner.replace(sources, self._ledger.pasts(), now)
        self._say(f"read anew: {sum(source.enabled for source in sources)} sources in {self._file}")
        self._wake.set()

    def _end(self, number: int) -> None:
        self.signalled = self.signalled or signal.Signals(number)
        self._say("stopping: crawls finish what is on the wire")
        self._stop.set()
        self._wake.set()


def batches(due: Sequence[Source], size: int, most: int) -> Iterator[list[Source]]:
    """Sources that one crawl can take together, up to `size` each and `most` of them; those due first come first."""
    groups: list[list[Source]] = []
    for source in due:
        fitting = (group for group in groups if len(group) < size and group[0].settings == source.settings)
        group = next(fitting, None)
        if group is None:
            if len(groups) == most:
                continue
            groups.append(group := [])
        group.append(source)
    yield from groups


def _line(run: Run) -> str:
    return (
        f"{run.source}: {run.outcome}: {run.new} new, {run.changed} changed, {run.gone} gone, {run.failed} failed "
        f"in {run.ended - run.started:.0f} s"
    )


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
