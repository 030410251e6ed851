"""Which addresses look endless, and which are the daily bread of news sites."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.traps import Experience, Limits, looks, pattern

USUAL = (
    "https://example.org/",
    "https://example.org/2026/11/11/11/a-story-of-the-day.html",
    "https://example.org/world/europe/germany/berlin/2026/11/23/a-long-name-of-a-story-12345678/",
    "https://example.org/news/world/news-of-the-world/world",
    "https://example.org/index.php?option=com_content&view=article&id=123&catid=4&Itemid=5&lang=en",
    "https://example.org/story?utm_source=a&utm_medium=b&utm_campaign=c&utm_term=d&utm_content=e&fbclid=f&id=7",
    "https://example.org/1/1/1/1",
    "https://example.org/a/1/a/1/a/1",
    "https://web.archive.org/web/20200101000000/https://example.org/news/today.html",
)
ENDLESS = {
    "https://example.org/a/b/a/b/a/b": "repetition",
    "https://example.org/news/news/news/": "repetition",
    "https://example.org/a/x/a/y/a/z/a/v/a/w": "repetition",
    "https://example.org/on/1a/2b/3c/4d/1a/2b/3c/4d/1a/2b/3c/4d": "repetition",
    "https://example.org/" + "/".join(map(str, range(17))): "depth",
    "https://example.org/?" + "&".join(f"p{n}=1" for n in range(13)): "parameters",
    "https://example.org/" + "x" * 3000: "length",
}


@pytest.mark.parametrize("url", USUAL)
def test_usual_addresses_pass(url: str) -> None:
    assert looks(url, Limits()) is None


@pytest.mark.parametrize("url", ENDLESS)
def test_endless_ones_do_not(url: str) -> None:
    assert looks(url, Limits()) == ENDLESS[url]


def test_a_limit_of_0_is_none() -> None:
    off = Limits(length=0, depth=0, parameters=0, hosts=0, same=0, sets=0)
    experience = Experience(off)
    for url in ENDLESS:
        assert looks(url, off) is None
        assert experience.objection(url) is None
        assert not experience.answered(url)


@pytest.mark.parametrize(
    ("url", "shared"),
    [
        ("https://example.org/2026/11/23/what-the-day-brought.html", "example.org/0/0/0/*.html"),
        ("https://example.org/p/3f2504e0-4f89-11d3-9a0c-0305e82c3301", "example.org/p/0"),
        ("https://example.org/list?page=2&q=x", "example.org/list?page&q"),
    ],
)
def test_a_pattern_is_what_addresses_share(url: str, shared: str) -> None:
    assert pattern(url) == shared


def test_addresses_made_to_keep_a_pattern_matcher_busy_take_no_time_either() -> None:
    segments = ["xy" * 60, *("xy" * 60 + str(n) for n in range(13)), "xy" * 60]
    began = time.process_time()
    assert looks("https://example.org/" + "/".join(segments), Limits()) is None
    assert looks("https://example.org/a/a/" + "x" * 2000, Limits()) is None
    assert time.process_time() - began < 2


@given(st.text(st.sampled_from("a0f-_/.?&=%é;:@"), max_size=4000))
def test_no_address_takes_long(text: str) -> None:
    url = f"https://example.org/{text}"
    began = time.process_time()
    looks(url, Limits(length=0))
    pattern(url)
    assert time.process_time() - began < 2


def _tell(experience: Experience, url: str, mark: int) -> None:
    if experience.answered(url):
        experience.told(url, mark)


def test_a_pattern_of_one_page_is_given_up() -> None:
    experience = Experience(Limits(same=10))
    for n in range(10):
        assert experience.objection(f"https://example.org/page/{n}") is None
        _tell(experience, f"https://example.org/page/{n}", mark=min(2, n))
    assert experience.objection("https://example.org/page/77") is None, "seven of ten are not enough"
    for n in range(10, 20):
        _tell(experience, f"https://example.org/page/{n}", mark=2)
    assert experience.objection("https://example.org/page/77") == "same-page"
    assert experience.objection("https://example.org/story/77") is None


def test_a_site_that_was_whole_for_long_is_not_given_up_for_a_bad_hour() -> None:
    experience = Experience(Limits(same=10))
    for n in range(400):
        _tell(experience, f"https://example.org/page/{n}", mark=n)
    for n in range(100):
        _tell(experience, f"https://example.org/page/{n}", mark=-1)
    assert experience.objection("https://example.org/page/500") is None


def test_names_below_one_domain_are_counted_and_others_are_not() -> None:
    experience = Experience(Limits(hosts=3))
    for n in range(3):
        assert experience.objection(f"https://s{n}.example.org/") is None
    assert experience.objection("https://s3.example.org/") == "hosts"
    assert experience.objection("https://s1.example.org/again") is None, "one that was let pass still is"
    assert experience.objection("https://example.net/") is None
