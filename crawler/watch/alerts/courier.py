"""The outbox: events wait in the ledger until their channel has taken them, one after the other.

An event leaves the outbox after it was taken, so one that was under way when the daemon was killed is delivered again,
with the same id. What is not taken is tried again after 10 seconds, then twice as long each time up to an hour; after
three days it is given up, and that is said. Each channel has a task of its own: none waits for another, and the
planner for none.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Final

from archive.errors import StorageError
from crawler.sources.alerts import Channel, Command
from crawler.watch.alerts import command, webhook
from crawler.watch.alerts.event import Event, encode
from crawler.watch.alerts.webhook import Undelivered
from crawler.watch.ledger import Ledger

__all__ = ["Courier", "deliver"]

_FIRST: Final = 10.0
_LAST: Final = 30.0
"""Seconds that a daemon which ends has for its outbox."""
_SHORTEST: Final = 1.0
_LONGEST: Final = 3600.0
_GIVEN_UP: Final = 3 * 86_400.0

_NEXT: Final = "SELECT number, event, made, tries, due FROM outbox WHERE channel = ? ORDER BY number LIMIT 1"


async def deliver(channel: Channel, body: bytes) -> None:
    """Raises Undelivered."""
    await (command.run(channel, body) if isinstance(channel, Command) else webhook.post(channel, body))


class Courier:
    def __init__(self, ledger: Ledger, say: Callable[[str], None]) -> None:
        self._ledger = ledger
        self._say = say
        self._rounds: dict[str, asyncio.Task[None]] = {}
        self._past: set[asyncio.Task[None]] = set()
        self._closing = False
        self._more = asyncio.Event()
        self.delivered = 0
        self.failed = 0
        """Tries that were not taken."""

    def serve(self, channels: Sequence[Channel]) -> None:
        """From now on these; what waits for others is dropped."""
        for task in self._rounds.values():
            task.cancel()
        keys = {channel.key for channel in channels}
        gone = {key for (key,) in self._ledger.read("SELECT DISTINCT channel FROM outbox")} - keys
        self._ledger.write([("DELETE FROM outbox WHERE channel = ?", (key,)) for key in gone])
        self._rounds = {channel.key: asyncio.create_task(self._round(channel)) for channel in channels}

    def wake(self) -> None:
        """There is something new in the outbox."""
        self._more.set()
        self._more = asyncio.Event()

    def at_once(self, event: Event, channels: Sequence[Channel]) -> None:
        """Past the outbox, which cannot be written: one try, and another from there, once it can."""
        for channel in channels:
            if event.event in channel.on:
                task = asyncio.create_task(self._once(channel, encode(event)))
                self._past.add(task)
                task.add_done_callback(self._past.discard)

    async def _once(self, channel: Channel, event: str) -> None:
        try:
            await deliver(channel, event.encode())
        except Undelivered as error:
            self._say(f"{channel.key}: {error}")

    @property
    def waiting(self) -> int:
        return int(self._ledger.read("SELECT count(*) FROM outbox")[0][0])

    async def close(self) -> None:
        """What is in the outbox is tried once more; what is not taken waits for the next daemon."""
        self._closing = True
        self.wake()
        if under_way := {*self._rounds.values(), *self._past}:
            _, unfinished = await asyncio.wait(under_way, timeout=_LAST)
            for task in unfinished:
                task.cancel()

    async def _round(self, channel: Channel) -> None:
        while True:
            more, closing = self._more, self._closing
            row = self._row(channel)
            wait = row[4] - time.time() if row else _LONGEST
            if row and (closing or not 0 < wait <= _LONGEST):  # due, the last chance, or the clock was set back
                if await self._try(channel, row):
                    continue
                wait = _SHORTEST
            if closing:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(more.wait(), wait)

    def _row(self, channel: Channel) -> tuple[int, str, float, int, float] | None:
        rows = self._ledger.read(_NEXT, channel.key)
        return rows[0] if rows else None

    async def _try(self, channel: Channel, row: tuple[int, str, float, int, float]) -> bool:
        number, event, made, tries, _ = row
        try:
            await deliver(channel, event.encode())
        except Undelivered as error:
            self.failed += 1
            now = time.time()
            if now - made > _GIVEN_UP:
                self._say(f"{channel.key}: given up after {tries + 1} tries: {error}; it was {event}")
                return self._done("DELETE FROM outbox WHERE number = ?", number)
            pause = min(_LONGEST, _FIRST * 2.0 ** min(tries, 20))
            self._say(f"{channel.key}: {error}; tried again in {pause:.0f} s")
            self._done("UPDATE outbox SET tries = tries + 1, due = ? WHERE number = ?", now + pause, number)
            return False
        self.delivered += 1
        return self._done("DELETE FROM outbox WHERE number = ?", number)

    def _done(self, statement: str, *values: object) -> bool:
        """Whether it is in the books: where they cannot be written, the event is delivered once more."""
        try:
            self._ledger.write([(statement, values)])
        except StorageError as error:
            self._say(str(error))
            return False
        return True
