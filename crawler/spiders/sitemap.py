"""``sitemap``: the articles of a sitemap, or of the sitemaps that a page and its site's robots.txt declare."""

from __future__ import annotations

from crawler.spiders.base import SourceSpider

__all__ = ["SitemapSpider"]


class SitemapSpider(SourceSpider):
    name = "sitemap"
    sources = frozenset({"sitemaps"})
