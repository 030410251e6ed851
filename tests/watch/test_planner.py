"""What the planner does when things change under it: an edited file, a crawl that died, two sources of one site."""

from __future__ import annotations

from dataclasses import replace

from crawler.sources.source import Budget, Every, Source
from crawler.watch.batches import batches
from crawler.watch.budget import bounds, day_of, left, tomorrow
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


def test_a_crawl_keeps_to_what_is_left_of_the_day_and_to_its_own_bounds() -> None:
    whole = Budget(pages=100, bytes=1_000_000, seconds=3600.0)
    own = {"WIRECOPY_MAX_BYTES": "500 kB", "CLOSESPIDER_TIMEOUT": "60"}
    tag = replace(source("a", "example.org"), per_day=whole, settings=own)
    rest = left(tag, Budget(pages=99, bytes=800_000, seconds=3599.9))
    assert rest is not None
    assert bounds(tag, rest) == [
        *("--set", "CLOSESPIDER_PAGECOUNT=1"),
        *("--set", "WIRECOPY_MAX_BYTES=200000"),
        *("--set", "CLOSESPIDER_TIMEOUT=1"),  # 0 would be no bound
    ]
    assert bounds(tag, whole)[3] == "WIRECOPY_MAX_BYTES=500000"
    assert left(tag, Budget(pages=100)) is None
    assert left(tag, Budget(bytes=1_000_001)) is None
    assert day_of(tomorrow(NOW)) == day_of(NOW) + 1


def test_sources_with_bounds_of_their_own_are_crawled_alone() -> None:
    plain = [source(name, f"{name}.example") for name in "abc"]
    bounded = replace(source("d", "d.example"), per_day=Budget(pages=1))
    timed = replace(source("e", "e.example"), settings={"CLOSESPIDER_TIMEOUT": "60"})
    assert [[one.id for one in batch] for batch in batches([bounded, *plain, timed], 10, 5)] == [
        ["d"],
        ["a", "b", "c"],
        ["e"],
    ]
