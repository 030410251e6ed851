"""A simulated month of watching: the daemon's own planner beside a poll every 15 minutes, and beside an oracle.

found    articles found within 20 minutes of coming out, of all that came out (outages included)
looks    crawls of a source, as a share of what a poll every 15 minutes takes

Exits with 1 when a bar is missed: 95 % found in time, with at most a third of the looks; no source starved, none
crawled twice at once, and no host either; dead sources cost next to nothing; the silent and the broken are reported,
and only they; those that moved are named with their new address.
"""

from __future__ import annotations

import argparse
import sys
import time
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from benchmarks.schedule.world import DAY, FEED, HOUR, START, Outlet, world
from crawler.sources.source import Source
from crawler.watch.health import Health
from crawler.watch.planner import Planner

FRESH = 20 * 60.0
FIXED = 15 * 60.0
_CRAWL = 10.0
"""Seconds a crawl takes."""
_TICK = 10.0
"""Seconds between two looks at what is due."""
_AT_ONCE = 50


@dataclass(slots=True)
class Result:
    looks: dict[str, int] = field(default_factory=dict)
    in_vain: dict[str, int] = field(default_factory=dict)
    """Looks at the dead."""
    last: dict[str, float] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)
    lost: int = 0
    """Articles that left the feed before anybody looked."""
    longest: float = 0.0
    """Seconds between two looks at a source that answered, at most."""
    overlaps: int = 0
    warned: dict[str, Health] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    """Where the addresses of sources are said to have moved to."""


def simulate(outlets: list[Outlet], days: int) -> Result:
    """The month, event by event, by the planner that the daemon has."""
    sources = [Source(id=one.name, name=one.name, url=one.url) for one in outlets]
    real = {one.name: one for one in outlets}
    planner, result = Planner(sources, {}, START), Result()
    found: dict[str, float] = {one.name: START - 7 * DAY for one in outlets}
    running: dict[str, float] = {}
    now = START
    failures: dict[str, int] = {}
    while now < START + days * DAY:
        for name in [name for name, end in running.items() if end <= now]:
            del running[name]
            outlet = real[name]
            if not outlet.answers(now):
                failures[name] = failures.get(name, 0) + 1
                planner.ended(name, now, answered=False, published=())
                continue
            failures[name] = 0
            feed = outlet.feed(now)
            new = [at for at in feed if at > found[name]]
            if new:
                before = bisect_right(outlet.articles, max(found[name], START))
                result.lost += max(0, bisect_left(outlet.articles, new[0]) - before)
                result.delays += [now - at for at in new if at >= START]
                found[name] = new[-1]
            moved = outlet.leads(now)
            flooded = len(new) == FEED
            planner.ended(name, now, answered=True, published=new, flooded=flooded, listed=len(feed), moved=moved)
            result.moved |= moved
        for source in planner.due(now, most=_AT_ONCE):
            name = source.id
            at_work = [_host(result.moved.get(real[other].url, real[other].url)) for other in running]
            result.overlaps += name in running or _host(result.moved.get(source.url, source.url)) in at_work
            gap = now - result.last.get(name, START)
            if real[name].answers(now) and not failures.get(name):
                result.longest = max(result.longest, gap)
            result.last[name] = now
            result.looks[name] = result.looks.get(name, 0) + 1
            if real[name].fate == "dead" and now >= real[name].ends:
                result.in_vain[name] = result.in_vain.get(name, 0) + 1
            planner.started(name, now)
            running[name] = now + _CRAWL
        now = max(now + _TICK, min([planner.next_at(), *running.values()]))
    for name in real:
        if (health := planner.health(name, now)) is not Health.WELL:
            result.warned[name] = health
    return result


def _host(url: str) -> str:
    return url.split("/")[2]


def fixed(outlets: list[Outlet], days: int) -> tuple[int, float]:
    """Looks, and share found in time, of a poll every 15 minutes of each, whatever it does."""
    looks, late, articles = 0, 0, 0
    for number, outlet in enumerate(outlets):
        first = START + number / len(outlets) * FIXED
        polls = [first + step * FIXED for step in range(int(days * DAY / FIXED))]
        looks += len(polls)
        good = [at for at in polls if outlet.answers(at)]
        for article in outlet.articles:
            if article >= START:
                articles += 1
                at = next((poll for poll in good[bisect_left(good, article) :]), float("inf"))
                late += at + _CRAWL - article > FRESH
    return looks, 1 - late / articles


def oracle(outlets: list[Outlet], days: int) -> int:
    """Looks of one who knows when articles come out, for 95 % within 20 minutes: the fullest windows first."""
    windows: list[int] = []
    for outlet in outlets:
        articles = [at for at in outlet.articles if at >= START]
        while articles:
            inside = bisect_right(articles, articles[0] + FRESH)
            windows.append(inside)
            articles = articles[inside:]
    windows.sort(reverse=True)
    wanted, had = 0.95 * sum(windows), 0
    for number, inside in enumerate(windows, 1):
        had += inside
        if had >= wanted:
            return number
    return len(windows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sources", type=int, default=300)
    parser.add_argument("--days", type=int, default=30)
    chosen = parser.parse_args()
    outlets = world(chosen.seed, sources=chosen.sources, days=chosen.days)
    began = time.process_time()
    result = simulate(outlets, chosen.days)
    spent = time.process_time() - began
    looks = sum(result.looks.values())
    usual, usually = fixed(outlets, chosen.days)
    perfect = oracle(outlets, chosen.days)
    count = sum(at >= START for outlet in outlets for at in outlet.articles)
    share = sum(delay <= FRESH for delay in result.delays) / count
    dead = [one for one in outlets if one.fate == "dead"]
    after = max(result.in_vain.values(), default=0)
    expected = {one.name: Health.SILENT for one in outlets if one.fate == "silent"}
    expected |= {one.name: Health.FAILING for one in dead}
    wrong = {name: health for name, health in result.warned.items() if expected.get(name) is not health}
    missing = {name for name in expected if result.warned.get(name) is not expected[name]}
    print(f"seed {chosen.seed}: {len(outlets)} sources, {chosen.days} days, {count} articles; {spent:.1f} s of CPU")
    print(f"  adaptive     {share:6.1%} found in 20 minutes, {looks:7} looks, {looks / usual:.3f} of fixed")
    print(f"  every 15 min {usually:6.1%} found in 20 minutes, {usual:7} looks")
    print(f"  oracle        95.0% found in 20 minutes, {perfect:7} looks, {perfect / usual:.3f} of fixed")
    print(f"  left the feed before a look: {result.lost}; crawled twice at once: {result.overlaps}")
    print(f"  longest pause of a source that answers: {result.longest / HOUR:.1f} h; looks at a dead one: {after}")
    print(f"  wrongly warned of {wrong or 'none'}, not warned of {missing or 'none'}")
    moved = {seed: target for outlet in outlets for seed, target in outlet.leads(START + chosen.days * DAY).items()}
    print(f"  moved: {len(moved)}, of which told with their new address: {len(result.moved.items() & moved.items())}")
    starved = result.longest > 7 * HOUR
    good = (
        share >= 0.95
        and looks * 3 <= usual
        and not (starved or result.overlaps or wrong or missing or result.moved != moved)
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
