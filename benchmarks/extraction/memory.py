"""How the memory of one process grows over many pages: in this one, and in a worker of the pool that crawls use."""

from __future__ import annotations

import gc
import gzip
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from itertools import cycle, islice
from pathlib import Path
from typing import Final

from archive.extract.article import extract
from archive.extract.pool import ExtractPool, Job
from archive.model import Extraction

__all__ = ["WAYS", "Pages", "resident"]

Pages = Iterator[tuple[bytes, str]]
"""Pages and their URLs."""
_AHEAD: Final = 4


def here(pages: Pages) -> Iterator[int]:
    """Read the pages in this process; its own id after each."""
    for number, (page, url) in enumerate(pages):
        extract(page, url=url, charset=None)
        if number == 0:
            gc.freeze()  # as a worker does when it is warm
        yield os.getpid()


def pooled(pages: Pages) -> Iterator[int]:
    """Read them in a pool of one worker; its id after each."""
    waiting: deque[Future[Extraction]] = deque()
    with ExtractPool(1) as pool:
        for page, url in pages:
            waiting.append(pool.submit(Job(url=url, page=page)))
            if len(waiting) > _AHEAD:
                waiting.popleft().result()
                yield _child()
        while waiting:
            waiting.popleft().result()
            yield _child()


WAYS: Final[dict[str, Callable[[Pages], Iterator[int]]]] = {"in one process": here, "in a worker": pooled}


def resident(pages: Iterable[tuple[Path, str]], way: str, count: int) -> Iterator[tuple[int, int, int]]:
    """After a tenth of `count` pages, half of them, and all: how many, resident bytes then, and the most so far.

    `pages` are gzipped files and their URLs, read over and over.
    """
    read = ((gzip.decompress(path.read_bytes()), url) for path, url in islice(cycle(pages), count))
    marks = {max(1, count // 10), max(1, count // 2), count}
    for number, process in enumerate(WAYS[way](read), start=1):
        if number in marks:
            yield number, _said(process, "VmRSS"), _said(process, "VmHWM")


def _said(process: int, field: str) -> int:
    """What Linux says of a process, in bytes."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    raise SystemExit(f"no {field} of process {process}: memory is measured on Linux only")


def _child() -> int:
    """The youngest process that this one started: a worker that was lost has been replaced."""
    tasks = Path("/proc/self/task").iterdir()
    return max(int(child) for task in tasks for child in (task / "children").read_text().split())
