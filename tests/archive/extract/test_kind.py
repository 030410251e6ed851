"""Articles told from indexes and from all else."""

from __future__ import annotations

import pytest

from archive.extract.decode import parse
from archive.extract.kind import kind_of
from archive.model import Discovery

PROSE = "".join(
    f"<p>Paragraph {number} of the report says at length what the harbour master saw that night, and what the council "
    "made of it on the morning after, when the wind had turned and the boats could leave the basin again.</p>"
    for number in range(6)
)
TEASERS = "".join(
    f'<li><a href="/news/{number}">Headline number {number} about something that happened in the town</a></li>'
    for number in range(40)
)
NEWS = '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2024-05-03"}</script>'


def kind(url: str, body: str, head: str = "", listing: str | None = None) -> str:
    hint = Discovery(listing=listing) if listing else None
    return kind_of(parse(f"<html><head>{head}</head><body>{body}</body></html>"), url, hint)


@pytest.mark.parametrize(
    ("url", "body", "head"),
    [
        ("https://example.com/a/1", PROSE, NEWS),
        ("https://example.com/2024/05/03/harbour-wall-holds-the-night", f"<h1>Wall</h1>{PROSE}", ""),
        ("https://example.com/news/harbour-wall-holds-the-night", f"{PROSE}<ul>{TEASERS}</ul>", NEWS),
        (
            "https://example.com/harbour-wall",
            f"<p class=byline>By Ann Rowe</p>{PROSE.replace('<p>', '<div>')}",
            '<meta property="og:type" content="article"><meta property="article:published_time" content="2024-05-03">',
        ),
    ],
)
def test_articles(url: str, body: str, head: str) -> None:
    assert kind(url, body, head) == "article"


@pytest.mark.parametrize(
    ("url", "body", "head"),
    [
        ("https://example.com/", f"<ul>{TEASERS}</ul>", '<meta property="og:type" content="website">'),
        ("https://example.com/", f"{PROSE}<ul>{TEASERS}</ul>", ""),
        ("https://example.com/en/", f"<ul>{TEASERS}</ul>", ""),
        ("https://example.com/weather", f"<ul>{TEASERS}</ul>", ""),
        ("https://example.com/tag/storm-and-tempest-news", f"<ul>{TEASERS}</ul>", ""),
        ("https://example.com/author/ann-rowe", f"{PROSE}<ul>{TEASERS}</ul>", ""),
        ("https://example.com/?s=harbour", f"<ul>{TEASERS}</ul>", ""),
        (
            "https://example.com/topics",
            PROSE,
            '<script type="application/ld+json">{"@type": "CollectionPage"}</script>',
        ),
    ],
)
def test_indexes(url: str, body: str, head: str) -> None:
    assert kind(url, body, head) == "index"


@pytest.mark.parametrize(
    ("url", "body", "head"),
    [
        ("https://example.com/login", "<form><input name=user></form>", ""),
        ("https://example.com/about-us", PROSE, '<meta property="og:type" content="website">'),
        ("https://example.com/privacy-policy", PROSE, ""),
        ("https://example.com/shop/mug", PROSE, '<script type="application/ld+json">{"@type": "Product"}</script>'),
        (
            "https://example.com/threads/what-to-do-about-the-harbour.12345/",
            PROSE,
            '<script type="application/ld+json">{"@type": "DiscussionForumPosting"}</script>',
        ),
    ],
)
def test_others(url: str, body: str, head: str) -> None:
    assert kind(url, body, head) == "other"


def test_the_same_words_are_an_article_in_one_column_and_none_in_cards_with_icons() -> None:
    url = "https://example.com/the-harbour-wall"
    around = "<p class=byline>By Ann Rowe</p><h1>The harbour wall holds tonight</h1>{}<figure><img></figure>"
    cards = PROSE.replace("<p>", "<div class=card><svg></svg><p>").replace("</p>", "</p></div>")
    assert kind(url, around.format(PROSE)) == "article"
    assert kind(url, around.format(cards)) == "other"


def test_what_a_feed_lists_is_an_article_as_long_as_it_has_prose() -> None:
    assert kind("https://example.com/x", PROSE) != "article"
    assert kind("https://example.com/x", PROSE, listing="feed") == "article"
    assert kind("https://example.com/wall", f"<h1>Wall</h1>{PROSE}", listing="sitemap") == "article"
    assert kind("https://example.com/", f"<ul>{TEASERS}</ul>", listing="sitemap") == "index"
