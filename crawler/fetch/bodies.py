"""How much of large bodies is on its way at a time: a bound for all connections of a crawl together.

What is small lies in memory until it is archived (`archive.spool.SPOOL_LIMIT` bytes at most). A body that outgrows that
goes to a file, and once it is over it is in memory as a whole, for whoever parses it. So it is let go on only while
there is room for all that it may bring; until then nothing more is read from its connection, and its time stands still.
The first is let on however large it is, and whoever was let on is never stopped: so all come to an end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from archive.spool import SPOOL_LIMIT
from crawler.fetch.wire import ResponseReader

__all__ = ["Bodies"]


class Bodies:
    """For one event loop."""

    def __init__(self, most: int) -> None:
        """`most`: bytes; 0 for no bound."""
        self._most = most
        self._let_on: dict[ResponseReader, int] = {}
        self._waiting: dict[ResponseReader, Callable[[], None]] = {}
        self.waited = 0
        """Bodies that had to wait, so far."""

    def may_go_on(self, reader: ResponseReader, resume: Callable[[], None]) -> bool:
        """Whether to read on; if not, `resume` is called once that may be."""
        if not self._most or reader.block_length <= SPOOL_LIMIT or reader in self._let_on:
            return True
        if not self._waiting and self._fits(reader):
            self._let_on[reader] = reader.most
            return True
        if reader not in self._waiting:
            self._waiting[reader] = resume
            self.waited += 1
        return False

    @contextmanager
    def counting(self, reader: ResponseReader) -> Iterator[ResponseReader]:
        """While within, the reader's body is on its way, or about to be handed on."""
        try:
            yield reader
        finally:
            self._waiting.pop(reader, None)
            if self._let_on.pop(reader, None) is not None:
                self._let_in()

    def _let_in(self) -> None:
        while self._waiting and self._fits(reader := next(iter(self._waiting))):
            self._let_on[reader] = reader.most
            self._waiting.pop(reader)()

    def _fits(self, reader: ResponseReader) -> bool:
        return not self._let_on or sum(self._let_on.values()) + (reader.most or self._most) <= self._most
