"""A later crawl fetches what changed, and asks for listings with the validators of what it has of them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from archive import Collection
from archive.index.lookup import Index
from tests.commands import wirecopy
from tests.newsroom import Newsroom
from tests.newsroom.log import Served


def crawl(newsroom: Newsroom, where: Path, *options: str) -> list[Served]:
    """What the server was asked for by one crawl from the home page."""
    before = len(newsroom.log)
    ran = wirecopy("crawl", newsroom.url, "-c", "news", *options, cwd=where)
    assert ran.code == 0, ran.err
    return newsroom.log[before:]


def status(served: Served) -> int:
    return int(served.sent.split(b" ", 2)[1])


def test_nothing_new_costs_a_304_for_each_listing(tmp_path: Path) -> None:
    with Newsroom(articles=24) as newsroom:
        first = crawl(newsroom, tmp_path)
        for _ in range(2):
            again = [served for served in crawl(newsroom, tmp_path) if served.path != "/robots.txt"]
            assert {status(served) for served in again} == {304}
            assert not {served.path for served in again} & {article.path for article in newsroom.articles}
            assert {served.path for served in again} < {served.path for served in first}
            report = json.loads(max((tmp_path / "news/crawls").glob("*/report.json")).read_text())
            assert report["counts"]["unchanged"] == len(again)
        assert wirecopy("verify", "-c", "news", cwd=tmp_path).code == 0
        index = Index(tmp_path / "news/indexes")
        assert {capture.status for capture in index.captures(newsroom.url + "/feed.xml")} == {200}, "what pywb reads"
        unmodified = list(index.under("unmodified:"))
        index.close()
        assert len(unmodified) == 2 * len(again)


def test_each_change_is_fetched_and_nothing_else(tmp_path: Path) -> None:
    with Newsroom(articles=24) as newsroom:
        crawl(newsroom, tmp_path)
        published = newsroom.publish()
        edited = newsroom.edit(newsroom.articles[4], title="A headline that was written anew")
        deleted, withdrawn, moved = newsroom.articles[6], newsroom.articles[9], newsroom.articles[12]
        newsroom.delete(deleted, 410)
        newsroom.delete(withdrawn, 404)
        there = newsroom.move(moved, moved.path.replace(".html", "-moved.html"))
        asked = crawl(newsroom, tmp_path)
        pages = {article.path for article in newsroom.articles} | {deleted.path, withdrawn.path, moved.path}
        changes = {
            published.path: 200,
            edited.path: 200,
            deleted.path: 410,
            withdrawn.path: 404,
            moved.path: 301,
            there.path: 200,
        }
        assert {served.path: status(served) for served in asked if served.path in pages} == changes
        assert max(Counter(served.path for served in asked).values()) == 1
        with Collection.open(tmp_path / "news") as news:
            kept = {path: news.captures(newsroom.url + path)[-1] for path in changes}
            assert {path: capture.status for path, capture in kept.items()} == changes
            assert kept[moved.path].redirect == newsroom.url + there.path
            (article,) = [one for one in news.articles() if one.url == newsroom.url + edited.path]
            assert [version.title for version in news.versions(article.article_id)][1] == edited.title
        assert not {served.path for served in crawl(newsroom, tmp_path)} & pages, "known by now"


def test_what_a_budget_left_is_found_in_listings_that_did_not_change(tmp_path: Path) -> None:
    with Newsroom(articles=24) as newsroom:
        paths = {article.path for article in newsroom.articles}
        first = [served.path for served in crawl(newsroom, tmp_path, "--max-pages", "24") if served.path in paths]
        assert 0 < len(first) < len(paths)
        second = [served.path for served in crawl(newsroom, tmp_path) if served.path in paths]
        assert set(second) == paths - set(first)
