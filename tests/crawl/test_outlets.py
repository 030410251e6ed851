"""Outlets of every kind, crawled at once: every article is found, nothing fetched twice, nothing else exported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from tests.commands import Ran, wirecopy
from tests.newsroom.outlets import OPTIONS, OUTLETS, Outlets
from tests.newsroom.outlets.verdict import Verdict, judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    outlets: Outlets
    collection: Path
    ran: Ran
    verdict: Verdict


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    directory = tmp_path_factory.mktemp("outlets")
    with Outlets(articles=9) as outlets:
        where = ("--collection", directory / "news")
        ran = wirecopy("crawl", *outlets.urls, *where, *OPTIONS, cwd=directory)
        rows = wirecopy("export", "jsonl", *where, cwd=directory).rows
        yield Crawled(outlets=outlets, collection=directory / "news", ran=ran, verdict=judge(outlets, rows))


def test_every_article_of_every_outlet_is_found_whole(crawled: Crawled) -> None:
    assert crawled.ran.code == 0, crawled.ran.err
    assert len(OUTLETS) >= 20
    assert crawled.verdict.articles == 9 * len(OUTLETS)
    assert not crawled.verdict.missing
    assert not crawled.verdict.incomplete


def test_nothing_is_fetched_twice(crawled: Crawled) -> None:
    assert not crawled.verdict.twice


def test_nothing_but_articles_is_exported(crawled: Crawled) -> None:
    assert not crawled.verdict.strange


def test_each_page_of_an_article_over_several_is_a_capture_of_its_own(crawled: Crawled) -> None:
    asked = [url for url, _ in crawled.outlets.log if url.startswith(crawled.outlets["parts"].url)]
    lines = [
        line for index in (crawled.collection / "indexes").glob("*.cdxj") for line in index.read_text().splitlines()
    ]
    kept = {json.loads(line.split(" ", 2)[2])["url"] for line in lines}
    assert set(asked) <= kept
    parts = [
        record.reader.read()
        for path in (crawled.collection / "archive").glob("*.warc.gz")
        for record in ArchiveIterator(path.open("rb"), record_types=WarcRecordType.metadata, parse_http=False)
    ]
    assert sum(b"part-of: " in part for part in parts) == 2 * 9


def test_rebuilt_it_is_the_same_and_crawled_again_it_asks_for_no_article(crawled: Crawled) -> None:
    where = ("--collection", crawled.collection)
    directory = crawled.collection.parent
    before = wirecopy("export", "jsonl", *where, cwd=directory).out
    assert wirecopy("rebuild", *where, cwd=directory).code == 0
    assert sorted(wirecopy("export", "jsonl", *where, cwd=directory).out.splitlines()) == sorted(before.splitlines())
    assert wirecopy("verify", *where, cwd=directory).code == 0
    asked = len(crawled.outlets.log)
    ran = wirecopy("crawl", *crawled.outlets.urls, *where, *OPTIONS, cwd=directory)
    assert ran.code == 0, ran.err
    pages = {
        newsroom.url + form
        for _, newsroom in crawled.outlets
        for article in newsroom.articles
        for form in (*newsroom.site.forms(article), *newsroom.site.further(article))
    }
    assert not [url for url, _ in crawled.outlets.log[asked:] if url in pages]
