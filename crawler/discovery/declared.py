"""Feeds and sitemaps that a site declares in its pages, and the places where they usually are. Pure."""

from __future__ import annotations

from urllib.parse import urljoin

from crawler.discovery.candidates import address
from crawler.discovery.page import Page

__all__ = ["USUAL_FEEDS", "USUAL_SITEMAPS", "feeds", "sitemaps", "usual_places"]

USUAL_SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml")
USUAL_FEEDS = ("/feed", "/rss.xml", "/feed.xml", "/atom.xml")

_FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/rss",
        "application/atom",
        "text/rss+xml",
        "text/atom+xml",
    }
)
_NOT_NEWS = ("/comments/", "comments/feed", "/feed/comments", "oembed")
_MOST = 10


def feeds(page: Page) -> tuple[str, ...]:
    """Addresses of the feeds a page names in link elements; feeds of comments and the same feed twice left out."""
    found: dict[str, None] = {}
    for link in page.tree.iter("link"):
        relations = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").lower().partition(";")[0].strip()
        if ("alternate" in relations and kind in _FEED_TYPES) or "feed" in relations:
            url = address(page.base, link.get("href"))
            if url and not any(part in url.lower() for part in _NOT_NEWS):
                found[url] = None
    return tuple(found)[:_MOST]


def sitemaps(page: Page) -> tuple[str, ...]:
    """Addresses of the sitemaps a page names in link elements."""
    links = (link for link in page.tree.iter("link") if "sitemap" in (link.get("rel") or "").lower().split())
    found = (address(page.base, link.get("href")) for link in links)
    return tuple(dict.fromkeys(url for url in found if url))[:_MOST]


def usual_places(url: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where the sitemap and the feed of the site at `url` may be, each in the order of trying."""
    return (
        tuple(urljoin(url, path) for path in USUAL_SITEMAPS),
        tuple(urljoin(url, path) for path in USUAL_FEEDS),
    )
