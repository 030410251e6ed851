"""A pool of processes that turns pages into Extractions, and that no page can bring down.

Each worker process has a pipe and a thread of its own on this side, which hands it one page, waits for the answer no
longer than the deadline, and kills and replaces it when it hangs or dies: that page becomes an Extraction with `error`
and the label ``failed``, all others go on. (concurrent.futures' own pool breaks as a whole when one process is killed,
and cannot kill one that hangs.) Workers are warmed up before their first page. They live in sessions of their own, so
that Ctrl-C reaches only their master; when the master is killed, their pipes close, and they end.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from concurrent.futures import Future
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from time import perf_counter
from types import TracebackType
from typing import Final, Self

from archive.errors import WirecopyError
from archive.extract.identity import failed
from archive.extract.job import OUT_OF_MEMORY, Job
from archive.model import Extraction
from archive.recipes.book import Source

__all__ = ["DEADLINE", "MEMORY_CAP", "ExtractPool", "Job", "Pending"]

DEADLINE: Final = 30.0
"""Seconds a page may take a warm worker."""
MEMORY_CAP: Final = 1536 * 1024 * 1024
"""Bytes of address space a worker may have, the interpreter and its libraries included."""

_WARM_UP: Final = 120.0
_PACKAGES: Final = str(Path(__file__).parents[2])


class Pending(Future[Extraction]):
    """A page on its way."""

    seconds = 0.0
    """That it kept a worker busy; known once it is read."""


class ExtractPool:
    """`workers` processes that extract, from now until the pool is closed; also a context manager."""

    def __init__(
        self,
        workers: int = 1,
        deadline: float = DEADLINE,
        memory_cap: int = MEMORY_CAP,
        recipes: tuple[Source, ...] = (),
    ) -> None:
        self._waiting: SimpleQueue[tuple[Job, Pending] | None] = SimpleQueue()
        self._threads = [
            Thread(
                target=self._attend,
                args=(_Worker(deadline, memory_cap, recipes),),
                name=f"extract-{number}",
                daemon=True,
            )
            for number in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, job: Job) -> Pending:
        """Queue a page, without waiting: how many are on their way is for the caller to bound.

        The future raises WirecopyError only where no worker can be started at all.
        """
        future = Pending()
        self._waiting.put((job, future))
        return future

    def close(self) -> None:
        """Cancel what has not begun, wait for what has (at most the deadline), end the workers."""
        with contextlib.suppress(Empty):
            while True:
                if item := self._waiting.get_nowait():
                    item[1].cancel()
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _attend(self, worker: _Worker) -> None:
        """What a thread does: keep one worker at work."""
        with contextlib.suppress(WirecopyError):  # tried again, and told, with the first page
            worker.start()
        while item := self._waiting.get():
            job, future = item
            if future.set_running_or_notify_cancel():
                try:
                    extraction = worker.extract(job)
                except WirecopyError as error:
                    future.set_exception(error)
                else:
                    future.seconds = perf_counter() - worker.began
                    future.set_result(extraction)
        worker.end()


class _Worker:
    """One process at a time, replaced when it is lost; used by one thread only."""

    def __init__(self, deadline: float, memory_cap: int, recipes: tuple[Source, ...]) -> None:
        self._deadline = deadline
        self._recipes = recipes
        self._memory_cap = memory_cap
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._warm = False
        self.began = 0.0
        """When the process was handed its last page, by `perf_counter`."""

    def start(self) -> None:
        ours, theirs = Pipe()
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(filter(None, (_PACKAGES, os.environ.get("PYTHONPATH")))),
            "PYTHONHASHSEED": "0",  # engines walk over sets: the same order in every process
        }
        arguments = [str(theirs.fileno()), str(self._deadline), str(self._memory_cap)]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this very interpreter, and numbers
                [sys.executable, "-m", "archive.extract.worker", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=environment,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        except OSError as error:
            ours.close()
            raise WirecopyError(f"cannot start a process to extract with: {error}") from error
        finally:
            theirs.close()
        self._pipe, self._warm = ours, False
        with contextlib.suppress(OSError):  # one that died at once is met when it should be warm
            ours.send(self._recipes)

    def extract(self, job: Job) -> Extraction:
        """The page as the process reads it, or as a failed one when that hangs or dies."""
        for _ in range(2):
            try:
                pipe = self._ready()
                self.began = perf_counter()
                pipe.send(job)
                if pipe.poll(self._deadline):
                    answer: Extraction = pipe.recv()
                    return answer
                self.end(kill=True)
                return failed(job.url, f"took longer than {self._deadline:g} seconds", job.recipe)
            except (EOFError, OSError):
                was_warm = self._warm
                killed, cause = self._cause_of_death()
                if not killed:
                    break
                # By somebody else, perhaps: the page gets a second chance.
        if not was_warm:
            raise WirecopyError(f"the process to extract with cannot start: {cause}")
        return failed(job.url, cause, job.recipe)

    def end(self, *, kill: bool = False) -> None:
        """Let the process go, at once or when it has noticed that its pipe is closed."""
        if self._pipe:
            self._pipe.close()
            self._pipe = None
        if self._process:
            if kill:
                self._process.kill()
            self._process.wait()
            self._process = None

    def _ready(self) -> Connection:
        """The pipe to a process that is warm; EOFError when it dies before it is."""
        if self._process and self._process.poll() is not None:
            self.end()
        if not self._process:
            self.start()
        assert self._pipe
        if not self._warm:
            if not self._pipe.poll(_WARM_UP):
                self.end(kill=True)
                raise WirecopyError(f"the process to extract with was not ready after {_WARM_UP:g} seconds")
            self._pipe.recv()
            self._warm = True
        return self._pipe

    def _cause_of_death(self) -> tuple[bool, str]:
        """Whether it was a signal that ended the process, and what did."""
        assert self._process
        status = self._process.wait()
        self.end()
        if status < 0:
            return True, f"extractor died of {signal.Signals(-status).name}"
        if status == OUT_OF_MEMORY:
            return False, f"needed more than {self._memory_cap >> 20} MB of memory"
        return False, f"extractor exited with status {status}"
