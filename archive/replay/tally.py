"""What was asked for and is not there: counted, and told to whoever wants to fetch it."""

from __future__ import annotations

from threading import Lock
from typing import Final, TextIO

__all__ = ["Tally"]

_MOST: Final = 10_000
"""URLs that are remembered; further ones are counted, and told to `file`."""


class Tally:
    """For many threads. A URL that was asked for with GET and missed goes to `file` as a line, at once."""

    def __init__(self, file: TextIO | None = None) -> None:
        self._lock = Lock()
        self._file = file
        self.answers = 0
        self.misses = 0
        """Requests, not URLs."""
        self.urls: dict[str, None] = {}
        """In the order in which they were missed first."""

    def answered(self) -> None:
        with self._lock:
            self.answers += 1

    def missed(self, method: str, url: str) -> None:
        with self._lock:
            self.misses += 1
            if method != "GET" or url in self.urls:
                return
            if len(self.urls) < _MOST:
                self.urls[url] = None
            if self._file is not None:
                self._file.write(f"{url}\n")
                self._file.flush()
