"""Outlets of every kind, crawled again after articles came out, changed, moved and went: only that is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from archive import Collection
from archive.urls import canonical
from tests.commands import wirecopy
from tests.newsroom import Newsroom
from tests.newsroom.log import Served
from tests.newsroom.outlets import OPTIONS, OUTLETS, Outlets
from tests.newsroom.world import Article

EVENTS = {"edited": "edited", "gone": "deleted", "missing": "deleted", "moved": "moved"}
UNTOLD = {
    *product(("loadmore", "sections"), EVENTS),
    *product(("damaged",), ("gone", "missing", "moved")),
    *product(("sitemapindex",), ("edited", "moved")),
    *product(("drupal",), ("gone", "moved")),
    ("squarespace", "gone"),
    *product(("urllist", "parts", "twins"), ("edited",)),
}
"""Changes that no listing of the outlet tells of: of texts where lists give no date or title, and at a list's ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    outlets: Outlets
    changes: dict[tuple[str, str], Article]
    second: list[tuple[str, Served]]
    third: list[tuple[str, Served]]
    collection: Path

    def keys(self, name: str, change: str) -> set[str]:
        """Every address at which the article shows."""
        return addresses(self.outlets[name], self.changes[name, change])


def addresses(newsroom: Newsroom, article: Article) -> set[str]:
    """Canonical keys, also of how the damaged feed has it."""
    paths = (*newsroom.site.forms(article), *newsroom.site.further(article), f"{article.path}?a=1")
    return {canonical(newsroom.url + path) for path in paths}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    directory = tmp_path_factory.mktemp("again")
    with Outlets(articles=9) as outlets:

        def crawl(*options: str) -> list[tuple[str, Served]]:
            before = len(outlets.log)
            ran = wirecopy("crawl", *outlets.urls, "-c", "news", *OPTIONS, *options, cwd=directory)
            assert ran.code == 0, ran.err
            return outlets.log[before:]

        crawl()
        changes = dict[tuple[str, str], Article]()
        for name, newsroom in outlets:
            edited, gone, missing, moved = newsroom.articles[1:9:2]
            text = ("Harbour pilots said on Monday that they had not been asked.", *edited.paragraphs)
            stem, dot, suffix = moved.path.rstrip("/").partition(".")
            there = f"{stem}-moved{dot}{suffix}{'/' if moved.path.endswith('/') else ''}"
            newsroom.delete(gone, 410)
            newsroom.delete(missing, 404)
            changes |= {
                (name, "new"): newsroom.publish(),
                (name, "edited"): newsroom.edit(edited, title="A headline that was written anew", paragraphs=text),
                (name, "gone"): gone,
                (name, "missing"): missing,
                (name, "moved"): moved,
                (name, "there"): newsroom.move(moved, there),
            }
        second = crawl()
        now = datetime.now(UTC)
        ages = {int((now - changes[untold].published).total_seconds()) for untold in UNTOLD}
        third = crawl("--set", f"WIRECOPY_SECOND_LOOKS={' '.join(f'{age}s' for age in ages)}")
        yield Told(outlets=outlets, changes=changes, second=second, third=third, collection=directory / "news")


def status(served: Served) -> int:
    return int(served.sent.split(b" ", 2)[1])


def pages(told: Told, asked: list[tuple[str, Served]]) -> dict[str, int]:
    """Of these the articles' pages by key."""
    every = set[str]().union(
        *(addresses(newsroom, article) for _, newsroom in told.outlets for article in newsroom.articles),
        *(told.keys(*change) for change in told.changes),
    )
    return {key: status(served) for url, served in asked if (key := canonical(url)) in every}


def test_what_changed_is_asked_for_and_no_other_article(told: Told) -> None:
    asked = pages(told, told.second)
    may = {change: told.keys(*change) for change in told.changes}
    assert not asked.keys() - set().union(*may.values())
    quiet = {change for change, keys in may.items() if not keys & asked.keys()}
    assert quiet == UNTOLD
    assert max(Counter(url for url, _ in told.second).values()) == 1


def test_what_no_listing_tells_of_is_found_when_it_is_due(told: Told) -> None:
    asked = pages(told, told.third)
    assert all(told.keys(*change) & asked.keys() for change in UNTOLD)
    due = {told.changes[change].published.astimezone(UTC) for change in UNTOLD}
    changed = set[str]().union(*(told.keys(*change) for change in UNTOLD))
    for name, newsroom in told.outlets:
        for article in newsroom.articles:
            keys = addresses(newsroom, article) & asked.keys()
            if not keys & changed and article.published.astimezone(UTC) not in due:
                assert not keys, f"{name}: neither changed nor due"
    assert max(Counter(url for url, _ in told.third).values()) == 1


def test_each_change_is_recorded_as_what_it_is_and_nothing_else(told: Told) -> None:
    changed = set[str]()
    with Collection.open(told.collection) as news:
        by_key = {canonical(article.url): article.article_id for article in news.articles()}
        for name, change in told.changes:
            wanted = ["first", EVENTS[change]] if change in EVENTS else ["first"]
            kept = told.keys(name, change) & by_key.keys()
            assert kept, f"{name}, {change}"
            happened = [news.events(by_key[key]) for key in kept]
            told_so = [events[-1] for events in happened if [event.kind for event in events] == wanted]
            assert told_so, f"{name}, {change}: {happened}"
            if change == "moved":
                assert told_so[0].target in told.keys(name, "there"), name
            if change == "edited":
                assert told_so[0].change is not None
                assert {"title", "text"} <= {*told_so[0].change.fields}, name
                assert (told_so[0].version, told_so[0].change.weight) == (2, "substantial"), name
            changed |= kept
        others = {
            key: [event.kind for event in news.events(name)] for key, name in by_key.items() if key not in changed
        }
    assert len(others) >= 4 * len(OUTLETS)
    assert {key: kinds for key, kinds in others.items() if kinds != ["first"]} == {}


def test_listings_that_did_not_change_are_304_and_places_without_any_are_left_alone(told: Told) -> None:
    listings = [(url, served) for url, served in told.third if canonical(url) not in pages(told, told.third)]
    answers = Counter(status(served) for url, served in listings if not url.endswith("/robots.txt"))
    assert len(OUTLETS) >= 20
    assert answers[304] >= 2 * len(OUTLETS)
    assert answers[200] + answers[404] <= len(OUTLETS) // 4, [url for url, s in listings if status(s) != 304]
