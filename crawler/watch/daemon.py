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
import signal
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Protocol

import msgspec

from archive.errors import Locked, StorageError, WirecopyError
from crawler.amounts import counted
from crawler.items import SourceResult
from crawler.sources.file import read, read_alerts
from crawler.sources.source import Budget, Source
from crawler.watch import budget, children
from crawler.watch.attention import Attention
from crawler.watch.batches import batches
from crawler.watch.brake import Brake
from crawler.watch.figures import Figures, SourceView, View
from crawler.watch.ledger import NAME, Ledger, Run, run_of
from crawler.watch.live import EVERY, Live, write
from crawler.watch.planner import Planner
from crawler.watch.rhythm import DAY
from crawler.watch.shipping import Shipping
from crawler.watch.tidying import tidy

__all__ = ["Daemon", "Options"]

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
    pause: float = _PAUSE
    once: bool = False
    """End when nothing is due any more."""
    metrics: str | None = None
    """``[HOST:]PORT`` to serve metrics and health at."""
    keep: float = 0.0
    """Seconds for which logs and reports of crawls are kept as files; 0: for ever."""
    crawl: Sequence[str] = ()
    """Options for every crawl, as on its command line."""


class Say(Protocol):
    """How a line of the log is written; what else is known of the event is for programs."""

    def __call__(self, text: str, **facts: object) -> None: ...


class Daemon:
    def __init__(self, collection: Path, file: Path, options: Options, say: Say) -> None:
        """Raises ConfigError for a file that is not right from the start, and StorageError."""
        self._collection = collection
        self._file = file
        self._options = options
        self._say = say
        self._ledger = Ledger(collection / NAME)
        sources = read(file)
        self._attention = Attention(collection, self._ledger, read_alerts(file), options.reserve, say)
        self._stamp = _stamp(file)
        now = time.time()
        self._ledger.seen([source.id for source in sources], now)
        pasts = self._ledger.pasts()
        self._planner = Planner(sources, pasts, now)
        self._figures = Figures(newest={name: max(past.published) for name, past in pasts.items() if past.published})
        self._watched = [source.id for source in sources if source.enabled]
        self._running: set[asyncio.Task[None]] = set()
        self._crawled: dict[str, float] = {}
        """Since when each source is, that is crawled now."""
        self._died: dict[str, float] = {}
        """When each is due again whose crawl died."""
        self._beat = now
        self._live: Live | None = None
        self._tidy_at = 0.0
        self._tidying: asyncio.Task[int] | None = None
        self._stop = asyncio.Event()
        self._wake = asyncio.Event()
        self._shipping = Shipping(collection, say, self._shipped)
        self._brake = Brake(self._attention, options.pause, say, self._give_up)
        self.signalled: signal.Signals | None = None

    async def run(self) -> None:
        """Until a signal, or with `once` until nothing is due."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._end, number)
        loop.add_signal_handler(signal.SIGHUP, self._reload)
        self._say(f"watching {counted(len(self._watched), 'source')} in {self._file}")
        self._attention.begin(self._watched)
        with self._endpoint(loop):
            await self._rounds()

    def _endpoint(self, loop: asyncio.AbstractEventLoop) -> contextlib.AbstractContextManager[object]:
        if self._options.metrics is None:
            return contextlib.nullcontext()
        from crawler.watch.endpoint import Endpoint, address  # 12 MB, for those who ask for it

        endpoint = Endpoint(address(self._options.metrics), self.view, loop)
        self._say(f"{endpoint.url}/metrics and {endpoint.url}/healthz tell how it stands")
        return endpoint

    async def _rounds(self) -> None:
        try:
            while not self._stop.is_set():
                self._beat = time.time()
                self._start_what_is_due()
                self._show()
                self._tidy()
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
            await self._attention.courier.close()
            self._show(over=True)
            self._ledger.close()

    def _start_what_is_due(self) -> None:
        now = time.time()
        room = self._options.processes - len(self._running)
        if room <= 0 or self._brake.holds():
            return
        due = [
            source for source in self._planner.due(now, most=room * self._options.batch) if self._affords(source, now)
        ]
        for batch in batches(due, self._options.batch, room):
            for source in batch:
                self._planner.started(source.id, now)
                self._crawled[source.id] = now
                self._died.pop(source.id, None)
            self._figures.started += 1
            task = asyncio.create_task(self._crawl(batch, now))
            self._running.add(task)
            task.add_done_callback(self._done)

    def _affords(self, source: Source, now: float) -> bool:
        """Whether its budget of the day has anything left; else it waits for the next."""
        if source.per_day is None or budget.left(source, self._ledger.spent(source.id, budget.day_of(now))):
            return True
        self._say(f"{source.id}: its budget of the day is used up")
        self._planner.put_off(source.id, budget.tomorrow(now))
        return False

    async def _crawl(self, batch: Sequence[Source], started: float) -> None:
        names = [source.id for source in batch]
        today = budget.day_of(started)
        bounded = next((source for source in batch if source.per_day), None)
        rest = budget.left(bounded, self._ledger.spent(bounded.id, today)) if bounded else None
        ended = await children.crawl(
            self._collection,
            names,
            options=[*self._options.crawl, *(budget.bounds(bounded, rest) if bounded and rest else ())],
            hung=self._options.hung,
            say=self._say,
            stop=self._stop,
        )
        self._shipping.closed()
        now = time.time()
        if bounded:
            count = ended.counts
            cost = Budget(pages=count.get("answered", 0), bytes=count.get("bytes", 0), seconds=now - started)
            try:
                self._ledger.spend(bounded.id, today, cost)
            except StorageError as error:
                self._brake.pause(str(error))
        results = {result.source: result for result in ended.results}
        kept_from_it = ended.code in _KEPT_FROM_IT
        if kept_from_it:
            self._brake.pause(ended.said)
        if ended.code == StorageError.exit_code:
            self._brake.refused(ended.said)
        elif not kept_from_it:
            self._brake.written()
        if ended.hung:
            self._attention.hung(names, started, self._options.hung)
        self._figures.died += not ended.results and not kept_from_it and not self._stop.is_set()
        self._figures.hung += ended.hung
        for name in names:
            self._crawled.pop(name, None)
            result = results.get(name)
            # A crawl that was told to stop, or could not write, says nothing of a source that had not answered yet.
            if result is not None and (result.answered or not (kept_from_it or self._stop.is_set())):
                self._close(run_of(result, started=started, ended=now, ended_as=ended), result)
                continue
            died = not kept_from_it and not self._stop.is_set()
            if died:
                self._say(f"{name}: the crawl ended with {ended.code}: {ended.said}")
            self._planner.put_back(name, now, died=died)
            if died and (again := self._planner.due_of(name)):
                self._died[name] = again

    def _close(self, run: Run, result: SourceResult) -> None:
        """The books on one source; where they cannot be written, it is crawled again."""
        moved = dict(result.moved)
        try:
            self._ledger.ended(run, result.published, moved)
        except StorageError as error:
            self._brake.pause(str(error))
            self._brake.refused(str(error))
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
        self._figures.note(run, result.published)
        self._say(_line(run), **asdict(run))
        for seed, target in moved.items():
            self._say(f"{run.source}: {seed} has moved for good to {target}")
        self._attention.crawled(run.source, result.texts, run.ended, self._planner)

    def _tidy(self) -> None:
        """Once a day, beside all else."""
        if self._options.keep and time.monotonic() >= self._tidy_at:
            self._tidy_at = time.monotonic() + DAY
            old = time.time() - self._options.keep
            self._tidying = asyncio.create_task(asyncio.to_thread(tidy, self._collection / "crawls", old))

    @property
    def unwritable(self) -> bool:
        """Whether it was the disk that kept it from its work in the end."""
        return self._brake.unwritable

    @property
    def refusals(self) -> int:
        """Times in a row that nothing could be written, up to now."""
        return self._brake.refusals

    def _show(self, *, over: bool = False) -> None:
        """For `wirecopy status`, when it is another, and now and then."""
        live = Live(
            beat=self._beat,
            processes=self._options.processes,
            crawls=len(self._running),
            running=self._crawled,
            died={name: at for name, at in self._died.items() if at > self._beat},
            paused=self._brake.why,
        )
        known = self._live
        if known and not over and live.beat < known.beat + EVERY and live.same_as(known):
            return
        self._live = msgspec.structs.replace(live, running=dict(self._crawled))
        with contextlib.suppress(StorageError):  # told elsewhere
            write(self._ledger, None if over else live)

    def view(self) -> View:
        """How it stands."""
        planner, attention = self._planner, self._attention
        return View(
            now=time.time(),
            beat=self._beat,
            sources=[
                SourceView(
                    source=name,
                    last=past.last,
                    next_at=planner.due_of(name),
                    newest=self._figures.newest.get(name),
                    failures=past.failures,
                    wrong=attention.of(name),
                )
                for name in self._watched
                if (past := planner.past(name))
            ],
            figures=self._figures,
            running=len(self._running),
            paused=self._brake.why,
            wrong=attention.of_daemon(),
            free=attention.free(),
            reserve=attention.reserve,
            writable=attention.writable(),
            alerts_delivered=attention.courier.delivered,
            alerts_failed=attention.courier.failed,
            alerts_waiting=attention.courier.waiting,
        )

    def _shipped(self, failed: str) -> None:
        self._attention.shipped(failed)
        self._wake.set()

    def _give_up(self) -> None:
        self._stop.set()
        self._wake.set()

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
        self._watched = [source.id for source in sources if source.enabled]
        self._attention.replace(self._watched, channels)
        self._planner.replace(sources, self._ledger.pasts(), now)
        self._say(f"read anew: {counted(len(self._watched), 'source')} in {self._file}")
        self._wake.set()

    def _end(self, number: int) -> None:
        self.signalled = self.signalled or signal.Signals(number)
        self._say("stopping: crawls finish what is on the wire")
        self._stop.set()
        self._wake.set()


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
