"""What runs in a process of the pool: takes jobs from a pipe, one at a time, and sends back what they come to.

Started as ``python -m archive.extract.worker FD DEADLINE MEMORY_CAP`` by archive.extract.pool, which first sends the
recipes, and ended by the pipe
closing, however the other side ended. Within a page it would not notice that, so it also has an alarm set, which the
kernel answers without Python's help: no worker outlives its page's deadline by more than a few seconds.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import sys
from dataclasses import replace
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, NamedTuple

from archive.errors import ExtractionFailed, WirecopyError
from archive.extract import pdf
from archive.extract.article import extract
from archive.extract.decode import MAX_BYTES, charset_of
from archive.extract.identity import failed
from archive.extract.job import OUT_OF_MEMORY, Job
from archive.http import Head, decoded
from archive.model import Extraction
from archive.readable import Readable
from archive.recipes.book import Book
from archive.warc.reader import Record, read_at

__all__ = ["main"]

_GRACE: Final = 2.0
_NICE: Final = 5
"""Fetching goes first: what waits here is in the archive already."""

_WARM_UP: Final = (
    b"<html lang='en'><head><title>Warm</title></head><body><nav><a href='/'>Home</a></nav><article><h1>Warm</h1>"
    + b"<p>A paragraph that is long enough for every engine to look at it, on 3 May 2024, twice.</p>" * 6
    + b"</article></body></html>"
)


def main(pipe: Connection, deadline: float, memory_cap: int) -> int:
    """Serve until the pipe closes; the exit status."""
    os.nice(_NICE)
    resource.setrlimit(resource.RLIMIT_AS, (memory_cap, memory_cap))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        book = Book(pipe.recv())
        extract(_WARM_UP, url="https://example.org/2024/05/03/warm.html", charset="utf-8")
        gc.freeze()  # what is loaded stays: looked through again and again, it costs a page a tenth
        pipe.send(None)  # warm
        while True:
            job = pipe.recv()
            signal.setitimer(signal.ITIMER_REAL, deadline + _GRACE)
            pipe.send(_run(job, book))
            signal.setitimer(signal.ITIMER_REAL, 0)
    except MemoryError:
        return OUT_OF_MEMORY  # whatever has hold of the memory goes with the process
    except (EOFError, ConnectionError):
        return 0


def _run(job: Job, book: Book) -> Extraction:
    """Read the page and extract it; whatever goes wrong with it costs this page only."""
    try:
        page = _page(job)
        recipe = book.get(job.recipe)
        extraction = extract(
            page.html,
            url=job.url,
            charset=page.charset,
            head=page.head,
            hint=job.hint,
            recipe=recipe,
            captured=page.captured,
        )
        if page.whole:
            return extraction
        return replace(extraction, labels=tuple(sorted({*extraction.labels, "truncated"})))
    except MemoryError:
        raise
    except WirecopyError as error:
        return failed(job.url, str(error), job.recipe)
    except Exception as error:  # noqa: BLE001 - the edge of a process: engines raise all sorts of things on hostile pages
        return failed(job.url, f"{type(error).__name__}: {error}"[:500], job.recipe)


class _Page(NamedTuple):
    html: bytes
    """Without content encoding."""
    head: Head | None
    charset: str | None
    """As the head names it."""
    captured: datetime | None
    whole: bool
    """Whether its record holds all of it."""


def _page(job: Job) -> _Page:
    if job.path is None:
        return _Page(job.page, None, job.charset, job.captured, whole=True)
    record = _read(job.path, job)
    head = record.head
    if head is None:
        raise ExtractionFailed("record holds no HTTP response")
    content_type = (head.get(b"content-type") or b"").decode("latin-1")
    most = pdf.MAX_BYTES if head.mime == "application/pdf" else MAX_BYTES
    page = decoded(b"".join(record.payload()), head, most + 1)
    return _Page(page, head, charset_of(content_type), _date(record), whole=record.get("WARC-Truncated") is None)


def _date(record: Record) -> datetime | None:
    """None for one that has none that can be read: nothing of the page is counted from it then."""
    try:
        return record.date
    except ValueError:
        return None


def _read(file: Readable, job: Job) -> Record:
    """The record, from the file by the name it has by now: it loses its ``.open`` when it is closed."""
    try:
        return read_at(file, job.offset, job.length)
    except FileNotFoundError:
        if not isinstance(file, Path):
            raise
        other = file.with_suffix("") if file.suffix == ".open" else file.with_name(file.name + ".open")
        return read_at(other, job.offset, job.length)


if __name__ == "__main__":
    sys.exit(main(Connection(int(sys.argv[1])), float(sys.argv[2]), int(sys.argv[3])))
