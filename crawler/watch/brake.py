"""Whether crawls may be begun: not while the disk is nearly full, nor for a while after one could not do its work."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from crawler.watch.attention import Attention

__all__ = ["Brake"]

_REFUSALS: Final = 3
"""Crawls in a row that could not write, on a disk with room, before the daemon gives up."""


class Brake:
    def __init__(
        self, attention: Attention, seconds: float, say: Callable[[str], None], give_up: Callable[[], None]
    ) -> None:
        """`seconds` of a pause; `give_up` is called when waiting is of no use."""
        self._attention = attention
        self._seconds = seconds
        self._say = say
        self._give_up = give_up
        self._full = False
        self._until = 0.0
        self._why = ""
        self.refusals = 0
        """Times in a row that nothing could be written, up to now."""

    def holds(self) -> bool:
        """Looks at the disk, unless there is a pause."""
        if time.monotonic() < self._until:
            return True
        self._full = not self._attention.has_room()
        return self._full

    @property
    def why(self) -> str:
        """Why no crawl is begun; empty where one may be."""
        if self._full:
            return self._attention.of_daemon().get("disk", "")
        return self._why if time.monotonic() < self._until else ""

    @property
    def unwritable(self) -> bool:
        """Whether it is the disk that keeps crawls from being begun, or from their work."""
        return self._full or self.refusals > 0

    def pause(self, why: str) -> None:
        self._until = time.monotonic() + self._seconds
        self._why = why
        self._say(f"no crawls for {self._seconds:.0f} s: {why}")

    def refused(self, why: str) -> None:
        """A full disk is waited for; one that has room, and cannot be written all the same, is no place to go on."""
        self._attention.refused(why)
        self.refusals += 1
        if self.refusals >= _REFUSALS and self._attention.has_room():
            self._say(f"stopping: {self.refusals} times in a row nothing could be written: {why}")
            self._give_up()

    def written(self) -> None:
        """A crawl could write what it had to."""
        self._attention.written()
        self.refusals = 0
