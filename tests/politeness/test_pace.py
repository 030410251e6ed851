"""How often, how many at once and when: measured at the server, by its own clock."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest

from tests.commands import Ran, wirecopy
from tests.newsroom import Newsroom
from tests.newsroom.answers import Page
from tests.newsroom.log import Served, least_gap, most_at_once
from tests.politeness.site import Site, article, listing, robots, simple

DELAY = 0.4
SLACK = 0.1
"""Seconds by which one request may be noticed later than the next, by a thread of the server's, on a busy machine."""


def given(**settings: object) -> list[str]:
    return [part for name, value in settings.items() for part in ("--set", f"{name}={value}")]


def crawl(tmp_path: Path, *seeds: str, **settings: object) -> Ran:
    usual = {"DOWNLOAD_SLOTS": "{}", "DOWNLOAD_DELAY": DELAY, "RETRY_TIMES": 0}
    start = ("crawl", *seeds, "-c", "news", "--no-extract", "--json", "--allow-network", "127.0.0.0/8")
    return wirecopy(*start, *given(**usual | settings), cwd=tmp_path)


@contextmanager
def hosts(number: int, pages: int) -> Iterator[list[Site]]:
    with ExitStack() as running:
        sites = []
        for last in range(1, number + 1):
            found: dict[str, Page | Callable[[int], Page]] = {f"/{page}.html": article(page) for page in range(pages)}
            sites.append(running.enter_context(Site(found, host=f"127.0.0.{last}")))
        yield sites


def stories(log: list[Served]) -> list[Served]:
    """Without robots.txt, and the listings that are looked for."""
    return [served for served in log if served.path.endswith(".html")]


def test_fifty_seeds_on_five_hosts(tmp_path: Path) -> None:
    with hosts(5, pages=10) as sites:
        seeds = [f"{site.url}/{page}.html" for page in range(10) for site in sites]
        assert len(seeds) == 50
        ran = crawl(tmp_path, *seeds, AUTOTHROTTLE_ENABLED=False)
        assert ran.code == 0, ran.err
        logs = [site.log for site in sites]
    for log in logs:
        assert len(stories(log)) == 10
        assert most_at_once(log) == 1
        assert least_gap(log) >= DELAY - SLACK
    began = [served.began for log in logs for served in log]
    assert max(began) - min(began) < 2 * max(map(len, logs)) * DELAY, "the hosts are asked side by side"


def test_one_host_however_it_is_spelt(tmp_path: Path) -> None:
    pages = {f"/{page}.html": article(page) for page in range(9)}
    with Site(pages) as one, Site(pages) as other:
        spellings = [f"http://127.0.0.1:{one.port}", f"http://127.1:{one.port}", f"http://2130706433:{other.port}"]
        seeds = [f"{spelt}/{page}.html" for page in range(2) for spelt in spellings]
        ran = crawl(tmp_path, *seeds, f"http://127.0.0.1:{other.port}/8.html", AUTOTHROTTLE_ENABLED=False)
        assert ran.code == 0, ran.err
        log = one.log + other.log
    assert len(stories(log)) == 7
    assert most_at_once(log) == 1
    assert least_gap(log) >= DELAY - SLACK


def test_several_at_once_where_that_is_asked_for(tmp_path: Path) -> None:
    with Newsroom(articles=18, misbehave=["slow"]) as newsroom:
        several = {"DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 3, "AUTOTHROTTLE_ENABLED": False}
        ran = crawl(tmp_path, newsroom.url, **several)
        assert ran.code == 0, ran.err
        assert most_at_once(newsroom.log) == 3


def test_crawl_delay(tmp_path: Path) -> None:
    with hosts(1, pages=3) as (site,):
        site.pages["/robots.txt"] = robots("user-agent: *\ncrawl-delay: 1\n")
        site.pages["/sitemap.xml"] = listing(*(f"{site.url}/{page}.html" for page in range(3)))
        assert crawl(tmp_path, f"{site.url}/sitemap.xml", DOWNLOAD_DELAY=0.1).code == 0
        assert least_gap(site.log) >= 1 - SLACK


def gap_after(log: list[Served], path: str) -> float:
    """From the end of the first answer at `path` to the beginning of the next request of any kind."""
    log = sorted(log, key=lambda served: served.began)
    return next(later.began - first.ended for first, later in pairwise(log) if first.path == path)


def in_seconds(seconds: int) -> str:
    return str(seconds)


def as_date(seconds: int) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(("status", "spelt"), [(429, in_seconds), (503, as_date)])
def test_retry_after_is_kept_to_the_second(tmp_path: Path, status: int, spelt: Callable[[int], str]) -> None:
    with hosts(2, pages=8) as (busy, other):
        page = busy.pages["/3.html"]
        assert isinstance(page, Page)
        busy.pages["/3.html"] = lambda before: page if before else simple(status, "Later", ("Retry-After", spelt(3)))
        seeds = [f"{site.url}/{number}.html" for number in range(8) for site in (busy, other)]
        ran = crawl(tmp_path, *seeds, DOWNLOAD_DELAY=0.1)
        assert ran.code == 0, ran.err
        assert 3 - SLACK <= gap_after(busy.log, "/3.html") < 4 + SLACK, "nothing at all is asked of it until then"
        assert busy.paths.count("/3.html") == 2
        assert len(stories(busy.log)) == 9
        resumed = sorted(served.began for served in busy.log if served.path == "/3.html")[1]
        assert max(served.ended for served in stories(other.log)) < resumed, "others go on"


def test_one_that_asks_for_too_long_is_given_up(tmp_path: Path) -> None:
    with hosts(2, pages=4) as (busy, other):
        busy.pages["/1.html"] = simple(429, "Tomorrow", ("Retry-After", "86400"))
        seeds = [f"{site.url}/{number}.html" for number in range(4) for site in (busy, other)]
        ran = crawl(tmp_path, *seeds, DOWNLOAD_DELAY=0.1)
        assert ran.code == 1, ran.err
        assert busy.paths == ["/robots.txt", "/0.html", "/1.html"]
        assert len(stories(other.log)) == 4
    report = json.loads(ran.out)
    assert [(one["limit"], one["host"]) for one in report["held_back"]] == [("wait", f"127.0.0.1:{busy.port}")]
    assert report["held_back"][0]["count"] >= 3
    (failure,) = report["failures"]
    assert failure == {"url": f"{busy.url}/1.html", "why": "asked to be left alone for 24 h"}


def test_one_that_never_stops_asking_is_given_up(tmp_path: Path) -> None:
    with hosts(1, pages=1) as (site,):
        site.pages["/0.html"] = simple(503, "Later", ("Retry-After", "0"))
        ran = crawl(tmp_path, f"{site.url}/0.html", DOWNLOAD_DELAY=0, WIRECOPY_MAX_WAIT=3)
        assert ran.code == 9, ran.err
        assert 3 <= site.paths.count("/0.html") <= 5
    assert "asked to be left alone" in json.loads(ran.out)["failures"][0]["why"]


def test_back_off_grows_and_heals(tmp_path: Path) -> None:
    with hosts(1, pages=12) as (site,):
        for number in (2, 3):
            site.pages[f"/{number}.html"] = simple(500, "Sorry")
        seeds = [f"{site.url}/{number}.html" for number in range(8)]
        crawl(tmp_path, *seeds, DOWNLOAD_DELAY=0.1, AUTOTHROTTLE_MAX_DELAY=1.6)
        began = {served.path: served.began for served in site.log}
    gaps = [began[f"/{number + 1}.html"] - began[f"/{number}.html"] for number in range(7)]
    assert gaps[2] > 1.6 - SLACK, "the second error in a row: 1 s, twice doubled, and no more than the bound"
    assert gaps[6] < 1 < gaps[3], "healed"


def test_budgets(tmp_path: Path) -> None:
    with hosts(3, pages=6) as (one, two, three):
        pages = [f"{site.url}/{number}.html" for number in range(6) for site in (one, two)]
        three.pages["/sitemap.xml"] = listing(*pages)
        ran = crawl(tmp_path, f"{three.url}/sitemap.xml", DOWNLOAD_DELAY=0, WIRECOPY_HOST_PAGES=4)
        assert ran.code == 0, ran.err
        assert [len(site.log) for site in (one, two)] == [5, 5], "robots.txt is in no budget"
        report = json.loads(ran.out)
        held = [(one["limit"], one["host"], one["count"]) for one in report["held_back"]]
        assert held == [("host-pages", site.url.removeprefix("http://"), 2) for site in (one, two)]

        pages = [f"{three.url}/{number}.html" for number in range(6)]
        ran = crawl(tmp_path, *pages, DOWNLOAD_DELAY=0.3, WIRECOPY_HOST_BYTES="900 kB", WIRECOPY_HOST_TIME="1s")
        assert 2 <= len(stories(three.log)) <= 4, "a second's worth"
        assert "host-time" in [one["limit"] for one in json.loads(ran.out)["held_back"]]


def test_a_host_that_is_slow_is_asked_more_slowly(tmp_path: Path) -> None:
    with Newsroom(articles=3, misbehave=["slow"]) as newsroom:  # each answer takes a fifth of a second
        crawl(tmp_path, f"{newsroom.url}/feed.xml", DOWNLOAD_DELAY=0.01, AUTOTHROTTLE_TARGET_CONCURRENCY=0.01)
        assert least_gap([served for served in newsroom.log if served.case == "slow"]) > 0.1
