"""``feed``: the articles of a feed, or of the feeds that a page declares."""

from __future__ import annotations

from crawler.spiders.base import SourceSpider

__all__ = ["FeedSpider"]


class FeedSpider(SourceSpider):
    name = "feed"
    sources = frozenset({"feeds"})
