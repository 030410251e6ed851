"""A disk that is really full: a small file system of its own, crawled until nothing fits, made larger, crawled on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive import Collection
from tests.newsroom import Newsroom
from tests.soak.acks import read
from tests.soak.crawls import Crawl
from tests.soak.lives import defects
from tests.soak.records import kept
from tests.waiting import wait_until

Mount = Callable[[int], Path]


def reserve(size: int) -> list[str]:
    return ["--set", f"WIRECOPY_RESERVE={size}"]


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Mount]:
    """A file system of so many kilobytes; called again, that much smaller or larger."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a file system")
    place = tmp_path / "small"
    place.mkdir()

    def mount(kilobytes: int) -> Path:
        options = f"size={kilobytes}k" + (",remount" if place.is_mount() else "")
        command = ["mount", "-t", "tmpfs", "-o", options, "none", str(place)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode and not place.is_mount():
            pytest.skip(f"cannot mount here: {done.stderr.strip()}")
        assert done.returncode == 0, done.stderr
        return place

    yield mount
    if place.is_mount():
        subprocess.run(["umount", place], check=True)


@pytest.mark.parametrize("room", [500, *(pytest.param(room, marks=pytest.mark.soak) for room in range(40, 1000, 40))])
def test_a_full_disk(room: int, mounted: Mount, tmp_path: Path) -> None:
    place = mounted(room)
    collection, acks = place / "news", tmp_path / "acks.jsonl"
    with Newsroom(articles=30) as newsroom:
        # The reserve would let it wait; here it is to run into the wall.
        code, err = Crawl(newsroom.url, collection, "--workers", "1", *reserve(0), acks=acks).finish()
        assert "Traceback" not in err
        assert code == 5, err
        assert "No space left" in err or "full" in err, err
        before = kept(collection)
        told = {f"<{identity}>" for identity in read(acks)}
        assert told <= before.keys()

        mounted(40_000)
        code, err = Crawl(newsroom.url, collection, "--workers", "1", *reserve(0)).finish()
        assert code == 0, err
        after = kept(collection)
        assert {key: before[key] for key in told}.items() <= after.items()
        lasting = {key: record for key, record in before.items() if record.type != "warcinfo"}
        assert lasting.items() <= after.items()
        assert not list(defects(collection))
        with Collection.open(collection) as opened:
            found = {article.url for article in opened.articles()}
            assert found == {newsroom.url + article.path for article in newsroom.articles}


def test_a_crawl_that_waits_for_room(mounted: Mount) -> None:
    """With a reserve the wall is never met: the crawl says that it pauses, and goes on by itself."""
    collection = mounted(2000) / "news"
    with Newsroom(articles=6) as newsroom:
        crawl = Crawl(newsroom.url, collection, "--workers", "1", *reserve(1_800_000))

        def paused() -> bool:
            return any("paused:" in log.read_text() for log in collection.glob("crawls/*/crawl.log"))

        assert wait_until(paused, timeout=30)
        served = len(newsroom.log)
        assert served < 6
        assert crawl.running
        mounted(40_000)
        code, err = crawl.finish()
        assert code == 0, err
        assert len(newsroom.log) > served
        assert not list(defects(collection))
