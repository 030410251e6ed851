"""One line that says how long work is doing: rewritten in place on a terminal, now and then elsewhere."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from typing import Self, TextIO

from crawler.amounts import size

__all__ = ["Meter", "Progress", "is_live", "render"]

_EVERY_TERMINAL = 0.5
_EVERY_LOG = 10.0
"""Seconds between two lines."""


def is_live(stream: TextIO) -> bool:
    """Whether it is a terminal that knows escape sequences."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def render(counts: Mapping[str, int], rate: float) -> str:
    """The line itself; `rate` is in pages a second."""
    return (
        f"found {counts['found']}  fetched {counts['fetched']}  archived {size(counts['bytes'])}"
        f"  articles {counts['articles']}  to read {counts['unread']}  errors {counts['failed']}  {rate:.1f}/s"
    )


class Progress:
    """Shows a line on a stream, no more often than the stream deserves."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self._stream = stream
        self._live = is_live(stream)
        self._began = self._shown = time.monotonic()
        self.every = _EVERY_TERMINAL if self._live else _EVERY_LOG

    @property
    def due(self) -> bool:
        """Whether it is time for another line."""
        return time.monotonic() - self._shown >= self.every

    def crawl(self, counts: Mapping[str, int]) -> None:
        """How a crawl stands."""
        self.show(render(counts, counts["fetched"] / max(time.monotonic() - self._began, 0.001)))

    def show(self, text: str) -> None:
        self._stream.write(f"\r\x1b[K{text}" if self._live else f"{text}\n")
        self._stream.flush()
        self._shown = time.monotonic()

    def say(self, text: str) -> None:
        """A line that stays, for what is worth knowing later."""
        self.clear()
        self._stream.write(f"{text}\n")
        self._stream.flush()

    def clear(self) -> None:
        """Take the line off a terminal, so that something else can be said."""
        if self._live:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


class Meter:
    """Progress of work whose end is known, for a `with` that takes the line away again."""

    def __init__(self, done: str) -> None:
        self._done = done
        self._progress = Progress()
        self.clear = self._progress.clear

    def bytes(self, done: int, total: int) -> None:
        if self._progress.due:
            self._progress.show(f"{self._done} {size(done)} of {size(total)}")

    def count(self, done: int, total: int, what: str) -> None:
        if self._progress.due:
            self._progress.show(f"{self._done} {done} of {total} {what}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()
