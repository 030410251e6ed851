"""What known pages cost: a crawl whose sitemaps name nothing but what the collection has.

memory   the peak of such a crawl's process, which has 300 MB
check    CPU to decide about a candidate (key, look-up, count), as a multiple of its canonical key plus a bare batched
         look-up of the keys in the same database; the median of the rounds, which may be 3
due      CPU to find the articles of a host that are due to be seen again

Exits with 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from archive.catalogue.store import Catalogue
from archive.collection import Collection
from archive.memory import Memory
from archive.urls import canonical
from benchmarks.frontier.world import PER_SITEMAP, make, serving, url
from crawler.discovery.candidates import Candidate
from crawler.spiders.survey import Frontier, Survey

MEMORY_MB = 300
CHECK = 3.0
_BATCH = 500
_PART = 1000
_AGES = (3 * 3600, 86_400, 7 * 86_400, 30 * 86_400)


def crawl(collection: Path, count: int) -> float:
    """Peak memory of the crawl, in MB."""
    with serving(count) as address:
        command = [sys.executable, "-m", "crawler", "crawl", address, "-c", str(collection)]
        options = ["--max-pages", "1000000", "--no-extract", "--json", "--set", "LOG_LEVEL=WARNING"]
        process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        report = json.loads(process.stdout.read())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    counts = report["counts"]
    asked = 2 + -(-count // PER_SITEMAP)  # robots.txt, the index, the sitemaps
    if process.returncode or counts["known"] != count or counts["fetched"] > asked:
        raise SystemExit(f"the crawl did not go as it should: exit {process.returncode}, {counts}")
    return usage.ru_maxrss / 1024


def check(collection: Path, count: int) -> tuple[float, float]:
    """Microseconds a candidate: of the check, and of the key and the bare look-up."""
    with Catalogue(collection / "catalogue.sqlite") as catalogue:
        memory = Memory(Collection.open(collection), catalogue, _AGES)
        frontier = Frontier(max_pages=0, memory=memory, count=lambda name, number: None)
        survey = Survey(frontier)
        ours = bare = 0.0
        for start in range(0, count, PER_SITEMAP):
            pages = [Candidate(url=url(n), lastmod="2001-02-03") for n in range(start, min(start + PER_SITEMAP, count))]

            def add(pages: list[Candidate] = pages) -> None:
                for part in range(0, len(pages), _PART):
                    survey.add("sitemap", pages[part : part + _PART], via=None, hops="M")

            def look_up(pages: list[Candidate] = pages) -> None:
                keys = [canonical.__wrapped__(page.url) for page in pages]
                for part in range(0, len(keys), _BATCH):
                    some = keys[part : part + _BATCH]
                    marks = ",".join("?" * len(some))
                    query = f"SELECT key FROM captures WHERE key IN ({marks})"
                    assert len(catalogue.connection.execute(query, some).fetchall()) == len(some)

            canonical.cache_clear()
            bare += _cpu(look_up)
            ours += _cpu(add)
        assert not survey.release()
    return ours / count * 1e6, bare / count * 1e6


def due(collection: Path) -> float:
    """Milliseconds to find what is due of one host."""
    with Catalogue(collection / "catalogue.sqlite") as catalogue:
        memory = Memory(Collection.open(collection), catalogue, _AGES)
        return 1000 * _cpu(lambda: memory.due(["news-3.example"], 1000))


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--urls", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        collection = Path(directory, "news")
        make(collection, args.urls)
        size = (collection / "catalogue.sqlite").stat().st_size / 1e6
        print(f"{args.urls} known pages, a catalogue of {size:.0f} MB", flush=True)
        ratios = []
        for number in range(1, args.rounds + 1):
            ours, bare = check(collection, args.urls)
            ratios.append(ours / bare)
            print(
                f"check {number}: {ours:.1f} us a page, {ours / bare:.2f} of key and look-up ({bare:.1f} us)",
                flush=True,
            )
        print(f"due: {due(collection):.1f} ms a host")
        peak = crawl(collection, args.urls)
    ratio = statistics.median(ratios)
    print(f"memory: {peak:.0f} MB at most (bar: {MEMORY_MB}); check: {ratio:.2f} (bar: {CHECK})")
    return int(peak >= MEMORY_MB or ratio > CHECK)


if __name__ == "__main__":
    sys.exit(main())
