"""What runs in a process of the pool: takes jobs from a pipe, one at a time, and sends back what extract() made of them.

Started as ``python -m archive.extract.worker FD DEADLINE MEMORY_CAP`` by archive.extract.pool, and ended by the pipe
closing, however the other side ended. Within a page it would not notice that, so it also has an alarm set, which the
kernel answers without Python's help: no worker outlives its page's deadline by more than a few seconds.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from archive.errors import ExtractionFailed, WirecopyError
from archive.extract.article import extract, failed
from archive.extract.decode import MAX_BYTES, charset_of
from archive.extract.job import OUT_OF_MEMORY, Job
from archive.http import decoded
from archive.model import Extraction
from archive.warc.reader import read_at

__all__ = ["main", "run"]

_GRACE: Final = 5
_NICE: Final = 5
"""Fetching goes first: what waits here is in the archive already."""

_WARM_UP: Final = (
    b"<html lang='en'><head><title>Warm</title></head><body><nav><a href='/'>Home</a></nav><article><h1>Warm</h1>"
    + b"<p>A paragraph that is long enough for every engine to look at it, on 3 May 2024, twice.</p>" * 6
    + b"</article></body></html>"
)


def run(job: Job) -> Extraction:
    """Read the page and extract it; whatever goes wrong costs this page only."""
    try:
        page, charset = (job.page, job.charset) if job.path is None else _from_record(job.path, job)
        return extract(page, url=job.url, charset=charset, hint=job.hint)
    except MemoryError:
        raise
    except WirecopyError as error:
        return failed(job.url, str(error))
    except Exception as error:  # the edge of the process: engines raise all sorts of things on hostile pages
        return failed(job.url, f"{type(error).__name__}: {error}"[:500])


def _from_record(path: Path, job: Job) -> tuple[bytes, str | None]:
    record = read_at(_present(path), job.offset, job.length)
    if record.head is None:
        raise ExtractionFailed("record holds no HTTP response")
    content_type = record.head.get(b"content-type") or b""
    return decoded(record.payload(), record.head, MAX_BYTES + 1), charset_of(content_type.decode("latin-1"))


def _present(path: Path) -> Path:
    """`path` under the name it has by now: a file loses its ``.open`` when it is closed."""
    if path.exists():
        return path
    return path.with_suffix("") if path.suffix == ".open" else path.with_name(path.name + ".open")


def main(fd: int, deadline: float, memory_cap: int) -> int:
    pipe = Connection(fd)
    os.nice(_NICE)
    resource.setrlimit(resource.RLIMIT_AS, (memory_cap, memory_cap))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    extract(_WARM_UP, url="https://example.org/2024/05/03/warm.html", charset="utf-8")
    try:
        pipe.send(None)  # warm
        while True:
            job = pipe.recv()
            signal.setitimer(signal.ITIMER_REAL, deadline + _GRACE)
            pipe.send(run(job))
            signal.setitimer(signal.ITIMER_REAL, 0)
    except MemoryError:
        return OUT_OF_MEMORY
    except (EOFError, ConnectionError):
        return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])))
