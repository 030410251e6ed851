"""What a listing says by differing from what it was."""

from __future__ import annotations

import pytest

from crawler.discovery import page as pages
from crawler.discovery.candidates import Candidate, Listing
from crawler.discovery.changes import Changes, changed, gone, section
from crawler.discovery.page import Page

SITE = "https://news.example/"


def listing(*entries: str, faults: tuple[str, ...] = ()) -> Listing:
    """Entries such as ``a`` and ``a@2026-03-01``."""
    pages = [entry.partition("@") for entry in entries]
    candidates = tuple(Candidate(url=SITE + name, lastmod=date or None) for name, _, date in pages)
    return Listing(kind="sitemap", candidates=candidates, faults=faults)


def keys(names: list[str]) -> list[str]:
    return [f"//news.example/{name}" for name in names]


@pytest.mark.parametrize(
    ("before", "now", "wanted"),
    [
        (("a@2026-03-01", "b@2026-03-01"), ("a@2026-03-02", "b@2026-03-01"), ["a"]),
        (("a@2026-03-01T10:00:00Z",), ("a@2026-03-01T11:00:00+01:00",), []),  # the same moment in another spelling
        (("a@2026-03-02",), ("a@2026-03-01",), []),
        (("a", "b@yesterday"), ("a@2026-03-01", "b@2026-03-01"), []),
        (("a?utm_source=x@2026-03-01",), ("a@2026-03-02",), ["a"]),
    ],
)
def test_a_later_date_is_a_change(before: tuple[str, ...], now: tuple[str, ...], wanted: list[str]) -> None:
    assert changed(listing(*before), listing(*now)) == keys(wanted)


def test_another_title_is_a_change() -> None:
    before, now = (
        Listing(kind="feed", candidates=tuple(Candidate(url=SITE + name, title=title) for name, title in titles))
        for titles in ((("a", "One"), ("b", "Two"), ("c", None)), (("a", "One"), ("b", "Two, again"), ("c", "Three")))
    )
    assert changed(before, now) == keys(["b"])


def test_a_page_of_links_tells_of_what_is_gone_and_not_of_its_wording() -> None:
    def page(*names: str) -> Page:
        links = "".join(f'<h2><a href="/2026/03/01/{name}">A story of {name} and more</a></h2>' for name in names)
        read = pages.read(f"<html><body><main>{links}</main></body></html>".encode(), url=SITE)
        assert read is not None
        return read

    before = page("one-of-them", "two-of-them", "three-of-them")
    said = section(before, page("one-of-them", "three-of-them"))
    assert said == Changes(gone=tuple(keys(["2026/03/01/two-of-them"])), of=3)
    assert section(None, before) == Changes()


@pytest.mark.parametrize(
    ("before", "now", "wanted"),
    [
        (("a@2026-03-02", "b@2026-03-04"), ("c@2026-03-05", "d@2026-03-03"), ["b"]),  # none is left but dates tell
        (("a", "b", "c"), ("a", "c"), ["b"]),
        (("c", "b", "a"), ("d", "c", "b"), []),  # the newest first: the oldest rolls off the end
        (("a", "b", "c"), ("b", "c", "d"), []),  # the newest last
        (("a@2026-03-03", "b@2026-03-02", "c@2026-03-01"), ("b@2026-03-02", "c@2026-03-01"), ["a"]),
        (("c@2026-03-03", "b@2026-03-02", "a@2026-03-01"), ("d@2026-03-04", "c@2026-03-03", "b@2026-03-02"), []),
        (("a", "b"), ("x", "y"), []),  # another list altogether
        (("a", "b"), (), []),
        (("a", "b", "c"), ("a?utm_source=x", "b/", "c#top"), []),
    ],
)
def test_what_is_missing_from_among_others_is_gone(
    before: tuple[str, ...], now: tuple[str, ...], wanted: list[str]
) -> None:
    assert gone(listing(*before), listing(*now)) == keys(wanted)


def test_what_could_not_be_read_whole_says_nothing_of_what_is_missing() -> None:
    whole, part = listing("a", "b", "c"), listing("a", "c", faults=("damaged",))
    assert gone(whole, part) == gone(part, whole) == []
