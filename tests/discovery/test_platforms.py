"""Platforms are told by what their pages and headers say; their listings are asked on by their own parameters."""

from __future__ import annotations

import json

import pytest

from crawler.discovery import classify, page, platforms, sitemaps

URL = "https://news.example/blog/"


def read(head: str) -> page.Page:
    found = page.read(f"<!doctype html><html><head>{head}</head><body>x</body></html>".encode(), url=URL)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("head", "headers", "name"),
    [
        ("<meta name='Generator' content='WordPress 6.8.1'>", {}, "wordpress"),
        ("<link rel='https://api.w.org/' href='/wp-json/'>", {}, "wordpress"),
        ("", {"link": '<https://news.example/wp-json/>; rel="https://api.w.org/"'}, "wordpress"),
        ("<script src='/wp-includes/js/jquery.js'></script>", {}, "wordpress"),
        ("<meta name='generator' content='Ghost 5.8'>", {}, "ghost"),
        ("<link rel='preconnect' href='https://substackcdn.com'>", {}, "substack"),
        ("<meta property='al:android:package' content='com.medium.reader'>", {}, "medium"),
        ("<meta content='blogger' name='generator'>", {}, "blogger"),
        ("<meta name='Generator' content='Drupal 10 (https://www.drupal.org)'>", {}, "drupal"),
        ("", {"x-generator": "Drupal 7 (http://drupal.org)"}, "drupal"),
        ("<script src='https://static1.squarespace.com/static/a.js'></script>", {}, "squarespace"),
        ("", {"x-wix-request-id": "1"}, "wix"),
        ("<meta name='generator' content='Joomla! - Open Source Content Management'>", {}, "joomla"),
        ("<meta name='generator' content='Hugo 0.139'>", {}, "hugo"),
        ("<meta name='generator' content='Courier 3'><script src='/a.js'></script>", {"server": "x"}, None),
        ("<meta name='description' content='We write about WordPress and Drupal'>", {}, None),
    ],
)
def test_told_by(head: str, headers: dict[str, str], name: str | None) -> None:
    found = platforms.of(read(head), headers)
    assert (found.name if found else None) == name


@pytest.mark.parametrize("platform", platforms.PLATFORMS, ids=lambda platform: platform.name)
def test_each_has_listings_at_addresses_of_the_site(platform: platforms.Platform) -> None:
    names = platform.feeds + platform.sitemaps + platform.sections
    assert names
    assert all(url.startswith("https://news.example/") for url in platforms.at(URL, names))


def test_a_listing_of_the_section_at_hand() -> None:
    assert platforms.at(URL, ("{path}?format=json", "/feed{path}")) == (
        "https://news.example/blog?format=json",
        "https://news.example/feed/blog",
    )
    assert platforms.at("https://news.example/", ("{path}?format=json",)) == ("https://news.example/?format=json",)


@pytest.mark.parametrize(
    ("url", "count", "onward"),
    [
        ("https://n.example/wp-json/wp/v2/posts?per_page=100&page=1", 100, "?per_page=100&page=2"),
        ("https://n.example/wp-json/wp/v2/posts?page=9", 3, "?page=10"),
        ("https://n.example/feed/?paged=1", 10, "?paged=2"),
        ("https://n.example/api/v1/archive?sort=new&limit=50&offset=0", 50, "?sort=new&limit=50&offset=50"),
        (
            "https://n.example/feeds/posts/default?max-results=150&start-index=151",
            150,
            "?max-results=150&start-index=301",
        ),
        ("https://n.example/feeds/posts/default?max-results=150&start-index=1", 0, None),
        ("https://n.example/feeds/posts/default?start-index=x", 10, None),
        ("https://n.example/feed.xml?page=1", 10, None),
    ],
)
def test_where_a_listing_goes_on(url: str, count: int, onward: str | None) -> None:
    assert platforms.following(url, count) == (onward and url.partition("?")[0] + onward)


def test_posts_of_wordpress() -> None:
    posts = [
        {
            "link": "https://news.example/a-story/",
            "title": {"rendered": "A story &#8211; of the <em>sea</em>"},
            "date_gmt": "2024-02-03T10:15:00",
            "modified_gmt": "2024-02-04T10:15:00",
        }
    ]
    listing = classify.listing(json.dumps(posts).encode(), url="https://news.example/wp-json/wp/v2/posts")
    assert listing is not None
    (candidate,) = listing.candidates
    assert (listing.kind, candidate.url) == ("feed", "https://news.example/a-story/")
    assert candidate.title == "A story \u2013 of the sea"
    assert candidate.published == "2024-02-03T10:15:00+00:00"
    assert candidate.lastmod == "2024-02-04T10:15:00+00:00"


def test_posts_of_substack_and_squarespace() -> None:
    substack = [
        {
            "canonical_url": "https://x.substack.com/p/sea",
            "title": "Sea",
            "post_date": "2024-02-03T10:15:00.123Z",
            "publishedBylines": [{"name": "Ada Lind"}],
        }
    ]
    listing = classify.listing(json.dumps(substack).encode(), url="https://x.substack.com/api/v1/archive?offset=0")
    assert listing is not None
    assert listing.candidates[0].authors == ("Ada Lind",)
    assert listing.candidates[0].published is not None
    squarespace = {
        "website": {"siteTitle": "News", "baseUrl": "https://news.example"},
        "items": [
            {"fullUrl": "/blog/sea", "title": "Sea", "publishOn": 1706955300123, "author": {"displayName": "Ada"}}
        ],
        "pagination": {"nextPage": True, "nextPageUrl": "/blog?offset=1706955300123"},
    }
    listing = classify.listing(json.dumps(squarespace).encode(), url="https://news.example/blog?format=json")
    assert listing is not None
    assert listing.candidates[0].url == "https://news.example/blog/sea"
    assert listing.candidates[0].published == "2024-02-03T10:15:00+00:00"
    assert listing.pages == ("https://news.example/blog?offset=1706955300123&format=json",)


@pytest.mark.parametrize(
    ("data", "found", "onward"),
    [
        (
            {"stories": [{"url": "/2024/02/03/sea-one", "headline": "H"}], "next": "/api?p=2"},
            ["/2024/02/03/sea-one"],
            True,
        ),
        (
            {"data": {"html": "<h2><a href='/2024/02/03/by-the-sea'>By the sea</a></h2>"}},
            ["/2024/02/03/by-the-sea"],
            False,
        ),
        (
            [{"link": "/2024/02/03/sea-two", "title": "T"}, {"link": "/tag/sea", "title": "Sea"}],
            ["/2024/02/03/sea-two"],
            False,
        ),
    ],
)
def test_what_a_button_loads(data: object, found: list[str], onward: bool) -> None:
    listing = classify.listing(json.dumps(data).encode(), url="https://news.example/api?p=1", loaded=True)
    assert listing is not None
    assert listing.kind == "section", "not vouched for"
    assert [candidate.url.removeprefix("https://news.example") for candidate in listing.candidates] == found
    assert bool(listing.pages) is onward


@pytest.mark.parametrize("data", [{"user": {"url": "/u/1"}}, [1, 2], {"images": [{"url": "/1.jpg", "width": 3}]}, []])
def test_other_json_is_no_list(data: object) -> None:
    assert classify.listing(json.dumps(data).encode(), url=URL) is None


@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("sitemap-posts.xml", False),
        ("sitemap-tags.xml", True),
        ("post_tag-sitemap2.xml", True),
        ("wp-sitemap-users-1.xml", True),
        ("wp-sitemap-posts-post-1.xml", False),
        ("category-sitemap.xml", True),
        ("images.xml.gz", True),
        ("heritage-2024.xml", False),
        ("authority.xml", False),
    ],
)
def test_sitemaps_of_what_is_no_article(name: str, beside: bool) -> None:
    assert sitemaps.is_beside(f"https://news.example/tags/{name}") is beside
