"""The daemon over fifty newsrooms that go on publishing, while it and its crawls are killed every half minute.

The short form, with five newsrooms and one kill of each, is in tests/watch/test_daemon.py.
"""

from __future__ import annotations

import contextlib
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from tests.commands import environment, wirecopy
from tests.newsroom import Newsroom
from tests.soak.progress import SEED
from tests.watch.test_daemon import SOURCE

SECONDS = float(os.environ.get("SOAK_SECONDS", "600"))
SOURCES = 50
PERIOD = 30.0
"""Seconds from one kill of a crawl, and of the daemon, to the next."""
_MARK = "SOAK_DAEMON"


class Watch:
    """Daemons over one collection, one after the other, and whatever processes they make."""

    def __init__(self, collection: Path) -> None:
        self._collection = collection
        self._mark = secrets.token_hex(8)
        self._log = collection.parent / "daemon.log"
        self.longest_orphan = 0.0
        self.start()

    def start(self) -> None:
        with self._log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "crawler", "daemon", "-c", str(self._collection)],
                cwd=self._collection.parent,
                env={**environment(), _MARK: self._mark},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        self._from = self._log.stat().st_size

    def kill(self) -> None:
        """The daemon; whoever it made must be gone soon after."""
        left = set(self.processes())
        self.process.kill()
        assert self.process.wait(30) == -signal.SIGKILL
        began = time.monotonic()
        _until(lambda: not left & set(self.processes()), 30)
        self.longest_orphan = max(self.longest_orphan, time.monotonic() - began)

    def kill_a_crawl(self, dice: random.Random, patience: float) -> bool:
        """Whether there was one to kill."""
        give_up = time.monotonic() + patience
        while time.monotonic() < give_up:
            if crawls := list(self.processes("crawl")):
                with contextlib.suppress(ProcessLookupError):  # it ended by itself just now
                    os.kill(dice.choice(crawls), signal.SIGKILL)
                    return True
            time.sleep(0.05)
        return False

    def processes(self, verb: str = "") -> Iterator[int]:
        """All that bear the mark, by pid, but for zombies; or the commands of this verb."""
        for path in Path("/proc").glob("[0-9]*"):
            try:
                marked = f"{_MARK}={self._mark}".encode() in (path / "environ").read_bytes()
                words = (path / "cmdline").read_bytes().split(b"\0")
            except OSError:  # it has ended meanwhile
                continue
            if marked and (not verb or verb.encode() in words):
                yield int(path.name)

    def end(self) -> None:
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def completed(self) -> Counter[str]:
        """Crawls that the last daemon says are complete, by source."""
        with self._log.open() as log:
            log.seek(self._from)
            lines = [line.split(" ") for line in log if ": complete: " in line]
        return Counter(line[1].rstrip(":") for line in lines)


def _until(true: Callable[[], bool], timeout: float) -> None:
    end = time.monotonic() + timeout
    while not true():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.2)


@pytest.mark.soak
def test_fifty_sources_and_a_kill_every_half_minute(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dice = random.Random(f"{SEED}-daemon")
    collection = tmp_path / "news"
    collection.mkdir()
    with ExitStack() as running:
        newsrooms = [
            running.enter_context(Newsroom(articles=3, seed=number, host=f"127.0.1.{number + 1}"))
            for number in range(SOURCES)
        ]
        text = "".join(SOURCE.format(number=n, url=newsroom.url) for n, newsroom in enumerate(newsrooms))
        (collection / "sources.toml").write_text("format = 1\n" + text)
        watch = Watch(collection)
        running.callback(watch.end)
        killed: Counter[str] = Counter()
        end, next_kill = time.monotonic() + SECONDS, time.monotonic() + PERIOD
        while time.monotonic() < end:
            dice.choice(newsrooms).publish()
            time.sleep(dice.uniform(0.5, 1.5))
            if time.monotonic() < next_kill:
                continue
            next_kill += PERIOD
            killed["crawls"] += watch.kill_a_crawl(dice, 15)
            time.sleep(dice.uniform(0, 5))
            watch.kill()
            killed["daemons"] += 1
            watch.start()
        _until(lambda: len([number for number in watch.completed().values() if number >= 2]) == SOURCES, 600)
        watch.process.terminate()
        assert watch.process.wait(90) == 128 + signal.SIGTERM
        assert list(watch.processes()) == []
        published = [newsroom.url + article.path for newsroom in newsrooms for article in newsroom.articles]
        asked = sum(served.path != "/feed.xml" for newsroom in newsrooms for served in newsroom.log)
    kept: Counter[str] = Counter()
    kinds = WarcRecordType.response | WarcRecordType.revisit
    for file in (collection / "archive").iterdir():
        for record in ArchiveIterator(file.open("rb"), record_types=kinds, parse_http=True):
            if record.http_headers is not None and record.http_headers.status_code == 200:
                kept[record.headers["WARC-Target-URI"]] += 1
    assert {url: kept[url] for url in published if kept[url] != 1} == {}
    assert wirecopy("verify", "-c", collection, cwd=tmp_path).code == 0
    rows = Counter(row["url"] for row in wirecopy("export", "jsonl", "-c", collection, cwd=tmp_path).rows)
    assert {url: rows[url] for url in published if rows[url] != 1} == {}
    with capsys.disabled():
        print(
            f"\n{len(published)} articles of {SOURCES} sources, each archived and read once; {asked} asked for; "
            f"killed {dict(killed)}; the last process was gone {watch.longest_orphan:.1f} s after its daemon"
        )
