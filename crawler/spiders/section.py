"""``section``: the articles that a page links to, on all pages of its list and in the sections below it."""

from __future__ import annotations

from crawler.spiders.base import SourceSpider

__all__ = ["SectionSpider"]


class SectionSpider(SourceSpider):
    name = "section"
    sources = frozenset({"links"})
