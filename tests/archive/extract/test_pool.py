"""The pool: a page costs nobody but itself, and no process outlives its master."""

from __future__ import annotations

import gzip
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.extract.article import extract
from archive.extract.pool import ExtractPool, Job
from archive.model import Discovery
from tests.waiting import wait_until

SENTENCE = "The harbour wall held through the night, the town council said on Friday, and nobody was hurt. "
PAGE = f"<html lang=en><body><article><h1>The harbour wall holds</h1><p>{SENTENCE}</p></article></body></html>".encode()
SLOW = b"<html><body><p>" + "<span>กขคง</span>".encode() * 30_000
"""Texts side by side, which lxml joins by the square: ten seconds of CPU and more."""
"""Within the limits of size, depth and elements, and yet the work of many seconds."""
JOB = Job(url="https://example.com/news/harbour-wall", page=PAGE, charset="utf-8")


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractPool]:
    with ExtractPool(1, deadline=60) as pool:
        yield pool


@pytest.fixture(scope="module")
def hasty() -> Iterator[ExtractPool]:
    """A hundred times as long as a small page takes, on a machine that does nothing else."""
    with ExtractPool(1, deadline=3.0) as hasty:
        yield hasty


def workers_of(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True)
    rows = (line.split(maxsplit=3) for line in listed.stdout.splitlines())
    return [
        int(child)
        for child, parent, state, command in rows
        if int(parent) == pid and state[0] != "Z" and "archive.extract.worker" in command
    ]


def kill_workers() -> None:
    for pid in workers_of(os.getpid()):
        os.kill(pid, signal.SIGKILL)


def alive(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


def gone_within(seconds: float, pids: list[int]) -> bool:
    return wait_until(lambda: not any(map(alive, pids)), seconds)


def test_a_page_comes_out_as_it_would_in_this_process(pool: ExtractPool) -> None:
    assert pool.submit(JOB).result() == extract(PAGE, url=JOB.url, charset="utf-8")


def test_a_page_that_takes_too_long_fails_alone(hasty: ExtractPool) -> None:
    slow, after = hasty.submit(Job(url="https://example.com/slow", page=SLOW)), hasty.submit(JOB)
    assert slow.result().error == "took longer than 3 seconds"
    assert slow.result().labels == ("failed",)
    assert after.result().error is None


def test_a_page_whose_worker_is_killed_is_tried_once_more(hasty: ExtractPool) -> None:
    assert hasty.submit(JOB).result().error is None
    slow = hasty.submit(Job(url="https://example.com/slow", page=SLOW))
    assert wait_until(slow.running, 60)
    kill_workers()
    assert slow.result().error == "took longer than 3 seconds"


def test_a_worker_that_is_killed_while_it_waits_costs_nothing(pool: ExtractPool) -> None:
    assert pool.submit(JOB).result().error is None
    kill_workers()
    assert pool.submit(JOB).result().error is None


def test_a_page_that_needs_too_much_memory_fails_alone() -> None:
    wide = PAGE.replace(b"<p>", b"<p>" + "\N{FIRE}".encode() + b"word " * 2_200_000)  # four bytes a character in memory
    with ExtractPool(1, deadline=30, memory_cap=350 << 20) as pool:
        assert pool.submit(JOB).result().error is None
        assert (
            pool.submit(Job(url="https://example.com/wide", page=wide)).result().error
            == "needed more than 350 MB of memory"
        )
        assert pool.submit(JOB).result().error is None


def test_a_record_is_read_by_its_place_whether_its_file_is_open_or_closed(tmp_path: Path, pool: ExtractPool) -> None:
    out = io.BytesIO()
    body = gzip.compress(
        "<html lang=de><body><article><h1>Die Mauer hält</h1><p>vor 3 Stunden</p><p>Grüße vom Hafen.</p></article>"
        "</body></html>".encode("cp1252")
    )
    head = StatusAndHeaders(
        "200 OK",
        [
            ("Content-Type", "text/html; charset=ISO-8859-1"),
            ("Content-Encoding", "gzip"),
            ("Content-Length", str(len(body))),
        ],
        protocol="HTTP/1.1",
    )
    writer = WARCWriter(out, gzip=True)
    writer.write_record(writer.create_warcinfo_record("x.warc.gz", {"software": "test"}))
    offset = out.tell()
    writer.write_record(
        writer.create_warc_record(
            "https://example.com/a",
            "response",
            io.BytesIO(body),
            http_headers=head,
            warc_headers_dict={"WARC-Date": "2026-11-27T20:37:00Z"},
        )
    )
    path = tmp_path / "x.warc.gz"
    path.write_bytes(out.getvalue())
    for named in (path, tmp_path / "x.warc.gz.open"):
        job = Job(
            url="https://example.com/a",
            path=named,
            offset=offset,
            length=out.tell() - offset,
            hint=Discovery(title="Hint"),
        )
        read = pool.submit(job).result()
        assert read.title == "Die Mauer hält"
        assert (read.published, read.published_precision) == (
            "2026-11-27T17:37:00+00:00",
            "hour",
        )  # of the record's date
    path.rename(tmp_path / "x.warc.gz.open")
    assert pool.submit(Job(url="https://example.com/a", path=path, offset=offset)).result().title == "Die Mauer hält"
    lost = pool.submit(Job(url="https://example.com/a", path=tmp_path / "none.warc.gz", offset=0)).result()
    assert lost.error is not None
    assert "none.warc.gz" in lost.error


def test_closing_cancels_what_waits_and_ends_the_workers() -> None:
    others = set(workers_of(os.getpid()))
    pool = ExtractPool(1, deadline=1.0)
    pool.submit(JOB).result()
    workers = set(workers_of(os.getpid())) - others
    running = pool.submit(Job(url="https://example.com/slow", page=SLOW))
    assert wait_until(running.running, 60)
    waiting = pool.submit(JOB)
    pool.close()
    assert running.result().error == "took longer than 1 seconds"
    assert waiting.cancelled()
    assert workers
    assert not workers & set(workers_of(os.getpid()))


@pytest.mark.parametrize("busy", [False, True])
def test_no_worker_outlives_a_master_that_is_killed(busy: bool) -> None:
    code = f"""
import sys, time
from archive.extract.pool import ExtractPool, Job
pool = ExtractPool(2, deadline=1.0)
pool.submit(Job(url="https://example.com/a", page={PAGE!r})).result()
if {busy}:
    slow = Job(url="https://example.com/slow", page=b"<html><body><p>" + "<span>กขคง</span>".encode() * 30_000)
    [pool.submit(slow) for _ in range(2)]
print("ready", flush=True)
sys.stdin.read()
"""
    master = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert master.stdout is not None
    assert master.stdout.readline() == b"ready\n"
    workers = workers_of(master.pid)
    assert len(workers) == 2
    master.kill()
    master.communicate()
    assert gone_within(60, workers)


def test_ctrl_c_does_not_reach_the_workers(pool: ExtractPool) -> None:
    pool.submit(JOB).result()
    assert {os.getsid(pid) for pid in workers_of(os.getpid())}.isdisjoint({os.getsid(0)})
