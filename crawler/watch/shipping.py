"""Files that crawls have closed, shipped where the collection says, in a process of its own: one pass at a time.

A pass is due some minutes after a crawl has ended, and now and then for files that come of age. Nothing waits for it;
it may be ended at any moment, and the next one goes on.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from archive.config import read_config
from archive.errors import WirecopyError
from crawler.amounts import size
from crawler.watch.orphan import PARENT

__all__ = ["Shipping"]

_REST: Final = 600.0
"""Seconds between two passes, when crawls have ended …"""
_LONG_REST: Final = 3600.0
"""… and when none has."""
_SHOWN: Final = 5


class _Failure(msgspec.Struct, frozen=True):
    file: str
    why: str


class _Pass(msgspec.Struct, frozen=True):
    """Of what `wirecopy ship --json` says, what is told."""

    shipped: list[str]
    dropped: list[str]
    freed: int
    failed: list[_Failure]


class Shipping:
    def __init__(self, collection: Path, say: Callable[[str], None], over: Callable[[str], None]) -> None:
        """`over` is told when a pass has ended of itself: what it could not do, in words, or nothing."""
        self._collection = collection
        self._say = say
        self._over = over
        self._closed = True
        self._stopping = False
        self._last = float("-inf")
        self._pass: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None

    def closed(self) -> None:
        """A crawl has ended: there is more to ship."""
        self._closed = True

    @property
    def busy(self) -> bool:
        return self._pass is not None and not self._pass.done()

    def start_what_is_due(self, *, last: bool = False) -> bool:
        """Start a pass if one is due; `last`: if there is anything that it might do. Whether one is under way now."""
        rest = _REST if self._closed else _LONG_REST
        due = self._closed if last else time.monotonic() - self._last >= rest
        if not self.busy and due and self._is_wanted():
            self._closed, self._last = False, time.monotonic()
            self._pass = asyncio.create_task(self._ship())
        return self.busy

    async def stop(self) -> None:
        """End the pass that is under way, wherever it is."""
        self._stopping = True
        self._terminate()
        if self._pass is not None:
            await asyncio.wait([self._pass])

    def _terminate(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.terminate()

    def _is_wanted(self) -> bool:
        try:
            return bool(os.environ.get("WIRECOPY_SHIP_TO")) or read_config(self._collection).ship is not None
        except WirecopyError as error:
            self._last = time.monotonic()
            self._over(str(error))
            return False

    async def _ship(self) -> None:
        self._process = process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "crawler", "ship", "--collection", str(self._collection), "--json"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, PARENT: str(os.getpid())},
            start_new_session=True,  # Ctrl-C is the daemon's to pass on
        )
        if self._stopping:
            self._terminate()
        printed, said = await process.communicate()
        self._process = None
        if not self._stopping:
            self._over(self._told(printed, said.decode("utf-8", "replace"), process.returncode))

    def _told(self, printed: bytes, said: str, code: int | None) -> str:
        """Says what a pass came to; what it could not do."""
        try:
            done = msgspec.json.decode(printed, type=_Pass)
        except msgspec.MsgspecError:
            words = said.strip().splitlines() or [f"it ended with {code}"]
            return words[-1].removeprefix("wirecopy: ")
        if done.shipped or done.dropped:
            self._say(f"shipped {len(done.shipped)} files, let go of {len(done.dropped)} here ({size(done.freed)})")
        for failure in done.failed[:_SHOWN]:
            self._say(f"not shipped: {failure.file}: {failure.why}")
        return f"{len(done.failed)} files, such as {done.failed[0].file}: {done.failed[0].why}" if done.failed else ""
