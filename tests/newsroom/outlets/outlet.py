"""What all outlets have: articles at addresses of their own, a front page that shows little, and pages of other kinds.

An outlet of a kind says in `head` what its pages declare, in `front` what its front page links to besides the newest
articles, and in `routes` what else it serves: patterns of paths, and the name of the method for each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import ClassVar
from urllib.parse import parse_qsl

from tests.newsroom.answers import Page, simple
from tests.newsroom.site import Site
from tests.newsroom.templates import TEMPLATES
from tests.newsroom.world import Article, slug

__all__ = ["Outlet", "Query"]

Query = dict[str, str]


class Outlet(Site):
    """One of the outlets; `name` is also the key by which tests find it."""

    name: ClassVar[str]
    routes: ClassVar[dict[str, str]] = {}
    """Patterns of whole paths to the names of methods, which are given the query and the pattern's groups."""
    shown: ClassVar[int] = 3
    """Articles on the front page."""

    # What kinds of outlets say differently.

    def address(self, article: Article) -> str:
        """The path of an article."""
        return f"/{article.published:%Y/%m/%d}/{slug(article.title) or 'story'}-{article.number}.html"

    def head(self) -> str:
        """What every page declares in its head."""
        return ""

    def front(self) -> str:
        """What the front page has besides its newest articles."""
        return ""

    def headers(self) -> tuple[tuple[str, str], ...]:
        return ()

    def more_of(self, article: Article, query: Query) -> Page | None:
        """What an article's address holds when it is asked with a query; None for the article."""
        return None

    # What they have in common.

    @property
    def title(self) -> str:
        return f"The {self.name.title()} Herald"

    def placed(self, article: Article) -> Article:
        return replace(article, path=self.address(article))

    def target(self, path: str, query: str) -> str:
        return f"{path}?{query}" if query else path

    def _build(self, path: str) -> Page | None:
        bare, _, query = path.partition("?")
        asked = dict(parse_qsl(query, keep_blank_values=True))
        if article := self.at(bare):
            return self.more_of(article, asked) or self.article(article)
        if bare in self._moved:
            return self._redirect(301, self._moved[bare])
        if bare in self._gone:
            return simple(self._gone[bare], "This page is no longer here")
        for pattern, method in (self.routes | _COMMON).items():
            if match := re.fullmatch(pattern, bare):
                found: Page | None = getattr(self, method)(asked, **match.groupdict())
                return found
        return None

    def article(self, article: Article, *, head: str = "", text: Sequence[str] | None = None, more: str = "") -> Page:
        """An article's page, or one with some of its text."""
        shown = article if text is None else replace(article, paragraphs=tuple(text))
        others = [other for other in self.articles if other is not article][:2]
        own_head, main = TEMPLATES[article.template](shown, self.base, others)
        body = self.shell(f"{article.title} | {self.title}", own_head + head, main + more, article)
        return Page(
            body=body.encode(article.charset, "xmlcharrefreplace"),
            type=f"text/html; charset={article.charset}",
            modified=article.updated,
            headers=self.headers(),
        )

    def shell(self, title: str, head: str, main: str, article: Article | None = None) -> str:
        language, charset = (article.language, article.charset) if article else ("en", "utf-8")
        return f"""<!doctype html><html lang="{language}"><head><meta charset="{charset}"><title>{escape(title)}</title>
{self.head()}{head}</head><body>
<header><a href="/">{self.title}</a><nav>{self.menu()}<a href="/about">About</a> <a href="/tag/harbour/">Harbour</a>
<a href="/author/ada-lind/">Ada Lind</a> <a href="/video/the-harbour-at-dawn-in-forty-seconds">Video</a>
<a href="/shop/a-mug-with-the-old-harbour-on-it">Shop</a> <a href="/login?next=/">Sign in</a></nav></header>
{main}<footer><a href="/contact">Contact</a> <a href="/privacy">Privacy</a></footer></body></html>"""

    def menu(self) -> str:
        """Links to sections, of outlets that have some."""
        return ""

    def teasers(self, articles: Sequence[Article]) -> str:
        return "".join(
            f'<li class="teaser"><a href="{escape(self.link_to(article))}"><h3>{escape(article.title)}</h3></a>'
            f"<p>{escape(article.description)}</p></li>"
            for article in articles
        )

    def link_to(self, article: Article) -> str:
        """How lists on the outlet's own pages link to an article."""
        return article.path

    def page_of(self, title: str, main: str, head: str = "") -> Page:
        body = self.shell(f"{title} | {self.title}", head, f"<main><h1>{escape(title)}</h1>{main}</main>")
        return Page(body=body.encode(), modified=self._now, headers=self.headers())

    def listing(self, title: str, articles: Sequence[Article], more: str = "", head: str = "") -> Page:
        return self.page_of(title, f"<ul>{self.teasers(articles)}</ul>{more}", head)

    def document(self, body: bytes, kind: str) -> Page:
        return Page(body=body, type=kind, modified=self._now, headers=self.headers())

    def home(self, query: Query) -> Page:
        return self.listing(self.title, self.articles[: self.shown], self.front())

    def robots(self, query: Query) -> Page:
        return self.document(b"User-agent: *\nDisallow: /search\n", "text/plain")

    def about(self, query: Query, what: str) -> Page:
        return self.page_of(what.title(), f"<p>All that {self.title} has to say on {what}.</p>")

    def login(self, query: Query) -> Page:
        return self.page_of("Sign in", '<form method="post"><input name="u"><input type="password" name="p"></form>')

    def newest(self, query: Query, what: str) -> Page:
        """Of a tag or an author: a list of what the front page shows too."""
        return self.listing(what.title(), self.articles[:2])

    def video(self, query: Query) -> Page:
        data = {"@context": "https://schema.org", "@type": "VideoObject", "name": "The harbour at dawn"}
        head = f'<meta property="og:type" content="video.other">{_script(data)}'
        return self.page_of(
            "The harbour at dawn", "<video controls src='/dawn.mp4'></video><p>Forty seconds.</p>", head
        )

    def goods(self, query: Query) -> Page:
        data = {"@context": "https://schema.org", "@type": "Product", "name": "Mug", "offers": {"price": "12.00"}}
        head = f'<meta property="og:type" content="product">{_script(data)}'
        return self.page_of("A mug with the old harbour on it", "<p>Holds tea. <b>€ 12.00</b></p>", head)


def _script(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


_COMMON = {
    r"/": "home",
    r"/robots\.txt": "robots",
    r"/(?P<what>about|contact|privacy)": "about",
    r"/login": "login",
    r"/(?:tag|author)/(?P<what>[^/]+)/": "newest",
    r"/video/[\w-]+": "video",
    r"/shop/[\w-]+": "goods",
}
