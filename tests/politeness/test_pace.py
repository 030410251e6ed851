"""How often, how many at once and when: measured at the server, by its own clock, however busy the machine is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from threading import Barrier

from tests.commands import Ran, wirecopy
from tests.newsroom import Newsroom
from tests.newsroom.answers import Page
from tests.newsroom.log import Served, most_at_once, pace
from tests.politeness.site import Site, article, listing, robots, simple

DELAY = 0.1
TICK = 0.001
"""What clocks may differ by, in seconds."""


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


def together(number: int, page: Page) -> Callable[[int], Page]:
    """The page, once so many have been asked for."""
    gate = Barrier(number)

    def answer(before: int) -> Page:
        gate.wait(60)
        return page

    return answer


def stories(log: list[Served]) -> list[Served]:
    """Without robots.txt, and the listings that are looked for."""
    return [served for served in log if served.path.endswith(".html")]


def test_fifty_seeds_on_five_hosts(tmp_path: Path) -> None:
    with hosts(5, pages=10) as sites:
        seeds = [f"{site.url}/{page}.html" for page in range(10) for site in sites]
        assert len(seeds) == 50
        asked_side_by_side = together(5, article(0))
        for site in sites:
            site.pages["/0.html"] = asked_side_by_side
        ran = crawl(tmp_path, *seeds, AUTOTHROTTLE_ENABLED=False)
        assert ran.code == 0, ran.err
        logs = [site.log for site in sites]
    for log in logs:
        assert len(stories(log)) == 10
        assert most_at_once(log) == 1
        assert pace(log) >= DELAY - TICK


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
    assert pace(log) >= DELAY - TICK


def test_several_at_once_where_that_is_asked_for(tmp_path: Path) -> None:
    with hosts(1, pages=9) as (site,):
        asked_together = together(3, article(0))
        site.pages |= {f"/{page}.html": asked_together for page in range(9)}
        several = {"DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 3, "AUTOTHROTTLE_ENABLED": False}
        ran = crawl(tmp_path, *(f"{site.url}/{page}.html" for page in range(9)), **several)
        assert ran.code == 0, ran.err
        assert most_at_once(site.log) == 3


def test_crawl_delay(tmp_path: Path) -> None:
    with hosts(1, pages=3) as (site,):
        site.pages["/robots.txt"] = robots("user-agent: *\ncrawl-delay: 1\n")
        site.pages["/sitemap.xml"] = listing(*(f"{site.url}/{page}.html" for page in range(3)))
        assert crawl(tmp_path, f"{site.url}/sitemap.xml").code == 0
        assert pace(site.log) >= 1 - TICK


def gap_after(log: list[Served], path: str) -> float:
    """From the end of the first answer at `path` to the beginning of the next request of any kind."""
    log = sorted(log, key=lambda served: served.began)
    return next(later.began - first.ended for first, later in pairwise(log) if first.path == path)


def test_retry_after_is_kept_to(tmp_path: Path) -> None:
    with hosts(3, pages=8) as sites:
        *busy, other = sites
        for site, status in zip(busy, (429, 503), strict=True):
            later = simple(status, "Later", ("Retry-After", "2"))
            site.pages["/3.html"] = lambda before, later=later: article(3) if before else later  # type: ignore[misc]
        seeds = [f"{site.url}/{number}.html" for number in range(8) for site in sites]
        ran = crawl(tmp_path, *seeds)
        assert ran.code == 0, ran.err
        for site in busy:
            assert gap_after(site.log, "/3.html") >= 2 - TICK, "nothing at all is asked of it until then"
            assert site.paths.count("/3.html") == 2
            assert len(stories(site.log)) == 9
            refused, resumed = sorted(served.began for served in site.log if served.path == "/3.html")
            assert any(refused < served.began < resumed for served in stories(other.log)), "others go on"


def test_one_that_asks_for_too_long_is_given_up(tmp_path: Path) -> None:
    with hosts(2, pages=4) as (busy, other):
        busy.pages["/1.html"] = simple(429, "Tomorrow", ("Retry-After", "86400"))
        seeds = [f"{site.url}/{number}.html" for number in range(4) for site in (busy, other)]
        ran = crawl(tmp_path, *seeds)
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


def test_back_off_grows_up_to_a_bound(tmp_path: Path) -> None:
    with hosts(1, pages=6) as (site,):
        for number in (2, 3):
            site.pages[f"/{number}.html"] = simple(500, "Sorry")
        seeds = [f"{site.url}/{number}.html" for number in range(6)]
        crawl(tmp_path, *seeds, AUTOTHROTTLE_MAX_DELAY=0.7)
        log = {served.path: served for served in site.log}
    assert log["/5.html"].began - log["/1.html"].ended >= 3 * 0.7 - TICK, "after two errors, and the answer after them"


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
        assert len(stories(three.log)) <= 4, "a second's worth"
        assert "host-time" in [one["limit"] for one in json.loads(ran.out)["held_back"]]


def test_a_host_that_is_slow_is_asked_more_slowly(tmp_path: Path) -> None:
    with Newsroom(articles=3, misbehave=["slow"]) as newsroom:  # a twentieth of a second before the first byte
        follow = {"AUTOTHROTTLE_TARGET_CONCURRENCY": 0.05, "AUTOTHROTTLE_MAX_DELAY": 1}
        crawl(tmp_path, f"{newsroom.url}/feed.xml", **follow)
        assert pace(served for served in newsroom.log if served.case == "slow") >= 1 - TICK
