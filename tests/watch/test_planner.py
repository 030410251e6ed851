"""What the planner does when things change under it: an edited file, a crawl that died, two sources of one site."""

from __future__ import annotations

from crawler.sources.source import Every, Source
from crawler.watch.planner import Past, Planner

NOW = 1_800_000_000.0


def source(name: str, host: str) -> Source:
    return Source(id=name, name=name, url=f"https://{host}/", schedule=Every(900.0))


def ids(planner: Planner, now: float) -> list[str]:
    return [one.id for one in planner.due(now, most=10)]


def test_two_sources_of_one_site_are_crawled_in_turn() -> None:
    planner = Planner([source("a", "example.org"), source("b", "www.example.org")], {}, NOW)
    assert ids(planner, NOW) == ["a"]
    planner.started("a", NOW)
    assert ids(planner, NOW) == []
    planner.ended("a", NOW + 5, answered=True, published=())
    assert ids(planner, NOW + 5) == ["b"]


def test_a_source_that_is_removed_or_moved_in_mid_crawl_leaves_its_site_to_others() -> None:
    for edited in ([], [source("a", "example.net")]):
        planner = Planner([source("a", "example.org"), source("b", "example.org")], {}, NOW)
        planner.started("a", NOW)
        planner.replace([*edited, source("b", "example.org")], {}, NOW + 1)
        assert ids(planner, NOW + 1) == []  # the crawl is on that site still
        planner.ended("a", NOW + 5, answered=True, published=())
        assert ids(planner, NOW + 5) == ["b"]


def test_a_crawl_that_died_did_not_count() -> None:
    past = Past(since=NOW - 10_000, last=NOW - 1000)
    planner = Planner([source("a", "example.org")], {"a": past}, NOW)
    waits = []
    now = NOW
    for _ in range(4):
        planner.started("a", now)
        planner.put_back("a", now, died=True)
        at = planner.due_of("a")
        assert at is not None
        waits.append(at - now)
        now = at
    assert waits == [5, 10, 20, 40]
    assert planner.past("a") == past
    planner.started("a", now)
    planner.put_back("a", now, died=False)  # it was kept from its work
    assert ids(planner, now) == ["a"]
