"""What is asked for: each page once, the best first, within bounds, with what every listing said of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from archive.model import Capture, Discovery
from archive.scope import Scope
from archive.urls import canonical
from crawler.discovery.bounds import Bounds
from crawler.discovery.candidates import Candidate
from crawler.spiders.survey import Frontier, Survey

SITE = "https://news.example"


class Counts(Counter[str]):
    def add(self, name: str, number: int) -> None:
        self[name] += number


class Known:
    """A memory of pages by key, with the time of their newest capture."""

    def __init__(self, pages: dict[str, int]) -> None:
        self._pages = pages

    def known(self, keys: list[str]) -> dict[str, int]:
        return {key: self._pages[key] for key in keys if key in self._pages}

    def page(self, key: str) -> Capture | None:
        return capture_of(key) if key in self._pages else None

    def due(self, hosts: Iterable[str], limit: int) -> list[Capture]:
        return []

    def earlier(self, capture: Capture) -> None:
        return None

    def discovery(self, capture: Capture) -> Discovery:
        return Discovery(via="then")


def capture_of(key: str) -> Capture:
    return Capture(
        id=key,
        url=f"https:{key}",
        date=datetime(2026, 3, 1, tzinfo=UTC),
        status=200,
        mime="text/html",
        digest=None,
        file="",
        offset=0,
        length=0,
    )


def survey(max_pages: int = 100, known: tuple[str, ...] = ()) -> tuple[Survey, Counts]:
    counts = Counts()
    memory = Known(dict.fromkeys((canonical(SITE + path) for path in known), 0))
    frontier = Frontier(max_pages=max_pages, memory=memory, count=counts.add)
    return Survey(frontier), counts


def candidates(*paths: str) -> list[Candidate]:
    return [Candidate(url=SITE + path) for path in paths]


def released(one: Survey) -> list[str]:
    return [found.candidate.url.removeprefix(SITE) for found in one.release()]


def test_an_article_at_many_urls_is_asked_for_once_under_the_first() -> None:
    one, counts = survey()
    one.add("feed", candidates("/a?utm_source=rss", "/a/", "/a#top", "/b"), via=None, hops="")
    one.add("section", candidates("/a", "/c"), via=None, hops="")
    assert released(one) == ["/a?utm_source=rss", "/b", "/c"]
    one.add("sitemap", candidates("/a", "/d"), via=None, hops="")
    assert released(one) == ["/d"]
    assert counts["found"] == counts["queued"] == 4


def test_what_was_archived_before_is_left_out_and_counted() -> None:
    one, counts = survey(known=("/a",))
    one.add("feed", candidates("/a", "/b"), via=None, hops="")
    one.add("section", candidates("/a"), via=None, hops="")
    assert released(one) == ["/b"]
    assert (counts["found"], counts["known"]) == (2, 1)


def test_gaps_are_filled_from_other_listings_whichever_comes_first() -> None:
    for order in ((0, 1), (1, 0)):
        one, _ = survey()
        adds = [
            lambda one=one: one.add(
                "feed", [Candidate(url=SITE + "/a", published="2024-02-03", authors=("Ada",))], via="feed", hops=""
            ),
            lambda one=one: one.add(
                "section",
                [Candidate(url=SITE + "/a", title="From the front page", authors=("x",))],
                via="home",
                hops="",
            ),
        ]
        for number in order:
            adds[number]()
        (found,) = one.release()
        assert found.discovery.listing == "feed"
        assert (found.discovery.via, found.discovery.hops) == ("feed", "L")
        assert found.discovery.published == "2024-02-03"
        assert found.discovery.authors == ("Ada",)
        assert found.discovery.title == "From the front page"


def test_a_budget_goes_to_what_is_new_then_to_the_front_page_then_to_the_rest() -> None:
    one, counts = survey(max_pages=4)
    dated = [
        Candidate(url=SITE + "/old", lastmod="2019-01-01"),
        Candidate(url=SITE + "/new", lastmod="2024-01-01T10:00:00+00:00"),
        Candidate(url=SITE + "/undated"),
    ]
    one.add("sitemap", dated, via=None, hops="")
    one.add("section", candidates("/front"), via=None, hops="")
    one.add("feed", candidates("/feed-1", "/feed-2"), via=None, hops="")
    assert released(one) == ["/feed-1", "/feed-2", "/front", "/new"]
    assert counts["over_budget"] == 2


def test_listings_have_a_quarter_of_the_budget_and_stop_when_there_is_enough() -> None:
    one, _ = survey(max_pages=8)
    assert [one.ask(f"{SITE}/list/{n}") for n in range(3)] == [True, True, False]
    two, _ = survey(max_pages=8)
    two.add("feed", candidates(*(f"/{n}" for n in range(8))), via=None, hops="")
    assert not two.ask(SITE + "/list")


def test_no_bound() -> None:
    one, _ = survey(max_pages=0)
    one.add("feed", candidates(*(f"/{n}" for n in range(5000))), via=None, hops="")
    assert all(one.ask(f"{SITE}/list/{n}") for n in range(100))
    assert len(one.release()) == 5000


def test_a_listing_is_asked_for_once_and_waited_for() -> None:
    one, _ = survey()
    assert one.complete
    assert one.ask(SITE + "/feed.xml")
    assert not one.ask(SITE + "/feed.xml?utm_source=x")
    assert not one.complete
    one.answered()
    assert one.complete


def test_out_of_scope_is_counted_once_a_page() -> None:
    one, counts = survey()
    one.scope = Scope.of(SITE, "host")
    for _ in range(3):
        one.add("section", [Candidate(url="https://other.example/a"), *candidates("/a")], via=None, hops="")
    assert released(one) == ["/a"]
    assert counts["out_of_scope"] == 1


def test_what_is_new_is_new_to_its_kind_of_listing() -> None:
    one, _ = survey()
    assert one.add("feed", candidates("/a", "/b"), via=None, hops="") == 2
    assert one.add("section", candidates("/a"), via=None, hops="") == 1  # a page of a list that a feed repeats goes on
    assert one.add("section", candidates("/a"), via=None, hops="") == 0


def test_sources_of_one_crawl_have_budgets_of_their_own_and_all_else_together() -> None:
    counted: list[str] = []
    crawl = Frontier(max_pages=0, memory=None, count=lambda name, number: None)
    crawl.bounds, crawl.obeys = Bounds(links=7), "wirecopy"
    one, other = (crawl.beside(max_pages=2, count=lambda name, number: counted.append(name)) for _ in range(2))
    assert (one.bounds, one.obeys) == (Bounds(links=7), "wirecopy")
    assert one.part("https://news.example/a")
    assert not other.part("https://news.example/a")
    assert (one.left, other.left) == (1, 2)
    assert counted == ["queued"]
