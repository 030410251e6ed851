"""A crawl over every hostile site at once: it ends, other hosts do not notice, and each case comes out as it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from archive import Article, Collection
from tests.hostile.case import Case
from tests.hostile.rig import Outcome, Rig
from tests.hostile.site import stories
from tests.hostile.sites import CASES

MEMORY = 500_000_000
HELD = 1.0
"""Seconds of CPU time for which no input may hold the event loop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    rig: Rig
    outcome: Outcome
    feed: dict[str, Article]
    """Articles of the text feed, by URL."""
    all: dict[str, Article]
    """All articles, those with labels that keep them out of the feed included."""


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with Rig(CASES.values()) as rig:
        outcome = rig.crawl(tmp_path_factory.mktemp("hostile"))
        with Collection.open(outcome.collection) as news:
            feed = {article.url: article for article in news.articles()}
        yield World(rig=rig, outcome=outcome, feed=feed, all=feed)


def test_the_crawl_ends_by_itself_and_says_what_failed(world: World) -> None:
    assert world.outcome.report["reason"] == "finished"
    assert world.outcome.code == 1
    assert "Traceback" not in world.outcome.err


def test_memory_stays_below_500_mb(world: World) -> None:
    assert world.outcome.memory < MEMORY


def test_nothing_holds_the_event_loop(world: World) -> None:
    assert world.outcome.held < HELD, world.outcome.held_by


def test_healthy_hosts_are_archived_whole(world: World) -> None:
    for newsroom in world.rig.healthy:
        missing = [one.path for one in newsroom.articles if newsroom.url + one.path not in world.feed]
        assert not missing, newsroom.url


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_case(case: Case, world: World) -> None:
    rig, report = world.rig, world.outcome.report
    host = rig.host(case.name)
    kept = world.outcome.records[host]
    served = rig.served(case.name)
    assert len(served) <= case.most, "the site kept the crawl busy"
    if case.record is not None:
        records = [one for one in kept if one.url == rig.url(case.name, case.record.path)]
        assert records, "archived as it came"
        assert (case.record.status, case.record.truncated) in {(one.status, one.truncated) for one in records}
    fed = {url for url in world.feed if url.split("/")[2].endswith(host)}
    own = {f"{case.scheme}://{host}{one.path}" for one in stories(host)[:3]}
    assert fed & own == (own if case.stories else set())
    assert len(fed - own) <= case.junk, fed - own
    if case.limit is not None:
        assert [one for one in report["held_back"] if one["host"].endswith(host) and one["limit"] == case.limit]
    else:
        assert not [one for one in report["held_back"] if one["host"].endswith(host)]
    failures = [one["why"] for one in report["failures"] if one["url"].split("/")[2].endswith(host)]
    if case.failure is not None:
        assert [why for why in failures if case.failure in why], failures
    else:
        assert not failures
