"""All outlets at once: a host each, on loopback, in one process, with what is true of them and what they served."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import Self

from tests.newsroom.log import Served
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.outlets import articles, feeds, links, maps, platforms
from tests.newsroom.site import Site
from tests.newsroom.world import Article

__all__ = ["OPTIONS", "OUTLETS", "Outlets"]

OPTIONS = ("--max-pages", "10000", "--set", "AUTOTHROTTLE_ENABLED=False", "--set", "DOWNLOAD_DELAY=0")
"""Of a crawl that need not be polite to them; 127.0.0.2 and on are not taken for this machine."""

OUTLETS: dict[str, type[Site]] = {
    "courier": Site,
    **{
        kind.name: kind
        for kind in (
            feeds.Rss091,
            feeds.Rdf,
            feeds.Rss2,
            feeds.Atom,
            feeds.JsonFeed,
            feeds.Damaged,
            maps.Sitemap,
            maps.SitemapIndex,
            maps.NewsMap,
            maps.UrlList,
            platforms.WordPress,
            platforms.Ghost,
            platforms.Substack,
            platforms.Medium,
            platforms.Blogger,
            platforms.Drupal,
            platforms.Squarespace,
            platforms.Wix,
            links.Sections,
            links.LoadMore,
            articles.Parts,
            articles.Twins,
        )
    },
}
"""The kinds of outlets by name. A host more is a line more."""


class Outlets:
    """`with Outlets() as outlets: crawl(*outlets.urls)`.

    Each is a Newsroom of its own: ``outlets["ghost"].publish()``, likewise edit, move and delete.
    """

    def __init__(self, names: Iterable[str] = tuple(OUTLETS), *, articles: int = 12) -> None:
        """`articles` on each; every outlet has its own. Hosts are 127.0.0.2 and on."""
        self._running = ExitStack()
        self._newsrooms = {
            name: Newsroom(articles=articles, seed=100 + number, host=f"127.0.0.{2 + number}", site=OUTLETS[name])
            for number, name in enumerate(names)
        }

    def __enter__(self) -> Self:
        for newsroom in self._newsrooms.values():
            self._running.enter_context(newsroom)
        return self

    def __exit__(self, *exc: object) -> None:
        self._running.close()

    def __getitem__(self, name: str) -> Newsroom:
        return self._newsrooms[name]

    def __iter__(self) -> Iterator[tuple[str, Newsroom]]:
        return iter(self._newsrooms.items())

    @property
    def urls(self) -> list[str]:
        """The front pages."""
        return [newsroom.url + "/" for newsroom in self._newsrooms.values()]

    @property
    def articles(self) -> dict[str, Article]:
        """All that is published now, by address."""
        return {
            newsroom.site.url(article): article
            for newsroom in self._newsrooms.values()
            for article in newsroom.articles
        }

    @property
    def log(self) -> list[tuple[str, Served]]:
        """Every exchange so far in order of time, with the URL that was asked for."""
        served = [
            (newsroom.url + each.request.split(b" ", 2)[1].decode(), each)
            for newsroom in self._newsrooms.values()
            for each in newsroom.log
        ]
        return sorted(served, key=lambda pair: pair[1].began)

    def answered(self) -> Counter[str]:
        """How often each page was asked for and there, all forms of an article counted as one."""
        article = {
            newsroom.url + form: newsroom.site.url(each)
            for newsroom in self._newsrooms.values()
            for each in newsroom.articles
            for form in newsroom.site.forms(each)
        }
        there = (url for url, served in self.log if served.sent.startswith((b"HTTP/1.1 2", b"HTTP/1.1 3")))
        return Counter(article.get(url, url) for url in there)
