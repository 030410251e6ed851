"""Looking captures up among a million: pages that a look-up touches, and memory.

    python -m benchmarks.lookup [--lines 1000000] [--files 4] [--lookups 2000]

An index is written of URLs of many hosts; then captures of URLs all over it are asked for, and of such as are not
there. Then some more, before each of which the system is made to forget the file, mapped and cached: what a look-up
reads are faults that wait for the disk (where the temporary directory is on none, there are none: TMPDIR chooses
another). The bar is 40 reads a look-up, and memory of the process's own that does not grow with look-ups. The baseline
is the usual bisection of such a file, by seek and readline: as many reads as it takes.
"""

from __future__ import annotations

import argparse
import mmap
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from archive.disk import Disk
from archive.index import cdxj
from archive.index.files import write_sorted
from archive.index.lookup import Index

_STAMP = datetime(2026, 3, 1, tzinfo=UTC)
_BLOCK = 4096


def url(number: int) -> str:
    return f"https://site{number % 997}.example/{number // 997 % 60}/story-{number}.html"


def lines(numbers: range) -> Iterator[bytes]:
    tail = (
        '","mime":"text/html","status":"200","digest":"3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ","length":"9876","offset":"%d",'
        '"filename":"news-20260301000000000-00001-host.warc.gz","id":"urn:uuid:%032x","date":"2026-03-01T00:00:00.000000Z"}'
    )
    for number in numbers:
        where = url(number)
        yield (f'{cdxj.key(where)} 20260301000000 {{"url":"{where}' + tail % (number, number)).encode()


def faults() -> int:
    """Reads of what is mapped that had to wait for the disk, so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_majflt


def forget(path: Path) -> None:
    """Nothing of the file is in memory any more, except what is mapped."""
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def anonymous() -> int:
    """Bytes of memory that are the process's own."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    return 0


def bisected(file: BinaryIO, size: int, prefix: bytes) -> int:
    """How many reads it takes the usual way: blocks halved down to one, then line by line."""
    low, high, reads = 0, size // _BLOCK, 0
    while high - low > 1:
        middle = (low + high) // 2
        file.seek(middle * _BLOCK)
        file.readline()
        reads += 1
        low, high = (middle, high) if file.readline() < prefix else (low, middle)
    file.seek(low * _BLOCK)
    if low:
        file.readline()
    for line in file:
        if line >= prefix:
            break
    return reads + 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000, help="captures in the index (1,000,000)")
    parser.add_argument("--files", type=int, default=1, help="indexes that they are in (1: merged, as they come to be)")
    parser.add_argument("--lookups", type=int, default=2000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        for part in range(args.files):
            write_sorted(Disk(), directory / f"{part}.cdxj", lines(range(part, args.lines, args.files)))
        size = sum(path.stat().st_size for path in directory.iterdir())
        index = Index(directory)
        began = time.process_time()
        index.captures(url(0))
        opened, before = time.process_time() - began, anonymous()
        step = max(args.lines // args.lookups, 1)
        counts: list[int] = []
        began = time.process_time()
        for number in range(0, args.lines, step):
            assert [capture.offset for capture in index.captures(url(number))] == [number]
            assert not index.captures(url(number) + "x")
        seconds, grown = time.process_time() - began, anonymous() - before
        for number in range(0, args.lines, step * 10):
            index.close()
            index.captures(url(0))  # opened, and what it samples is in memory: that is forgotten
            for mapped in index._files.values():
                assert mapped._map is not None
                mapped._map.madvise(mmap.MADV_DONTNEED)
                forget(mapped.path)
            so_far = faults()
            index.captures(url(number))
            counts.append(faults() - so_far)
        path = directory / "0.cdxj"
        with path.open("rb") as file:
            theirs = statistics.mean(
                bisected(file, path.stat().st_size, cdxj.key(url(n)).encode()) for n in range(0, args.lines, step)
            )
    ours = statistics.mean(counts)
    print(f"{args.lines} lines in {args.files} files, {size / 1e6:.0f} MB; {args.lookups} look-ups, and as many misses")
    print(f"opened in {opened:.2f} s CPU; {seconds / args.lookups / 2 * 1e6:.0f} µs CPU a look-up")
    print(f"reads a look-up  {ours:6.1f} on average, {max(counts)} at most; bisected by seeking {theirs:.1f} reads")
    print(f"memory                {before / 1e6:6.1f} MB, {grown / 1e6:+.1f} MB after all look-ups")


if __name__ == "__main__":
    main()
