"""Interrupted, repeated, side by side, rebuilt: what was archived stays, and nothing is fetched for nothing."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path
from threading import Event, Semaphore

import pytest

from tests.commands import scrapy, start, wirecopy
from tests.crawl.conftest import Crawled
from tests.newsroom import Newsroom
from tests.newsroom.answers import Page
from tests.newsroom.site import Site


def exported(collection: Path) -> set[str]:
    ran = wirecopy("export", "jsonl", "--collection", collection, cwd=collection.parent)
    assert ran.code == 0, ran.err
    return {row["url"] for row in ran.rows}


def test_a_second_crawl_fetches_no_article_again(tmp_path: Path) -> None:
    with Newsroom(articles=12) as newsroom:
        assert wirecopy("crawl", newsroom.url, "-c", "news", cwd=tmp_path).code == 0
        before = len(newsroom.log)
        added = newsroom.publish()
        assert wirecopy("crawl", newsroom.url, "-c", "news", cwd=tmp_path).code == 0
        again = [served.path for served in newsroom.log[before:]]
        paths = {article.path for article in newsroom.articles}
        assert [path for path in again if path in paths] == [added.path]


class Halting(Site):
    """A site that holds back its articles once some have gone out, until it may go on."""

    def __init__(self, url: str, articles: int, seed: int) -> None:
        super().__init__(url, articles, seed)
        self.may_go_on = Event()
        self._left = Semaphore(20)

    def page(self, path: str, query: str = "") -> Page | None:
        if self.at(path) is not None and not self._left.acquire(blocking=False):
            self.may_go_on.wait(60)
        return super().page(path, query)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_by_a_signal_and_started_again(tmp_path: Path, number: signal.Signals) -> None:
    with Newsroom(articles=40, site=Halting) as newsroom:
        assert isinstance(newsroom.site, Halting)
        process = start("crawl", newsroom.url, "-c", "news", "--set", "CONCURRENT_REQUESTS=2", cwd=tmp_path)
        paths = {article.path for article in newsroom.articles}
        newsroom.wait_for(lambda log: sum(served.path in paths for served in log) >= 19)
        process.send_signal(number)
        newsroom.site.may_go_on.set()
        _, err = process.communicate(timeout=60)
        assert process.returncode == 128 + number, err
        assert "Traceback" not in err
        first = {served.path for served in newsroom.log if served.path in paths and b" 200 " in served.sent[:20]}
        assert len(first) < len(paths), "stopped in the middle"
        assert wirecopy("verify", "-c", "news", cwd=tmp_path).code == 0
        before = len(newsroom.log)
        assert wirecopy("crawl", newsroom.url, "-c", "news", cwd=tmp_path).code == 0
        second = [served.path for served in newsroom.log[before:] if served.path in paths]
        assert set(second) == paths - first
        assert len(second) == len(set(second))
        assert exported(tmp_path / "news") == {newsroom.url + path for path in paths}
        assert wirecopy("verify", "-c", "news", cwd=tmp_path).code == 0


def test_two_crawls_into_one_collection_at_once(tmp_path: Path) -> None:
    with Newsroom(articles=12) as one, Newsroom(articles=12, seed=2) as two:
        processes = [start("crawl", site.url, "-c", "news", cwd=tmp_path) for site in (one, two)]
        for process in processes:
            _, err = process.communicate(timeout=120)
            assert process.returncode == 0, err
        wanted = {site.url + article.path for site in (one, two) for article in site.articles}
        assert exported(tmp_path / "news") == wanted
    assert wirecopy("verify", "-c", "news", cwd=tmp_path).code == 0


def test_rebuild_brings_back_the_same_rows_and_lines(crawled: Crawled, tmp_path: Path) -> None:
    collection = tmp_path / "news"
    shutil.copytree(crawled.collection, collection)
    before = wirecopy("export", "jsonl", "-c", collection, cwd=tmp_path).out
    lines = {path.name: path.read_bytes() for path in (collection / "indexes").glob("*.cdxj")}
    shutil.rmtree(collection / "indexes")
    for path in collection.glob("catalogue.sqlite*"):
        path.unlink()
    ran = wirecopy("rebuild", "-c", collection, cwd=tmp_path)
    assert ran.code == 0, ran.err
    after = wirecopy("export", "jsonl", "-c", collection, cwd=tmp_path).out
    assert sorted(after.splitlines()) == sorted(before.splitlines())
    assert {path.name: path.read_bytes() for path in (collection / "indexes").glob("*.cdxj")} == lines
    assert wirecopy("verify", "-c", collection, cwd=tmp_path).code == 0


def test_scrapy_s_own_command_does_the_same(tmp_path: Path) -> None:
    with Newsroom(articles=8) as newsroom:
        ran = scrapy("crawl", "article", "-a", f"url={newsroom.url}", "-s", f"WIRECOPY_COLLECTION={tmp_path / 'news'}")
        assert ran.code == 0, ran.err
        assert exported(tmp_path / "news") == {newsroom.url + article.path for article in newsroom.articles}


def test_a_link_that_counts_clicks_is_not_followed_to_an_archived_article(tmp_path: Path) -> None:
    with Newsroom(articles=6) as newsroom:
        article = next(a for a in newsroom.articles if newsroom.site.link(a) != newsroom.site.url(a))
        assert wirecopy("crawl", newsroom.url + article.path, "-c", "news", cwd=tmp_path).code == 0
        assert wirecopy("crawl", newsroom.url + "/feed.xml", "-c", "news", cwd=tmp_path).code == 0
        paths = [served.path for served in newsroom.log]
        assert f"/go/{article.number}" in paths
        assert paths.count(article.path) == 1


def test_one_page_and_nothing_else(tmp_path: Path) -> None:
    with Newsroom(articles=6) as newsroom:
        article = newsroom.articles[0]
        ran = wirecopy("crawl", newsroom.url + article.path, "--scope", "page", "-c", "news", "--json", cwd=tmp_path)
        assert ran.code == 0, ran.err
        assert {served.path for served in newsroom.log} == {"/robots.txt", article.path}
        assert json.loads(ran.out)["counts"]["articles"] == 1
