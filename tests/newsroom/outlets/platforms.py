"""Outlets on the platforms that many use, each with the platform's own listings; its feed alone is never enough."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Any, ClassVar

from tests.newsroom import feeds
from tests.newsroom.answers import Page
from tests.newsroom.outlets.outlet import Outlet, Query
from tests.newsroom.templates import author_path, tag_path
from tests.newsroom.world import Article, slug

__all__ = ["Blogger", "Drupal", "Ghost", "Medium", "Squarespace", "Substack", "Wix", "WordPress"]

_IN_FEED = 4


class _Platform(Outlet):
    """With a feed of the newest few."""

    generator = ""
    feed_at = ""

    def head(self) -> str:
        feed = f'<link rel="alternate" type="application/rss+xml" href="{self.feed_at}">' if self.feed_at else ""
        return (f'<meta name="generator" content="{self.generator}">' if self.generator else "") + feed

    def feed(self, query: Query) -> Page:
        return self.rss(self.articles[:_IN_FEED])

    def rss(self, chosen: Sequence[Article]) -> Page:
        return self.document(feeds.rss(chosen, self.url, self.base), "application/rss+xml")

    def json(self, data: object) -> Page:
        return self.document(json.dumps(data).encode(), "application/json; charset=utf-8")


class WordPress(_Platform):
    """Posts by its REST interface; the sitemap is switched off."""

    name = "wordpress"
    generator = "WordPress 6.8"
    feed_at = "/feed/"
    routes: ClassVar = {r"/feed/": "feed", r"/wp-json/wp/v2/posts": "posts"}

    def address(self, article: Article) -> str:
        return f"/{slug(article.title) or 'story'}-{article.number}/"

    def head(self) -> str:
        return super().head() + f'<link rel="https://api.w.org/" href="{self.base}/wp-json/">'

    def posts(self, query: Query) -> Page | None:
        size, page = min(5, int(query.get("per_page", "10"))), int(query.get("page", "1"))
        chosen = self.articles[(page - 1) * size : page * size]
        if not chosen:
            return None
        return self.json([{"link": self.url(a), "date_gmt": _utc(a), "title": {"rendered": a.title}} for a in chosen])


class Ghost(_Platform):
    """Posts in a sitemap of their own, among those of tags, authors and pages."""

    name = "ghost"
    generator = "Ghost 5.130"
    feed_at = "/rss/"
    routes: ClassVar = {
        r"/rss/": "feed",
        r"/sitemap\.xml": "index",
        r"/sitemap-(?P<what>posts|tags|authors|pages)\.xml": "part",
    }

    def address(self, article: Article) -> str:
        return f"/{slug(article.title) or f'story-{article.number}'}/"

    def index(self, query: Query) -> Page:
        parts = ("pages", "posts", "authors", "tags")
        return self.document(
            feeds.sitemap_index((f"{self.base}/sitemap-{p}.xml", self._now) for p in parts), "text/xml"
        )

    def part(self, query: Query, what: str) -> Page | None:
        parts = {
            "posts": [a.path for a in self.articles],
            "tags": sorted({tag_path(tag) for a in self.articles[:3] for tag in a.tags}),
            "authors": sorted({author_path(name) for a in self.articles[:3] for name in a.authors}),
            "pages": ["/", "/about", "/contact"],
        }
        if what not in parts:
            return None
        urls = "".join(f"<url><loc>{self.base}{path}</loc></url>" for path in parts[what])
        return self.document(f"<urlset>{urls}</urlset>".encode(), "text/xml")


class Substack(_Platform):
    """Posts by the archive's interface."""

    name = "substack"
    feed_at = "/feed"
    routes: ClassVar = {r"/feed": "feed", r"/api/v1/archive": "archive"}

    def address(self, article: Article) -> str:
        return f"/p/{slug(article.title) or f'story-{article.number}'}"

    def head(self) -> str:
        return super().head() + '<link rel="preconnect" href="https://substackcdn.com">'

    def archive(self, query: Query) -> Page:
        start, size = int(query.get("offset", "0")), min(5, int(query.get("limit", "12")))
        return self.json([_post(self, a) for a in self.articles[start : start + size]])


class Medium(_Platform):
    """The feed has the newest; older stories are in the sitemap, which is in a place of its own."""

    name = "medium"
    feed_at = "/feed"
    routes: ClassVar = {r"/feed": "feed", r"/sitemap/sitemap\.xml": "index", r"/sitemap/posts/2026/posts\.xml": "posts"}

    def address(self, article: Article) -> str:
        return f"/{slug(article.title) or 'story'}-{article.number:012x}"

    def head(self) -> str:
        return super().head() + '<meta property="al:android:package" content="com.medium.reader">'

    def index(self, query: Query) -> Page:
        return self.document(
            feeds.sitemap_index([(f"{self.base}/sitemap/posts/2026/posts.xml", self._now)]), "text/xml"
        )

    def posts(self, query: Query) -> Page:
        return self.document(feeds.sitemap(self.articles, self.url), "text/xml")


class Blogger(_Platform):
    """Posts by its feed, from wherever one asks for them."""

    name = "blogger"
    generator = "blogger"
    feed_at = "/feeds/posts/default?alt=rss"
    routes: ClassVar = {r"/feeds/posts/default": "posts"}

    def address(self, article: Article) -> str:
        return f"/{article.published:%Y/%m}/{slug(article.title) or 'story'}_{article.number}.html"

    def posts(self, query: Query) -> Page:
        start, size = int(query.get("start-index", "1")), min(6, int(query.get("max-results", "25")))
        chosen = self.articles[start - 1 : start - 1 + size]
        if query.get("alt") == "rss":
            return self.rss(self.articles[:_IN_FEED])
        return self.document(feeds.atom(chosen, self.url, self.base), "application/atom+xml")


class Drupal(_Platform):
    """Pages of the front page, counted from 0."""

    name = "drupal"
    generator = "Drupal 10 (https://www.drupal.org)"
    feed_at = "/rss.xml"
    routes: ClassVar = {r"/rss\.xml": "feed"}

    def address(self, article: Article) -> str:
        return f"/node/{article.number}"

    def home(self, query: Query) -> Page:
        page = int(query.get("page", "0"))
        last = (len(self.articles) - 1) // _IN_FEED
        links = "".join(f'<li><a href="?page={n}" title="Go to page {n + 1}">{n + 1}</a></li>' for n in range(last + 1))
        if page < last:
            links += (
                f'<li><a href="?page={page + 1}" title="Go to next page" rel="next"><span>\u203a\u203a</span></a></li>'
            )
        chosen = self.articles[page * _IN_FEED : (page + 1) * _IN_FEED]
        return self.listing(self.title, chosen, f'<nav class="pager"><ul>{links}</ul></nav>')


class Squarespace(_Platform):
    """Any collection as JSON."""

    name = "squarespace"
    routes: ClassVar = {r"/news": "news"}

    def address(self, article: Article) -> str:
        return f"/news/{slug(article.title) or f'story-{article.number}'}"

    def head(self) -> str:
        return "<!-- This is Squarespace. --><script src='https://static1.squarespace.com/static/site.js'></script>"

    def menu(self) -> str:
        return '<a href="/news">News</a> '

    def news(self, query: Query) -> Page:
        start = int(query.get("offset", "0"))
        chosen = self.articles[start : start + _IN_FEED]
        if query.get("format") != "json":
            return self.listing("News", chosen)
        data: dict[str, Any] = {
            "items": [
                {"fullUrl": a.path, "title": a.title, "publishOn": int(a.published.timestamp() * 1000)} for a in chosen
            ]
        }
        if start + _IN_FEED < len(self.articles):
            data["pagination"] = {"nextPage": True, "nextPageUrl": f"/news?offset={start + _IN_FEED}"}
        return self.json(data)


class Wix(_Platform):
    """A feed where only this platform has it, and a sitemap of posts; the pages declare neither."""

    name = "wix"
    generator = "Wix.com Website Builder"
    routes: ClassVar = {r"/blog-feed\.xml": "feed", r"/blog-posts-sitemap\.xml": "posts"}

    def address(self, article: Article) -> str:
        return f"/post/{slug(article.title) or f'story-{article.number}'}"

    def posts(self, query: Query) -> Page:
        return self.document(feeds.sitemap(self.articles, self.url), "text/xml")


def _utc(article: Article) -> str:
    """As WordPress writes it: in UTC, and without saying so."""
    moment = article.published - (article.published.utcoffset() or article.published.resolution * 0)
    return f"{moment:%Y-%m-%dT%H:%M:%S}"


def _post(outlet: Outlet, article: Article) -> dict[str, Any]:
    return {
        "canonical_url": outlet.url(article),
        "slug": article.path.rpartition("/")[2],
        "title": escape(article.title, quote=False),
        "post_date": article.published.isoformat(),
        "publishedBylines": [{"name": name} for name in article.authors],
        "audience": "everyone",
    }
