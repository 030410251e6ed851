"""Outlets whose articles are at several addresses: those that go on over some pages, and those that have twins."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import ClassVar

from tests.newsroom import feeds
from tests.newsroom.answers import Page
from tests.newsroom.outlets.outlet import Outlet, Query
from tests.newsroom.world import Article, slug

__all__ = ["Parts", "Twins"]

_PARTS = 3


class Parts(Outlet):
    """Articles over three pages, told of in three ways: rel=next and ``/2/``, numbers and ``?page=2``, "next page"."""

    name = "parts"
    routes: ClassVar = {r"(?P<first>/.+)/(?P<number>\d)/": "folder", r"(?P<first>/.+)-p(?P<number>\d)\.html": "file"}
    shown = 100

    def address(self, article: Article) -> str:
        name = slug(article.title) or f"a-story-without-a-name-{article.number}"
        return f"/{name}.html" if article.number % 3 == 2 else f"/{name}/"

    def further(self, article: Article) -> tuple[str, ...]:
        stem = article.path.removesuffix(".html")
        forms = (f"{stem}{{}}/", f"{stem}?page={{}}", f"{stem}-p{{}}.html")
        return tuple(forms[article.number % 3].format(number) for number in range(2, _PARTS + 1))

    def article(self, article: Article, *, number: int = 1, **kwargs: object) -> Page:
        addresses = [article.path, *self.further(article)]
        onward = addresses[number] if number < _PARTS else None
        head = more = ""
        if article.number % 3 == 0:
            head = f'<link rel="next" href="{onward}">' if onward else ""
        elif article.number % 3 == 1:
            links = " ".join(f'<a href="{where}">{n}</a>' for n, where in enumerate(addresses, 1) if n != number)
            more = f'<div class="article-pages">Page {number} of {_PARTS} {links}</div>'
        elif onward:
            more = f'<p class="turn"><a href="{onward}">Next page</a></p>'
        size = -(-len(article.paragraphs) // _PARTS)
        text = article.paragraphs[(number - 1) * size : number * size]
        shown = article if article.number % 3 == 1 else replace(article, path=addresses[number - 1])
        return super().article(shown, head=head, text=text, more=more)

    def more_of(self, article: Article, query: Query) -> Page | None:
        number = query.get("page", "")
        return self.article(article, number=int(number)) if number in ("2", "3") and article.number % 3 == 1 else None

    def folder(self, query: Query, first: str, number: str) -> Page | None:
        return self._part(f"{first}/", number, 0)

    def file(self, query: Query, first: str, number: str) -> Page | None:
        return self._part(f"{first}.html", number, 2)

    def _part(self, path: str, number: str, way: int) -> Page | None:
        article = self.at(path)
        if article is None or article.number % 3 != way or not 2 <= int(number) <= _PARTS:
            return None
        return self.article(article, number=int(number))


class Twins(Outlet):
    """Articles that are also there for telephones, readers of AMP and printers; lists link to now one, now the other.

    Of every fourth article the only address that anything names is that of its AMP page.
    """

    name = "twins"
    routes: ClassVar = {r"/amp(?P<path>/.+)": "twin", r"/m(?P<path>/.+)": "twin", r"/feed": "feed"}
    shown = 100

    def head(self) -> str:
        return '<link rel="alternate" type="application/rss+xml" href="/feed">'

    def twins(self, article: Article) -> tuple[str, str, str]:
        """Of AMP, of the mobile edition, for the printer."""
        forms = (f"/amp{article.path}", f"{article.path}?output=amp", f"{article.path}amp/")
        amp = forms[article.number % 2] if article.path.endswith("l") else forms[2]
        return amp, f"/m{article.path}", f"{article.path}?print=1"

    def forms(self, article: Article) -> tuple[str, ...]:
        return (article.path, *self.twins(article))

    def address(self, article: Article) -> str:
        name = f"{slug(article.title) or 'story'}-{article.number}"
        return f"/news/{name}/" if article.number % 3 == 0 else f"/news/{name}.html"

    def article(self, article: Article, **kwargs: object) -> Page:
        amp, mobile, printed = self.twins(article)
        head = (
            f'<link href="{self.base}{escape(amp)}" rel="amphtml">'
            f'<link rel="alternate" media="only screen and (max-width: 640px)" href="{self.base}{mobile}">'
        )
        return super().article(article, head=head, more=f'<a href="{printed}">A version for your printer</a>')

    def more_of(self, article: Article, query: Query) -> Page | None:
        return super().article(article) if query.keys() & {"output", "print"} else None

    def twin(self, query: Query, path: str) -> Page | None:
        article = self.at(path)
        if article is None and path in self._moved:
            return self._redirect(301, f"/amp{self._moved[path]}")
        return super().article(article) if article else None

    def _build(self, path: str) -> Page | None:
        article = self.at(path.removesuffix("amp/")) if path.endswith("/amp/") else None
        return super().article(article) if article else super()._build(path)

    def feed(self, query: Query) -> Page:
        """Every second article by its AMP page."""

        def link(article: Article) -> str:
            return self.base + (self.twins(article)[0] if article.number % 2 == 0 else article.path)

        return self.document(feeds.rss(self.articles, link, self.base), "application/rss+xml")

    def home(self, query: Query) -> Page:
        shown = [article for article in self.articles if article.number % 4]
        printed = "".join(
            f'<li><a href="{self.twins(a)[2]}">Print: {escape(a.title)}</a> '
            f'<a href="{self.twins(a)[1]}">On a telephone: {escape(a.title)}</a></li>'
            for a in shown
        )
        return self.listing(self.title, shown, f"<ul>{printed}</ul>")
