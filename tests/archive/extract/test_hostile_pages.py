"""Hostile pages by name, through one worker: each ends in time, with its text or a reason, and the pool goes on.

Nothing that is read opens the network, and the order and the number of processes change nothing.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.extract.pool import ExtractPool, Job
from archive.model import Extraction
from tests.archive.extract.hostile import PAGES, SENTENCE
from tests.archive.extract.test_pool import workers_of

URL = "https://www.example.com/news/2024/05/03/harbour-wall-holds"
SECONDS = 4.0
"""Of CPU time that a page may take: how busy the machine is does not matter."""
GIVEN_UP = {
    "20 MB of paragraphs": "page of 20200310 bytes, more than",
    "a million tags": "page of more than",
    "5 MB of links": "page of more than",
    "100,000 meta elements": "page of more than",
    "2 MB of nested divs": "elements nested more than",
    "a PDF": "PDF cannot be read",
    "an image": "not HTML but image/png",
    "nothing": "no HTML in it",
}
"""What is refused at once, and what is said of it."""
LOST = {
    "a mark that lies",  # browsers read the bytes as the mark says, too
    "cut within a character",
    "a byline without end",
    "a frameset",
    "SVG and MathML",
}
"""What holds no text worth having, or hides it."""


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractPool]:
    with ExtractPool(1, deadline=300) as pool:
        yield pool


def seconds() -> float:
    """CPU time that workers have had so far."""
    stats = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in workers_of(os.getpid()))
    return sum(int(ticks) for stat in stats for ticks in stat[11:13]) / os.sysconf("SC_CLK_TCK")


def read(pool: ExtractPool, name: str) -> Extraction:
    return pool.submit(Job(url=URL, page=PAGES[name]())).result()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_ends_in_time_with_its_text_or_a_reason(pool: ExtractPool, name: str) -> None:
    before = seconds()
    found = read(pool, name)
    assert seconds() - before < SECONDS
    if name in GIVEN_UP:
        assert found.error is not None
        assert GIVEN_UP[name] in found.error
        assert (found.kind, found.labels, found.text) == ("other", ("failed",), None)
        return
    assert found.error is None
    if name not in LOST:
        assert SENTENCE in (found.text or "")


def test_what_was_given_up_on_can_be_tried_again() -> None:
    with ExtractPool(1, deadline=0.05) as hasty:
        assert read(hasty, "a table of 15,000 cells").error == "took longer than 0.05 seconds"
    with ExtractPool(1, deadline=300) as patient:
        assert SENTENCE in (read(patient, "a table of 15,000 cells").text or "")


QUICK = [name for name in PAGES if len(PAGES[name]()) < 100_000]


def test_order_and_number_of_processes_change_nothing() -> None:
    rng = random.Random(5)
    results: list[dict[str, Extraction]] = []
    for workers in (1, 2):
        names = rng.sample(QUICK, len(QUICK))
        with ExtractPool(workers, deadline=300) as pool:
            waiting = [(name, pool.submit(Job(url=URL, page=PAGES[name]()))) for name in names]
            results.append({name: future.result() for name, future in waiting})
    assert results[0] == results[1]


def test_reading_opens_no_connection() -> None:
    code = f"""
import sys
from archive.extract.article import extract
from tests.archive.extract.hostile import PAGES
def guard(event, arguments):
    if event.startswith("socket."):
        raise SystemExit(f"network: {{event}} {{arguments}}")
sys.addaudithook(guard)
for name in {QUICK!r}:
    extract(PAGES[name](), url={URL!r}, charset=None)
print("quiet")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("quiet\n", 0), done.stderr
