"""Whole crawls with stock Scrapy, in a process of their own, of a site served on loopback."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from archive.urls import canonical
from tests.commands import run
from tests.spiders.test_explorer import article, listing, rss, urlset

Items = list[dict[str, str]]


@dataclass
class Site:
    """What a server serves, and what it was asked for."""

    base: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            served.asked[self.path] += 1
            path = self.path.partition("?")[0]
            target = served.moved.get(path)
            body = served.pages.get(path, "").encode()
            self.send_response(301 if target else 200 if body else 404)
            if target:
                self.send_header("Location", target)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    served.base = f"http://127.0.0.1:{server.server_port}"
    head = "<link rel=alternate type=application/rss+xml href=/feed.xml>"
    served.pages = {
        "/": listing("/2024/02/03/front-page-story", "/2024/02/03/moved-story", head=head),
        "/feed.xml": rss("/2024/02/03/feed-story", "/2024/02/03/front-page-story", "/private/feed-story"),
        "/robots.txt": f"User-agent: *\nDisallow: /private/\nSitemap: {served.base}/map.xml\n",
        "/map.xml": urlset("/2024/02/03/map-story", "/2024/02/03/story-at-its-new-place"),
    }
    for path in ("front-page-story", "feed-story", "map-story", "story-at-its-new-place"):
        served.pages[f"/2024/02/03/{path}"] = article(path)
    served.moved = {"/2024/02/03/moved-story": "/2024/02/03/story-at-its-new-place"}
    yield served
    server.shutdown()
    server.server_close()


def crawl(
    name: str, settings: dict[str, Any] | None = None, **arguments: Any
) -> tuple[list[dict[str, str]], Counter[str]]:
    """Items and counts of a crawl."""
    ran = run("tests.spiders.crawling", name, json.dumps(arguments), json.dumps(settings or {}))
    assert ran.code == 0, ran.err
    assert "Traceback" not in ran.err, ran.err
    *items, last = ran.rows
    return items, Counter(last["stats"])


ARTICLES = ["feed-story", "front-page-story", "map-story", "story-at-its-new-place"]


def stories(items: Items) -> list[str]:
    return sorted(item["url"].rpartition("/")[2] for item in items if item["kind"] == "article")


def test_a_site_is_crawled_from_its_home_page(site: Site) -> None:
    items, stats = crawl("article", {"ROBOTSTXT_OBEY": True, "USER_AGENT": "wirecopy"}, url=site.base + "/")
    assert stories(items) == ARTICLES
    assert sorted(item["kind"] for item in items if item["kind"] != "article") == ["feed", "section", "sitemap"]
    assert all(count == 1 for count in site.asked.values()), site.asked
    assert "/private/feed-story" not in site.asked
    assert stats["wirecopy/kind/article"] == 4
    assert stats["wirecopy/found"] == 6


def test_a_later_crawl_asks_for_listings_and_for_what_is_new(site: Site) -> None:
    known = [canonical(f"{site.base}/2024/02/03/{name}") for name in ("feed-story", "map-story", "front-page-story")]
    items, stats = crawl("article", {"KNOWN": known}, url=[site.base])
    assert stories(items) == ["story-at-its-new-place"]
    assert {"/", "/feed.xml", "/map.xml"} < set(site.asked)
    assert stats["wirecopy/known"] == 3


def test_a_lost_listing_holds_the_articles_up_only_until_nothing_else_is_left(site: Site) -> None:
    items, _ = crawl("article", {"DROPS": "/feed.xml"}, url=site.base)
    assert stories(items) == ["front-page-story", "map-story", "story-at-its-new-place"]


def test_a_list_of_urls_from_a_file(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text(f"# mine\n{site.base}/2024/02/03/feed-story\n{site.base}/2024/02/03/map-story\n")
    items, stats = crawl("urls", {"KNOWN": [canonical(f"{site.base}/2024/02/03/map-story")]}, file=str(file))
    assert stories(items) == ["feed-story"]
    assert stats["wirecopy/known"] == 1
    assert sum(site.asked.values()) == 1


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("feed", ["feed-story", "feed-story", "front-page-story"]),
        ("sitemap", ARTICLES[2:]),
        ("section", ARTICLES[1::2]),
    ],
)
def test_the_spiders_of_one_source(site: Site, name: str, found: list[str]) -> None:
    site.pages["/private/feed-story"] = article("private")
    items, _ = crawl(name, url=site.base)
    assert stories(items) == found
