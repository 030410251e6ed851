"""What a daemon that runs for years meets: a crawl that hangs, a machine asleep, clocks set, disks that refuse."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

import pytest

from archive.collection import Collection
from crawler.sources.source import Adaptive, Cron, Every, Schedule, Source
from crawler.watch import children
from crawler.watch.daemon import Daemon, Options
from crawler.watch.planner import Planner
from tests.commands import wirecopy
from tests.newsroom import Newsroom
from tests.watch.test_daemon import SOURCE, processes, responses

NOW = 1_800_000_000.0
HOUR = 3600.0
SCHEDULES: dict[str, Schedule] = {"every": Every(900.0), "cron": Cron("*/15 * * * *"), "adaptive": Adaptive(most=HOUR)}


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    (tmp_path / "news").mkdir()
    return tmp_path / "news/sources.toml"


def test_a_crawl_that_hangs_is_killed_and_nothing_is_lost(sources: Path) -> None:
    collection = sources.parent
    with Newsroom(articles=6) as newsroom:
        sources.write_text("format = 1\n" + SOURCE.format(number=0, url=newsroom.url))
        Collection.create(collection)
        said: list[str] = []

        async def crawl(hung: float) -> children.Ended:
            return await children.crawl(collection, ["n0"], hung=hung, say=said.append, stop=asyncio.Event())

        async def hang() -> children.Ended:
            task = asyncio.create_task(crawl(15))
            await asyncio.to_thread(newsroom.wait_for, lambda log: len(log) > 2)
            os.kill(processes(collection)[0], signal.SIGSTOP)
            return await task

        ended = asyncio.run(hang())
        assert (ended.hung, ended.code, ended.results) == (True, -signal.SIGKILL, ())
        assert said == ["n0: no sign of life for 15 s: killed"]
        assert processes(collection) == []
        ended = asyncio.run(crawl(60))
        assert ended.code == 0, ended.said
    kept = responses(collection)
    assert {article.path: kept[newsroom.url + article.path] for article in newsroom.articles} == {
        article.path: 1 for article in newsroom.articles
    }


def looks(planner: Planner, start: float, seconds: float) -> dict[str, int]:
    """Crawls of each, by a daemon that looks every ten seconds."""
    found = dict.fromkeys(SCHEDULES, 0)
    now = start
    while now < start + seconds:
        for source in planner.due(now, most=10):
            planner.started(source.id, now)
            planner.ended(source.id, now, answered=True, published=())
            found[source.id] += 1
        now += 10
    return found


def awake() -> Planner:
    sources = [
        Source(id=name, name=name, url=f"https://{name}.example/", schedule=schedule)
        for name, schedule in SCHEDULES.items()
    ]
    planner = Planner(sources, {}, NOW)
    assert all(looks(planner, NOW, 2 * HOUR).values())
    return planner


def test_a_machine_that_slept_makes_up_for_a_night_with_one_crawl_each() -> None:
    planner = awake()
    assert looks(planner, NOW + 11 * HOUR, 20) == dict.fromkeys(SCHEDULES, 1)


@pytest.mark.parametrize("back", [120.0, 3 * HOUR, 20 * HOUR, 400 * 24 * HOUR])
def test_a_clock_set_back_makes_no_source_wait_longer_than_its_schedule(back: float) -> None:
    planner = awake()
    found = looks(planner, NOW + 2 * HOUR - back, 2 * HOUR)
    assert 6 <= found["every"] <= 9
    assert found["adaptive"] >= 1
    # By up to a day, what cron's moments brought already they do not bring again.
    assert found["cron"] == 0 if 2 * HOUR < back < 24 * HOUR else found["cron"] >= 7


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder where not even root can make a file")
def test_where_nothing_can_be_written_the_daemon_stops_and_says_why(sources: Path, tmp_path: Path) -> None:
    Collection.create(sources.parent)
    (sources.parent / "archive").rmdir()
    (sources.parent / "archive").symlink_to("/proc/sys/kernel")
    with Newsroom(articles=1) as newsroom:
        sources.write_text("format = 1\n" + SOURCE.format(number=0, url=newsroom.url))
        once = wirecopy("daemon", "--once", "-c", "news", cwd=tmp_path)
        assert once.code == 5
        assert "archive" in once.err
        assert "Traceback" not in once.err
        said: list[str] = []
        daemon = Daemon(sources.parent, sources, Options(pause=0.1), lambda text, **_: said.append(text))
        asyncio.run(daemon.run())
        assert daemon.refusals == 3
        assert any(line.startswith("stopping: 3 times in a row nothing could be written: ") for line in said), said


def test_a_disk_that_is_nearly_full_is_left_alone(sources: Path, tmp_path: Path) -> None:
    with Newsroom(articles=1) as newsroom:
        sources.write_text("format = 1\n" + SOURCE.format(number=0, url=newsroom.url))
        ran = wirecopy("daemon", "--once", "-c", "news", "--set", "WIRECOPY_RESERVE=999 TB", cwd=tmp_path)
        assert ran.code == 5
        assert re.search(r"no crawls: .* left on the disk, and 999.0 TB are to stay free", ran.err)
        assert newsroom.log == []
