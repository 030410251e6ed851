"""Which pages are seen again because a listing says so, and how far that is believed."""

from __future__ import annotations

from crawler.discovery.candidates import Candidate, Listing
from crawler.discovery.changes import Changes, gone
from crawler.spiders.looks import Looks
from crawler.spiders.survey import Survey
from tests.spiders.test_survey import SITE, survey

PAGES = tuple(f"/story-{number}" for number in range(40))


def again(one: Survey) -> list[str]:
    return [capture.url.removeprefix(SITE) for _, capture, _ in one.again()]


def named(lastmod: str, *paths: str) -> list[Candidate]:
    return [Candidate(url=SITE + path, lastmod=lastmod) for path in paths]


def test_a_known_page_that_changed_since_its_capture_is_seen_again() -> None:
    one, counts = survey(known=PAGES)
    one.add("sitemap", [*named("2026-03-02", PAGES[0]), *named("1969-12-31", *PAGES[1:])], via=None, hops="")
    assert one.release() == []
    assert again(one) == [PAGES[0]]
    assert again(one) == []
    assert counts["seen_again"] == 1


def test_a_date_in_days_to_come_says_nothing() -> None:
    one, _ = survey(known=PAGES)
    one.add("sitemap", named("2999-01-01", *PAGES[:3]), via=None, hops="")
    assert again(one) == []


def test_a_listing_that_calls_everything_changed_is_put_to_the_test() -> None:
    for changed, rest in ((False, 0), (True, 35)):
        one, _ = survey(max_pages=0, known=PAGES)
        one.add("sitemap", named("2026-03-02", *PAGES), via=None, hops="")
        sample = one.again()
        assert len(sample) == 5
        assert again(one) == [], "not before the sample is in"
        for key, _, _ in sample:
            one.looks.seen(key, changed=changed)
        assert len(again(one)) == rest


def test_a_page_that_another_listing_names_is_not_gone() -> None:
    one, _ = survey(known=PAGES)
    before = Listing(kind="sitemap", candidates=tuple(Candidate(url=SITE + path) for path in PAGES[:5]))
    now = Listing(kind="sitemap", candidates=tuple(c for n, c in enumerate(before.candidates) if n not in (1, 2)))
    one.add("sitemap", now.candidates, via=None, hops="")
    one.note(Changes(gone=tuple(gone(before, now)), of=5))
    one.add("feed", [Candidate(url=SITE + PAGES[2])], via=None, hops="")
    assert again(one) == [PAGES[1]]


def test_a_quarter_of_the_budget_goes_to_pages_seen_again() -> None:
    one, _ = survey(max_pages=40, known=PAGES)
    one.looks.claim([f"//news.example{path}" for path in PAGES[:20]], of=100)
    assert len(again(one)) == 10


def test_a_sample_is_drawn_once_while_it_is_out() -> None:
    looks = Looks()
    looks.claim([f"a{number}" for number in range(20)], of=20)
    sample = looks.take()
    looks.claim([f"b{number}" for number in range(20)], of=20)
    assert looks.take() == []
    for key in sample:
        looks.seen(key, changed=False)
    assert looks.take() == []
