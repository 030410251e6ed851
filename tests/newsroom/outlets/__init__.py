"""Outlets of many kinds, a host each, for crawls of all of them at once: every kind of feed, sitemap and platform.

    with Outlets() as outlets:
        crawl(*outlets.urls, *OPTIONS)
        outlets["ghost"].publish()
        outlets.articles, outlets.log, outlets.answered()

outlet       what all have: a front page that shows little, pages of other kinds
feeds, maps, platforms, links, articles    the kinds
outlets      OUTLETS, the table of them; Outlets, all of them running
"""

from tests.newsroom.outlets.outlets import OPTIONS, OUTLETS, Outlets

__all__ = ["OPTIONS", "OUTLETS", "Outlets"]
