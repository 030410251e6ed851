"""The outlets are what they say they are: their pages hold the articles, and change as articles do."""

from __future__ import annotations

import pytest

from tests.newsroom.answers import Page
from tests.newsroom.outlets import OUTLETS, Outlets
from tests.newsroom.site import Site

BASE = "http://outlet.example"


def page(site: Site, url: str) -> Page:
    path, _, query = url.removeprefix(BASE).partition("?")
    found = site.page(path, query)
    assert found is not None, url
    return found


@pytest.mark.parametrize("name", OUTLETS)
def test_every_article_is_at_its_address(name: str) -> None:
    site = OUTLETS[name](BASE, 6, seed=3)
    for article in site.articles:
        text = page(site, site.url(article)).body.decode(article.charset)
        assert article.paragraphs[0].split()[0] in text
        assert article.title.split()[0] in text


@pytest.mark.parametrize("name", OUTLETS)
def test_articles_come_out_change_move_and_go(name: str) -> None:
    site = OUTLETS[name](BASE, 6, seed=3)
    added = site.publish()
    assert site.articles[0] == added
    assert page(site, site.url(added)).status == 200
    edited = site.edit(added, title="Another title altogether")
    assert b"Another title altogether" in page(site, site.url(edited)).body
    moved = site.move(edited, "/elsewhere/and-with-another-name.html")
    assert page(site, site.url(added)).status == 301
    site.delete(moved)
    assert page(site, site.url(moved)).status == 410
    assert len(site.articles) == 6


def test_each_has_a_host_of_its_own_and_a_log() -> None:
    with Outlets(["rdf", "ghost"], articles=2) as outlets:
        assert len({url.split(":")[1] for url in outlets.urls}) == 2
        assert len(outlets.articles) == 4
        assert outlets.answered() == {}
