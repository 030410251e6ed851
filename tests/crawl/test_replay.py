"""A spider does not notice whether it asks a site or the archive of it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive import Collection
from tests.commands import run, wirecopy
from tests.crawl.conftest import Crawled
from tests.newsroom import Newsroom


@pytest.fixture
def crawled(crawled: Crawled, tmp_path: Path) -> Crawled:
    """A copy: crawls of the archive leave reports in it, too."""
    return replace(crawled, collection=shutil.copytree(crawled.collection, tmp_path / "crawled"))


def project(*arguments: str | Path) -> dict[str, Any]:
    ran = run("tests.crawl.foreign_project", *arguments)
    assert ran.code == 0, ran.err
    told: dict[str, Any] = json.loads(ran.out)
    return told


def test_somebody_elses_spider_sees_the_site_as_it_was_at_each_of_two_times(tmp_path: Path) -> None:
    news = tmp_path / "news"
    live, times = [], []
    with Newsroom(articles=8) as newsroom:
        path = newsroom.articles[4].path
        for _ in range(2):
            live.append(project("live", news, newsroom.url, path))
            times.append(datetime.now(UTC).isoformat())
            newsroom.edit(newsroom.articles[0], title="Something else altogether")
            newsroom.delete(newsroom.articles[2])
            if path in {article.path for article in newsroom.articles}:
                newsroom.move(next(a for a in newsroom.articles if a.path == path), "/2026/01/01/moved-here.html")
            newsroom.publish()
        url, asked = newsroom.url, len(newsroom.log)
        replayed = [project("replay", news, url, path, time, "before") for time in times]
        assert len(newsroom.log) == asked, "the site was asked"
    assert live[0]["items"] != live[1]["items"]
    assert {item["status"] for item in live[1]["items"]} == {200, 404, 410}
    assert {item["method"] for item in live[0]["items"]} == {"GET", "POST"}
    assert any(item["redirects"] for item in live[1]["items"])
    assert replayed == live


def test_the_same_items_from_the_archive(crawled: Crawled, tmp_path: Path) -> None:
    seed = crawled.newsroom.url + "/"
    asked = len(crawled.newsroom.log)
    arguments = ("crawl", seed, "-c", crawled.collection, "--from-archive", "--items", "items.jsonl")
    ran = wirecopy(*arguments, cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert len(crawled.newsroom.log) == asked, "the site was asked"
    items = [json.loads(line) for line in (tmp_path / "items.jsonl").read_text().splitlines()]
    articles = {crawled.newsroom.url + article.path for article in crawled.newsroom.articles}
    assert {item["url"] for item in items if item["kind"] == "article"} == articles
    with Collection.open(crawled.collection) as news:
        newest = {item["url"]: news.captures(item["url"])[-1].id for item in items}
    assert {item["url"]: item["capture"]["id"] for item in items} == newest
    assert "archived" not in ran.err
    assert wirecopy("verify", "-c", crawled.collection, cwd=tmp_path).code == 0


def test_what_the_archive_does_not_have_is_named_and_can_be_fetched(tmp_path: Path) -> None:
    with Newsroom(articles=6) as newsroom:
        first, *others = (newsroom.url + article.path for article in newsroom.articles)
        assert wirecopy("crawl", first, "-c", "news", "--scope", "page", cwd=tmp_path).code == 0
        asked = len(newsroom.log)
        ran = wirecopy(
            "crawl", first, *others, "-c", "news", "--from-archive", "--scope", "page", "--json", cwd=tmp_path
        )
        assert len(newsroom.log) == asked, "the site was asked"
    assert ran.code == 7
    report = json.loads(ran.out)
    assert sorted(report["misses"]) == sorted(others)
    assert report["counts"]["misses"] == len(others)
    assert report["statuses"] == {"200": report["statuses"]["200"]}, "a miss is no 404"
    assert sorted(Path(tmp_path / report["misses_file"]).read_text().split()) == sorted(others)


def test_before_the_first_capture_there_is_nothing(crawled: Crawled, tmp_path: Path) -> None:
    seed = crawled.newsroom.url + "/"
    ran = wirecopy(
        *("crawl", seed, "-c", crawled.collection, "--from-archive", "--at", "2020", "--policy", "before"), cwd=tmp_path
    )
    assert ran.code == 7
    assert seed in ran.err
    assert "Traceback" not in ran.err


def test_what_cannot_be_meant(crawled: Crawled, tmp_path: Path) -> None:
    seed = crawled.newsroom.url + "/"
    ran = wirecopy("crawl", seed, "-c", crawled.collection, "--from-archive", "--at", "soon", cwd=tmp_path)
    assert ran.code == 2
    assert "'soon' is no point in time" in ran.err
    assert wirecopy("crawl", seed, "-c", "absent", "--from-archive", cwd=tmp_path).code == 3
    assert not (tmp_path / "absent").exists()
    assert wirecopy("crawl", seed, "-c", "absent", "--at", "2026", cwd=tmp_path).code == 2
