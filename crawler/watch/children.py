"""One child process: one crawl over a batch of sources, watched by its signs of life, and gone when its parent is.

A crawl says how it stands every ten seconds; one that says nothing for longer is hung, and is killed with all the
processes it made: a killed crawl loses nothing, and its sources are due again.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from crawler.items import SourceResult
from crawler.watch.orphan import PARENT

__all__ = ["Ended", "crawl"]

_LONGEST_LINE: Final = 64 * 1024 * 1024
_KILL_AFTER: Final = 60.0
"""Seconds that a crawl has to end soundly once it was asked to."""


class _Report(msgspec.Struct, frozen=True):
    """Of a crawl's report, what the daemon needs."""

    crawl: str
    outcome: str
    reason: str = ""
    counts: dict[str, int] = {}
    sources: tuple[SourceResult, ...] = ()
    storage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a child ended."""

    code: int
    """Its exit code; below 0 the signal that ended it."""
    crawl: str | None = None
    outcome: str = "killed"
    reason: str = ""
    """Why it ended, by Scrapy's name: ``finished``, ``closespider_timeout`` …"""
    hung: bool = False
    """Whether it was killed for giving no sign of life."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """As in the crawl's report."""
    results: tuple[SourceResult, ...] = ()
    """Empty where it did not live to say."""
    said: str = ""
    """What could not be written, else its last words on stderr."""


async def crawl(
    collection: Path,
    names: Sequence[str],
    *,
    options: Sequence[str] = (),
    hung: float,
    say: Callable[[str], None],
    stop: asyncio.Event,
) -> Ended:
    """Crawl these sources in a process of its own; `hung`: seconds without a sign of life before it is killed."""
    command = [sys.executable, "-m", "crawler", "crawl", "--collection", str(collection), "--json"]
    for name in names:
        command += ["--source", name]
    process = await asyncio.create_subprocess_exec(
        *command,
        *options,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, PARENT: str(os.getpid())},
        limit=_LONGEST_LINE,
        start_new_session=True,  # Ctrl-C is the daemon's to pass on; and the processes it makes can be killed with it
    )
    assert process.stdout is not None
    assert process.stderr is not None
    printed = asyncio.create_task(process.stdout.read())
    stopper = asyncio.create_task(_stop(process, stop))
    said, silent = "", False
    try:
        while line := await asyncio.wait_for(process.stderr.readline(), hung):
            said = line.decode("utf-8", "replace").strip() or said
        code = await process.wait()
    except TimeoutError:
        silent = True
        say(f"{', '.join(names)}: no sign of life for {hung:.0f} s: killed")
        _kill(process)
        code = await process.wait()
    finally:
        stopper.cancel()
        _kill(process)  # and what it may have left behind
    report = _read(await printed)
    if report is None:
        return Ended(code=code, said=said, hung=silent)
    return Ended(
        code=code,
        crawl=report.crawl,
        outcome=report.outcome,
        reason=report.reason,
        hung=silent,
        counts=report.counts,
        results=report.sources,
        said=report.storage or said,
    )


async def _stop(process: asyncio.subprocess.Process, stop: asyncio.Event) -> None:
    """Once asked to, end it soundly, and if that takes too long, at once."""
    await stop.wait()
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    await asyncio.sleep(_KILL_AFTER)
    _kill(process)


def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _read(printed: bytes) -> _Report | None:
    try:
        return msgspec.json.decode(printed, type=_Report)
    except msgspec.MsgspecError:
        return None
