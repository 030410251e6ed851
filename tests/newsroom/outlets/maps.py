"""Outlets whose articles are all in sitemaps, and nowhere else: one for each kind of sitemap."""

from __future__ import annotations

import gzip
from typing import ClassVar

from tests.newsroom import feeds
from tests.newsroom.answers import Page
from tests.newsroom.outlets.outlet import Outlet, Query

__all__ = ["NewsMap", "Sitemap", "SitemapIndex", "UrlList"]

_OTHERS = ("/about", "/login", "/video/the-harbour-at-dawn-in-forty-seconds", "/shop/a-mug-with-the-old-harbour-on-it")


class Sitemap(Outlet):
    """One sitemap with all pages of the site in it, gzipped and served as text; robots.txt names it."""

    name = "sitemap"
    routes: ClassVar = {r"/everything\.gz": "sitemap"}

    def robots(self, query: Query) -> Page:
        return self.document(b"User-agent: *\nDisallow:\n\nSITEMAP : /everything.gz # all\n", "text/plain")

    def sitemap(self, query: Query) -> Page:
        body = feeds.sitemap(self.articles, self.url)
        others = "".join(f"<url><loc>{self.base}{path}</loc></url>" for path in _OTHERS)
        whole = body.replace(b"</urlset>", others.encode() + b"</urlset>")
        return self.document(gzip.compress(whole, mtime=0), "text/plain")


class SitemapIndex(Outlet):
    """An index of an index of sitemaps, one a month, where sitemaps usually are."""

    name = "sitemapindex"
    routes: ClassVar = {r"/sitemap\.xml": "index", r"/maps\.xml": "maps", r"/map-(?P<part>\d)\.xml(?:\.gz)?": "part"}

    def index(self, query: Query) -> Page:
        return self.document(feeds.sitemap_index([(f"{self.base}/maps.xml", None)]), "text/html")

    def maps(self, query: Query) -> Page:
        parts = [(f"{self.base}/map-{part}.xml{'.gz' if part % 2 else ''}", self._now) for part in range(3)]
        return self.document(feeds.sitemap_index(parts), "application/xml")

    def part(self, query: Query, part: str) -> Page:
        body = feeds.sitemap(self.articles[int(part) :: 3], self.url)
        return self.document(gzip.compress(body, mtime=0) if int(part) % 2 else body, "application/octet-stream")


class NewsMap(Outlet):
    """A Google News sitemap, and nothing that says where: it is in one of the usual places."""

    name = "newsmap"
    routes: ClassVar = {r"/news-sitemap\.xml": "news"}

    def news(self, query: Query) -> Page:
        return self.document(feeds.news_sitemap(self.articles, self.url), "text/xml")


class UrlList(Outlet):
    """A list of addresses, one a line, with a byte order mark; robots.txt names it."""

    name = "urllist"
    routes: ClassVar = {r"/urls\.txt": "urls"}

    def robots(self, query: Query) -> Page:
        return self.document(f"User-agent: *\nAllow: /\nSitemap: {self.base}/urls.txt\n".encode(), "text/plain")

    def urls(self, query: Query) -> Page:
        text = "".join(f"{self.url(article)}\r\n" for article in self.articles)
        return self.document(b"\xef\xbb\xbf" + text.encode(), "text/plain; charset=utf-8")
