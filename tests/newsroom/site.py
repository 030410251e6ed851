"""The outlet as it stands at this moment: which path holds what, and how that changes. No sockets.

Pages are made when first asked for and kept until the world changes. Safe to use from many threads.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from threading import RLock
from typing import Any

from tests.newsroom import feeds, images, listings
from tests.newsroom.answers import Delivery, Page, simple
from tests.newsroom.templates import article_page, author_path, tag_path
from tests.newsroom.world import NEWEST, SECTIONS, Article, articles

__all__ = ["Site"]

_DELIVERIES: tuple[Delivery, ...] = ("plain", "gzip", "chunked", "deflate", "chunked+gzip", "gzip")
_CSS = b"body{font-family:serif;max-width:60rem;margin:auto}.teaser{list-style:none}nav a{margin-right:1rem}\n"
_CHARSET_IN_META_ONLY = ("windows-1252", "shift_jis")
_FEED_LENGTH = 30


class Site:
    """The articles, and every page made of them, for an outlet whose address is `base`."""

    def __init__(self, base: str, count: int = 24, seed: int = 1) -> None:
        self.base = base
        self._lock = RLock()
        self._supply = articles(seed)
        self._articles = {article.path: article for article in map(self.placed, islice(self._supply, count))}
        self._gone: dict[str, int] = {}
        self._moved: dict[str, str] = {}
        self._now = NEWEST
        self._pages: dict[str, Page | None] = {}
        self._newest: list[Article] = []

    @property
    def articles(self) -> list[Article]:
        """What is published now, the newest first."""
        with self._lock:
            if not self._newest:
                self._newest = sorted(self._articles.values(), key=lambda one: one.published, reverse=True)
            return self._newest

    def _changed(self) -> datetime:
        self._pages.clear()
        self._newest = []
        self._now += timedelta(hours=1)
        return self._now

    def publish(self, article: Article | None = None) -> Article:
        """Bring out `article`, or the next one the newsroom has, as the newest."""
        with self._lock:
            article = article or self.placed(next(self._supply))
            now = self._changed().astimezone(article.published.tzinfo)
            article = replace(article, published=now, modified=None)
            self._articles[article.path] = article
            self._gone.pop(article.path, None)
            return article

    def edit(self, article: Article, **changes: Any) -> Article:
        """Change fields of a published article; its `modified` follows."""
        with self._lock:
            now = self._changed().astimezone(article.published.tzinfo)
            edited = replace(self._articles[article.path], **{"modified": now, **changes})
            self._articles[article.path] = edited
            return edited

    def delete(self, article: Article, status: int = 410) -> None:
        with self._lock:
            self._changed()
            del self._articles[article.path]
            self._gone[article.path] = status

    def move(self, article: Article, path: str) -> Article:
        """The article lives at `path` from now on; its old address redirects there for good."""
        with self._lock:
            self._changed()
            moved = replace(self._articles.pop(article.path), path=path)
            self._articles[path] = moved
            self._moved[article.path] = path
            return moved

    def link(self, article: Article) -> str:
        """The address feeds give: of every sixth article one that counts the click and redirects."""
        return self.base + (f"/go/{article.number}?utm_source=rss" if article.number % 6 == 1 else article.path)

    def url(self, article: Article) -> str:
        return self.base + article.path

    def forms(self, article: Article) -> tuple[str, ...]:
        """The paths, queries included, of all that shows the whole article."""
        return (article.path,)

    def further(self, article: Article) -> tuple[str, ...]:
        """The paths of the pages that it goes on over after its first."""
        return ()

    def at(self, path: str) -> Article | None:
        """The article that lives at `path`."""
        return self._articles.get(path)

    def placed(self, article: Article) -> Article:
        """The article at the path that this outlet gives it."""
        return article

    def page(self, path: str, query: str = "") -> Page | None:
        """What `path` holds, or None where there is nothing."""
        target = self.target(path, query)
        with self._lock:
            if target not in self._pages:
                self._pages[target] = self._build(target)
                if self._pages[target] is None:
                    return self._pages.pop(target)  # wrong addresses are without number
            return self._pages[target]

    def target(self, path: str, query: str) -> str:
        """What tells one page from another: here the path alone, since no query makes a difference."""
        return path

    def warm(self) -> None:
        """Make every article's page now rather than when it is first asked for."""
        for article in self.articles:
            self.page(article.path)

    def _build(self, path: str) -> Page | None:
        if article := self._articles.get(path):
            return self._article(article)
        if path in self._moved:
            return self._redirect(301, self._moved[path])
        if path in self._gone:
            return simple(self._gone[path], "This page is no longer here")
        if path in listings.STATIC:
            return Page(body=listings.STATIC[path], modified=NEWEST)
        for pattern, build in _ROUTES:
            if match := re.fullmatch(pattern, path):
                return build(self, **match.groupdict())
        return None

    def _article(self, article: Article) -> Page:
        others = (other for other in self.articles if other.section == article.section and other is not article)
        named = "" if article.charset in _CHARSET_IN_META_ONLY else f"; charset={article.charset}"
        return Page(
            body=article_page(article, self.base, list(islice(others, 4))),
            type=f"text/html{named}",
            modified=article.updated,
            delivery=_DELIVERIES[article.number % len(_DELIVERIES)],
        )

    def _redirect(self, status: int, path: str) -> Page:
        return simple(status, "Moved", ("Location", self.base + path), case="redirect")

    def _home(self) -> Page:
        return Page(body=listings.home(self.articles), modified=self._now, delivery="gzip")

    def _list(self, title: str, path: str, chosen: list[Article], page: str | None) -> Page | None:
        body = listings.listing(title, path, chosen, int(page or 1)) if chosen else None
        return (body and Page(body=body, modified=self._now, delivery="chunked+gzip")) or None

    def _section(self, name: str, page: str | None) -> Page | None:
        return self._list(name.title(), f"/{name}/", [a for a in self.articles if a.section == name], page)

    def _tag(self, name: str, page: str | None) -> Page | None:
        path = f"/tag/{name}/"
        return self._list("Tagged", path, [a for a in self.articles if path in map(tag_path, a.tags)], page)

    def _author(self, name: str, page: str | None) -> Page | None:
        path = f"/author/{name}/"
        return self._list("Written by", path, [a for a in self.articles if path in map(author_path, a.authors)], page)

    def _image(self, number: str, kind: str) -> Page:
        body = images.png(int(number)) if kind == "png" else images.jpeg(int(number))
        return Page(body=body, type=f"image/{'png' if kind == 'png' else 'jpeg'}", modified=NEWEST)

    def _asset(self, name: str) -> Page | None:
        if name == "site.css":
            return Page(body=_CSS, type="text/css", modified=NEWEST, delivery="gzip")
        return None

    def _favicon(self) -> Page:
        return Page(body=images.FAVICON, type="image/x-icon", modified=NEWEST)

    def _feed(self, section: str | None = None) -> Page | None:
        chosen = [a for a in self.articles if section in (None, a.section)][:_FEED_LENGTH]
        body = feeds.rss(chosen, self.link, self.base)
        return Page(body=body, type="application/rss+xml; charset=utf-8", modified=self._now, delivery="gzip")

    def _atom(self) -> Page:
        body = feeds.atom(self.articles[:_FEED_LENGTH], self.url, self.base)
        return Page(body=body, type="application/atom+xml", modified=self._now, delivery="chunked")

    def _json_feed(self) -> Page:
        body = feeds.json_feed(self.articles[:_FEED_LENGTH], self.url, self.base)
        return Page(body=body, type="application/feed+json", modified=self._now, delivery="deflate")

    def _sitemap_name(self, section: str) -> str:
        return f"/sitemaps/{section}.xml" + (".gz" if section == "science" else "")

    def _sitemap_index(self) -> Page:
        newest = {
            section: max((a.updated for a in self.articles if a.section == section), default=None)
            for section in SECTIONS
        }
        parts = [(self.base + self._sitemap_name(section), when) for section, when in newest.items()]
        return self._xml(feeds.sitemap_index(parts))

    def _sitemap(self, section: str, packed: str | None) -> Page:
        body = feeds.sitemap([a for a in self.articles if a.section == section], self.url)
        if packed:
            return Page(body=gzip.compress(body, mtime=0), type="application/gzip", modified=self._now)
        return self._xml(body)

    def _news_sitemap(self) -> Page:
        return self._xml(feeds.news_sitemap(self.articles[:100], self.url))

    def _xml(self, body: bytes) -> Page:
        return Page(body=body, type="application/xml", modified=self._now, delivery="chunked+gzip")

    def _robots(self) -> Page:
        return Page(body=feeds.robots(self.base), type="text/plain; charset=utf-8")

    def _go(self, target: str) -> Page | None:
        """Counted clicks: /go/17 leads to /a/17, and that to where article 17 lives."""
        if target == "office":
            return self._redirect(302, "/contact")
        return self._redirect(301, f"/a/{target}") if target.isdecimal() else None

    def _short(self, number: str) -> Page | None:
        found = [article.path for article in self._articles.values() if article.number == int(number)]
        return self._redirect(308, found[0]) if found else None

    def _withdrawn(self, year: str) -> Page | None:
        return simple(410, "Withdrawn") if year == "2018" else None


_SECTION = "|".join(SECTIONS)
_PAGE = r"(?:page/(?P<page>\d{1,5})/)?"
_ROUTES: tuple[tuple[str, Callable[..., Page | None]], ...] = (
    (r"/", Site._home),
    (rf"/(?P<name>{_SECTION})/{_PAGE}", Site._section),
    (rf"/tag/(?P<name>[^/]+)/{_PAGE}", Site._tag),
    (rf"/author/(?P<name>[^/]+)/{_PAGE}", Site._author),
    (r"/images/(?P<number>\d{1,6})\.(?P<kind>png|jpg)", Site._image),
    (r"/assets/(?P<name>[^/]+)", Site._asset),
    (r"/favicon\.ico", Site._favicon),
    (rf"/(?:(?P<section>{_SECTION})/)?feed\.xml", Site._feed),
    (r"/feed\.atom", Site._atom),
    (r"/feed\.json", Site._json_feed),
    (r"/sitemap\.xml", Site._sitemap_index),
    (rf"/sitemaps/(?P<section>{_SECTION})\.xml(?P<packed>\.gz)?", Site._sitemap),
    (r"/sitemaps/news\.xml", Site._news_sitemap),
    (r"/robots\.txt", Site._robots),
    (r"/go/(?P<target>\w+)", Site._go),
    (r"/a/(?P<number>\d{1,9})", Site._short),
    (r"/(?P<year>\d{4})/[\w-]+\.html", Site._withdrawn),
)
