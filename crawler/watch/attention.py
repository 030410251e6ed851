"""What the daemon notices and tells once: how sources are after a crawl, whether there is room, what it can write."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from archive.catalogue.texts import Texts
from archive.errors import StorageError
from crawler.amounts import size
from crawler.sources.alerts import Channel, Kind
from crawler.watch.alerts.courier import Courier
from crawler.watch.checkup import OF_SOURCES, checkup
from crawler.watch.conditions import DAEMON, Condition, Conditions
from crawler.watch.ledger import Ledger
from crawler.watch.planner import Planner

__all__ = ["Attention"]


class Attention:
    def __init__(
        self, collection: Path, ledger: Ledger, channels: Sequence[Channel], reserve: int, say: Callable[..., None]
    ) -> None:
        """`reserve`: bytes that are to stay free on the disk."""
        self._collection = collection
        self._ledger = ledger
        self._channels = channels
        self._say = say
        self._conditions = Conditions(ledger, collection.name)
        self.courier = Courier(ledger, say)
        self.reserve = reserve

    def begin(self, watched: Collection[str]) -> None:
        self._conditions.forget(watched)
        self.courier.serve(self._channels)

    def replace(self, watched: Collection[str], channels: Sequence[Channel]) -> None:
        """Other sources are watched, and others are told."""
        self._conditions.forget(watched)
        if channels != self._channels:
            self._channels = channels
            self.courier.serve(channels)

    def of(self, source: str) -> frozenset[Kind]:
        return frozenset(self._conditions.of(source))

    def of_daemon(self) -> dict[Kind, str]:
        """In words."""
        return {kind: one.text for kind, one in self._conditions.of(DAEMON).items()}

    def crawled(self, name: str, texts: Texts, now: float, planner: Planner) -> None:
        """A crawl of a source is over, and in the books."""
        try:
            found = checkup(name, texts, now, planner=planner, ledger=self._ledger, conditions=self._conditions)
        except StorageError as error:
            self.refused(str(error))
            return
        self._settle([name], found, OF_SOURCES)

    def hung(self, names: Sequence[str], since: float, seconds: float) -> None:
        text = f"its crawl gave no sign of life for {seconds:.0f} s and was killed"
        self._settle(names, [Condition(kind="hung", since=since, text=text)], ["hung"])

    def refused(self, why: str) -> None:
        """Something could not be written."""
        self._daemon(Condition(kind="storage", since=time.time(), text=f"cannot be written: {why}"))

    def written(self) -> None:
        """A crawl could write what it had to."""
        if "storage" in self._conditions.of(DAEMON):
            self._settle([DAEMON], (), ["storage"])

    def shipped(self, failed: str) -> None:
        """A pass of shipping is over; `failed`: what it could not do, empty where it did all."""
        if failed:
            self._daemon(Condition(kind="shipping", since=time.time(), text=f"not shipped: {failed}"))
        elif "shipping" in self._conditions.of(DAEMON):
            self._settle([DAEMON], (), ["shipping"])

    def free(self) -> int:
        """Bytes on the collection's disk."""
        return shutil.disk_usage(self._collection).free

    def writable(self) -> bool:
        """Whether the file system lets WARC files be made, as far as can be told without making one."""
        return os.access(self._collection / "archive", os.W_OK)

    def has_room(self) -> bool:
        """Whether the disk has room for crawls beyond what is to stay free."""
        free = self.free()
        full = "disk" in self._conditions.of(DAEMON)
        if free >= self.reserve:
            if full:
                self._settle([DAEMON], (), ["disk"])
            return True
        if not full:
            text = f"no crawls: {size(free)} left on the disk, and {size(self.reserve)} are to stay free"
            self._daemon(Condition(kind="disk", since=time.time(), text=text))
        return False

    def _daemon(self, condition: Condition) -> None:
        self._settle([DAEMON], [condition], [condition.kind])

    def _settle(self, sources: Sequence[str], found: Sequence[Condition], among: Sequence[Kind]) -> None:
        """What is the matter now, and what no more."""
        for event in self._conditions.settle(sources, found, among=among, now=time.time(), channels=self._channels):
            self._say(f"{event.event}: {event.text}", event=event.event, of=event.of, sources=event.sources)
            if self._conditions.unwritten:
                self.courier.at_once(event, self._channels)
            self.courier.wake()
