"""One line that says how a crawl is doing: rewritten in place on a terminal, now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import TextIO

from crawler.report import size

__all__ = ["Progress", "render"]

_EVERY_TERMINAL = 0.5
_EVERY_LOG = 10.0
"""Seconds between two lines."""


def render(counts: Mapping[str, int], rate: float) -> str:
    """The line itself; `rate` is in pages a second."""
    return (
        f"found {counts['found']}  fetched {counts['fetched']}  archived {size(counts['bytes'])}"
        f"  articles {counts['articles']}  to read {counts['unread']}  errors {counts['failed']}  {rate:.1f}/s"
    )


class Progress:
    """Shows counts on a stream, no more often than the stream deserves."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._began = self._shown = time.monotonic()
        self.every = _EVERY_TERMINAL if self._live else _EVERY_LOG

    def show(self, counts: Mapping[str, int]) -> None:
        now = time.monotonic()
        text = render(counts, counts["fetched"] / max(now - self._began, 0.001))
        if self._live:
            self._stream.write(f"\r\x1b[K{text}")
        elif now - self._shown >= self.every:
            self._stream.write(f"{text}\n")
            self._shown = now
        self._stream.flush()

    def clear(self) -> None:
        if self._live:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
