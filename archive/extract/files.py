"""Pages of WARC files, read in order by several processes: articles from files that no collection holds.

What comes out depends on the files alone, not on how many processes read them. A page that brings a process down costs
that page, whose Extraction then has an `error`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from archive.errors import DamagedRecord
from archive.extract.pool import DEADLINE, MEMORY_CAP, ExtractPool, Job
from archive.model import Discovery, Extraction
from archive.pages import is_page
from archive.spool import chunks
from archive.warc.fields import discovery_of, load
from archive.warc.reader import Record, records

__all__ = ["FromFile", "extracted"]

_AHEAD: Final = 8
"""Pages on their way for each process: records are read while pages are extracted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FromFile:
    """A page of a file, and what it says."""

    file: str
    offset: int
    id: str
    date: datetime | None
    extraction: Extraction


def extracted(
    path: Path, *, workers: int, deadline: float = DEADLINE, memory_cap: int = MEMORY_CAP
) -> Iterator[FromFile]:
    """Every page of a WARC file that was fetched well, in the order of the file.

    DamagedRecord where the file cannot be read any further, after all before it.
    """
    waiting: deque[tuple[Record, Future[Extraction]]] = deque()
    damage = None
    with ExtractPool(workers, deadline, memory_cap) as pool:
        try:
            for record, hint in _pages(path):
                job = Job(url=record.url or "", hint=hint, path=path, offset=record.offset, length=record.length)
                waiting.append((record, pool.submit(job)))
                if len(waiting) > _AHEAD * workers:
                    yield _done(*waiting.popleft())
        except DamagedRecord as error:
            damage = error
        while waiting:
            yield _done(*waiting.popleft())
    if damage is not None:
        raise damage


def _pages(path: Path) -> Iterator[tuple[Record, Discovery | None]]:
    """Responses that may be pages, and what their own metadata, where it follows, says of how they were found."""
    page: Record | None = None
    hint: Discovery | None = None
    for record in records(path, types=("response", "metadata")):
        if record.type == "metadata":
            if page is not None and f"<{page.id}>" in record.all("WARC-Concurrent-To"):
                hint = discovery_of(load(bytes(b"".join(chunks(record.block)))))
            continue
        if page is not None:
            yield page, hint
        page, hint = (replace(record, block=b"") if _is_page(record) else None), None
    if page is not None:
        yield page, hint


def _is_page(record: Record) -> bool:
    head = record.head
    return head is not None and is_page(head.mime, head.status)


def _done(record: Record, extraction: Future[Extraction]) -> FromFile:
    try:
        date = record.date
    except ValueError:
        date = None
    return FromFile(file=record.file, offset=record.offset, id=record.id, date=date, extraction=extraction.result())
