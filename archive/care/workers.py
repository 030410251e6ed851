"""Files checked on several cores: a spawned process each, one file at a time, events back through its pipe.

A process that dies costs the file it was at, which becomes a defect, and is replaced. When the parent dies the pipes
close, and the children end with them.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from archive.care.defects import Defect
from archive.care.warcfile import Event, Task, check

__all__ = ["run"]


def run(tasks: Sequence[Task], jobs: int) -> Iterator[tuple[int, Event]]:
    """Every event of every task, with the task's number; those of one task in order."""
    pool = _Pool(tasks, min(jobs, len(tasks)))
    try:
        yield from pool.events()
    finally:
        pool.stop()


class _Pool:
    def __init__(self, tasks: Sequence[Task], size: int) -> None:
        self._tasks = tasks
        # The longest first, so that no core is left with one at the end.
        self._waiting = sorted(range(len(tasks)), key=lambda number: tasks[number].size)
        self._busy: dict[Connection[Any, Any], tuple[SpawnProcess, int]] = {}
        self._size = size

    def events(self) -> Iterator[tuple[int, Event]]:
        while len(self._busy) < self._size and self._waiting:
            self._start()
        while self._busy:
            for ready in wait(list(self._busy)):
                assert isinstance(ready, Connection)
                process, number = self._busy[ready]
                try:
                    event = ready.recv()
                except (EOFError, ConnectionError):
                    process.join()
                    del self._busy[ready]
                    ready.close()
                    what = f"the process that checked it died (exit code {process.exitcode})"
                    yield number, Defect(code="unreadable", file=self._tasks[number].label, what=what)
                    if self._waiting:
                        self._start()
                    continue
                if event is not None:
                    yield number, event
                elif self._waiting:
                    self._hand_out(ready, process)
                else:
                    del self._busy[ready]
                    ready.close()  # the child takes it for its leave
                    process.join()

    def stop(self) -> None:
        for connection, (process, _number) in self._busy.items():
            connection.close()
            process.terminate()
            process.join()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs,), name="wirecopy-verify", daemon=True)
        process.start()
        theirs.close()
        self._hand_out(ours, process)

    def _hand_out(self, connection: Connection[Any, Any], process: SpawnProcess) -> None:
        number = self._waiting.pop()
        self._busy[connection] = (process, number)
        with suppress(ConnectionError):  # it died: its end of the pipe says so at the next look
            connection.send(self._tasks[number])


def _serve(connection: Connection[Any, Any]) -> None:
    """A child's life: tasks in, events out, until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    with suppress(EOFError, ConnectionError):
        while True:
            task = connection.recv()
            for event in check(task):
                connection.send(event)
            connection.send(None)
