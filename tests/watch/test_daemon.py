"""The daemon as a user runs it, over newsrooms on loopback: what it finds, and what kill -9 leaves behind."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from tests.commands import start, wirecopy
from tests.newsroom import Newsroom

SOURCE = """
[[source]]
id = "n{number}"
name = "Newsroom {number}"
url = "{url}/"
feeds = ["{url}/feed.xml"]
delay = "0s"
schedule = {{ every = "60s" }}
"""
ALLOWED = "WIRECOPY_ALLOW_NETWORKS=127.0.0.0/8"


@pytest.fixture
def newsrooms() -> Iterator[list[Newsroom]]:
    with ExitStack() as running:
        yield [running.enter_context(Newsroom(articles=6, seed=n, host=f"127.0.0.{n}")) for n in range(2, 5)]


@pytest.fixture
def collection(tmp_path: Path, newsrooms: list[Newsroom]) -> Path:
    path = tmp_path / "news"
    assert wirecopy("sources", "list", "-c", path, cwd=tmp_path).code == 2  # no file yet, and that is said
    path.mkdir()
    text = "".join(SOURCE.format(number=n, url=newsroom.url) for n, newsroom in enumerate(newsrooms))
    (path / "sources.toml").write_text("format = 1\n" + text)
    return path


class Daemon:
    """The daemon in a process of its own, and what it says."""

    def __init__(self, collection: Path, *options: str) -> None:
        self.said: list[str] = []
        self._more = threading.Condition()
        self.process = start("daemon", "-c", collection, *options, cwd=collection.parent)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._more:
                self.said.append(line)
                self._more.notify_all()
        with self._more:
            self.said.append("(ended)")
            self._more.notify_all()

    def until(self, pattern: str, timeout: float = 60) -> None:
        with self._more:
            assert self._more.wait_for(lambda: any(re.search(pattern, line) for line in self.said), timeout), self.said


def processes(collection: Path) -> list[int]:
    """The crawls of this collection that run now, by pid."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:  # it has ended meanwhile
            continue
        if b"crawl" in words and os.fsencode(collection) in words:
            found.append(int(path.parent.name))
    return found


def responses(collection: Path) -> Counter[str]:
    kept: Counter[str] = Counter()
    for file in (collection / "archive").iterdir():
        for record in ArchiveIterator(file.open("rb"), record_types=WarcRecordType.response):
            kept[record.headers["WARC-Target-URI"]] += 1
    return kept


def test_what_is_due_is_crawled_and_status_tells(collection: Path, newsrooms: list[Newsroom], tmp_path: Path) -> None:
    ran = wirecopy("daemon", "--once", "-c", collection, cwd=tmp_path)
    assert ran.code == 0, ran.err
    rows = wirecopy("status", "--json", "-c", collection, cwd=tmp_path)
    assert rows.code == 0
    assert [(row["source"], row["health"], row["new"]) for row in rows.rows] == [(f"n{n}", "well", 6) for n in range(3)]
    # None of them is due, so there is nothing to do, and the newsrooms are left alone.
    asked = [len(newsroom.log) for newsroom in newsrooms]
    kept = responses(collection)
    with (collection / "collection.toml").open("a") as table:
        table.write('[ship]\nto = "../cold"\nkeep = "0"\n')
    again = wirecopy("daemon", "--once", "-c", collection, cwd=tmp_path)
    assert again.code == 0, again.err
    assert [len(newsroom.log) for newsroom in newsrooms] == asked
    assert "shipped" in again.err
    assert responses(tmp_path / "cold") == kept
    assert not list((collection / "archive").iterdir())
    (tmp_path / "cold").rename(tmp_path / "away")
    away = wirecopy("daemon", "--once", "-c", collection, cwd=tmp_path)
    assert (away.code, "shipping: not shipped: " in away.err, "mounted" in away.err) == (0, True, True), away.err
    (tmp_path / "away").rename(tmp_path / "cold")
    back = wirecopy("daemon", "--once", "-c", collection, cwd=tmp_path)
    assert (back.code, "recovered" in back.err) == (0, True), back.err


def test_a_killed_daemon_leaves_no_process_and_every_article_is_archived_once(
    collection: Path, newsrooms: list[Newsroom], tmp_path: Path
) -> None:
    first = Daemon(collection, "--batch", "1")
    newsrooms[0].wait_for(lambda log: len(log) > 2)
    (child, *_) = processes(collection)
    os.kill(child, signal.SIGKILL)
    first.until("the crawl ended with -9")
    newsrooms[-1].wait_for(lambda log: len(log) > 1)
    first.process.kill()
    first.process.wait(10)
    # The next one waits for nothing: the kernel has taken the children along.
    second = Daemon(collection, "--batch", "1")
    for number in range(3):
        if not any(f" n{number}: complete" in line for line in first.said):
            second.until(f" n{number}: complete")
    (collection / "sources.toml").write_text("format = 1\nnonsense = 1\n")
    second.until("nonsense.*stay as they were")
    second.process.send_signal(signal.SIGTERM)
    assert second.process.wait(60) == 143
    assert processes(collection) == []
    kept = responses(collection)
    published = [newsroom.url + article.path for newsroom in newsrooms for article in newsroom.articles]
    assert {url: kept[url] for url in published} == dict.fromkeys(published, 1)
    assert wirecopy("verify", "-c", collection, cwd=tmp_path).code == 0


class _Moved(BaseHTTPRequestHandler):
    target = ""

    def do_GET(self) -> None:
        self.send_response(404 if self.path == "/robots.txt" else 308)
        self.send_header("Location", self.target + self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_a_site_that_moved_is_followed_and_named_with_its_new_address(
    collection: Path, newsrooms: list[Newsroom], tmp_path: Path
) -> None:
    new = newsrooms[0].url
    with ThreadingHTTPServer(("127.0.0.9", 0), type("_To", (_Moved,), {"target": new})) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        old = f"http://127.0.0.9:{server.server_address[1]}"
        (collection / "sources.toml").write_text("format = 1\n" + SOURCE.format(number=0, url=old))
        ran = wirecopy("daemon", "--once", "-c", collection, "--set", ALLOWED, cwd=tmp_path)
        server.shutdown()
    assert f"n0: {old}/feed.xml has moved for good to {new}/feed.xml" in ran.err
    told = wirecopy("status", "-c", collection, cwd=tmp_path)
    assert (told.code, told.out.count("well")) == (0, 1)
    assert f"n0: {old}/feed.xml has moved for good to {new}/feed.xml; followed meanwhile\n" in told.out
    assert "moved: n0: has moved for good" in ran.err  # as an alert
    (row,) = wirecopy("status", "--json", "-c", collection, cwd=tmp_path).rows
    assert (row["new"], row["moved"]) == (6, {f"{old}/feed.xml": f"{new}/feed.xml"})
    # Once that is done, nothing is left to say.
    assert "wirecopy sources move n0\n" in told.out
    assert (
        wirecopy("sources", "move", "n0", "-c", collection, cwd=tmp_path).out
        == f"n0: {new}/feed.xml (was {old}/feed.xml)\n"
    )
    assert f'feeds = ["{new}/feed.xml"]' in (collection / "sources.toml").read_text()
    assert "moved" not in wirecopy("status", "-c", collection, cwd=tmp_path).out


def test_one_daemon_a_collection(collection: Path, tmp_path: Path) -> None:
    first = Daemon(collection)
    first.until("watching 3 sources")
    second = wirecopy("daemon", "-c", collection, cwd=tmp_path)
    assert second.code == 4
    assert "daemon" in second.err
    first.process.send_signal(signal.SIGINT)
    assert first.process.wait(60) == 130


def test_a_source_that_does_not_answer_is_no_reason_to_stop(collection: Path, tmp_path: Path) -> None:
    text = (collection / "sources.toml").read_text()
    (collection / "sources.toml").write_text(text + SOURCE.format(number=9, url="http://127.0.0.9:1"))
    assert wirecopy("daemon", "--once", "-c", collection, cwd=tmp_path).code == 0
    rows = {row["source"]: row for row in wirecopy("status", "--json", "-c", collection, cwd=tmp_path).rows}
    assert (rows["n9"]["failures"], rows["n9"]["new"]) == (1, 0)
    assert rows["n0"]["new"] == 6
