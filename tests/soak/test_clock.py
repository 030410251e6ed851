"""The wall clock jumps back and forth while crawls run: names stay apart, dates stay dates, all is found again."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from archive import Collection
from tests.newsroom import Newsroom
from tests.soak.crawls import Crawl
from tests.soak.lives import defects
from tests.soak.progress import SEED
from tests.soak.records import kept
from tests.soak.shim import Clock, needs_shim
from tests.waiting import wait_until

pytestmark = needs_shim

_DAY = 86400


def wait_for_more(newsroom: Newsroom, crawl: Crawl, pages: int) -> None:
    wanted = len(newsroom.log) + pages
    wait_until(lambda: len(newsroom.log) >= wanted or not crawl.running, timeout=60)


@pytest.mark.parametrize("crawls", [1, pytest.param(20, marks=pytest.mark.soak)])
def test_a_clock_that_jumps(crawls: int, tmp_path: Path) -> None:
    seeded = random.Random(SEED)
    clock = Clock(tmp_path)
    collection = tmp_path / "news"
    with Newsroom(articles=16) as newsroom:
        for _ in range(crawls):
            for _ in range(8):
                newsroom.publish()
            before = kept(collection)
            crawl = Crawl(
                newsroom.url,
                collection,
                "--workers",
                "1",
                "--set",
                "WIRECOPY_ROLL_SIZE=20000",
                env=clock.environment,
            )
            for jump in (-_DAY, 0, 400 * _DAY, -3, seeded.uniform(-_DAY, _DAY)):
                wait_for_more(newsroom, crawl, 8)
                clock.set(jump)
            code, err = crawl.finish()
            assert code == 0, err
            assert before.items() <= kept(collection).items()
            assert not list(defects(collection))
        assert len(list(collection.glob("archive/*.warc.gz"))) > 2 * crawls, "files were begun at many of these times"
        with Collection.open(collection) as opened:
            assert not opened.recovered
            found = {article.url: article for article in opened.articles()}
            assert found.keys() == {newsroom.url + article.path for article in newsroom.articles}
            for url in found:
                captures = opened.captures(url)
                assert captures
                assert [one.date for one in captures] == sorted(one.date for one in captures)
