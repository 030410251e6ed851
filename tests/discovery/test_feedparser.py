"""What feedparser, which others read feeds with, finds in a feed, is found here too; and what is not has a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urljoin

import feedparser
import pytest

from archive.urls import canonical
from crawler.discovery import classify
from tests.discovery import test_feeds as ours
from tests.newsroom import feeds as newsroom
from tests.newsroom.world import articles

URL = ours.URL

EXCEPTIONS = {
    "links-7": "the article's own address, rather than that of a proxy that counts readers",
    "damage-6": "an element that its end tag does not fit: the entry around it is given up",
    "links-to-nowhere-0": "no address: javascript:",
    "links-to-nowhere-1": "no address: mailto:",
    "links-to-nowhere-2": "no host",
    "links-to-nowhere-3": "neither http nor https",
    "links-to-nowhere-4": "longer than addresses are",
}
"""Feeds of which feedparser finds entries that are left out here, and why they are."""

TOO_MUCH = {"damage-3": "a reference beyond Unicode, at which feedparser raises"}


def _feeds() -> Iterator[tuple[str, bytes]]:
    for name in ("RSS", "ATOM", "RDF", "RSS_090", "RSS_091"):
        yield name, getattr(ours, name)
    made = (
        ("encodings", ours.test_any_encoding_and_any_declaration, lambda case: case),
        ("links", ours.test_links_however_written, lambda case: ours.rss(f"<item>{case[0]}</item>").encode()),
        (
            "links-to-nowhere",
            ours.test_links_to_nowhere_are_said_and_left_out,
            lambda case: ours.rss(f"<item><link>{case}</link></item>{ours.ITEM}").encode(),
        ),
        ("damage", ours.test_damage_costs_the_broken_entry_only, lambda case: case[0].encode()),
        (
            "entities",
            ours.test_entities_are_never_declared_fetched_or_expanded,
            lambda case: ours.rss(f"<item><title>{case[1]}</title><link>/1</link></item>", case[0]).encode(),
        ),
    )
    for name, test, feed in made:
        (mark,) = vars(test)["pytestmark"]
        for number, case in enumerate(mark.args[1]):
            yield f"{name}-{number}", feed(case)
    stories = list(islice(articles(1), 20))
    yield "newsroom.rss", newsroom.rss(stories, lambda one: one.path, "https://news.example")
    yield "newsroom.atom", newsroom.atom(stories, lambda one: one.path, "https://news.example")


FEEDS = dict(_feeds())


def theirs(data: bytes) -> set[str]:
    found = feedparser.parse(data, response_headers={"content-location": URL, "content-type": "text/xml"})
    return {urljoin(URL, re.sub(r"\s", "", entry.link)) for entry in found.entries if entry.get("link")}


@pytest.mark.parametrize("name", [name for name in FEEDS if name not in TOO_MUCH])
def test_what_feedparser_finds_is_found(name: str) -> None:
    listing = classify.listing(FEEDS[name], url=URL, content_type="text/xml")
    assert listing is not None
    found = {canonical(candidate.url) for candidate in listing.candidates}
    missing = {link for link in theirs(FEEDS[name]) if canonical(link) not in found}
    assert bool(missing) == (name in EXCEPTIONS), missing
