"""``article``: from any URL to the articles behind it, by every way there is."""

from __future__ import annotations

from crawler.spiders.base import SourceSpider

__all__ = ["ArticleSpider"]


class ArticleSpider(SourceSpider):
    name = "article"
