"""The pages that are no articles: home, sections with paging, tags, authors, and what every site has besides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from tests.newsroom.templates import shell
from tests.newsroom.world import NAME, SECTIONS, Article

__all__ = ["PER_PAGE", "STATIC", "home", "listing", "odd_index"]

PER_PAGE = 10
_REL_NEXT = ("politics", "science", "sport")
"""Sections that say rel=next; the others have plain numbered links."""


def _teasers(articles: Iterable[Article]) -> str:
    return "\n".join(
        f'<li class="teaser"><a href="{article.path}"><img src="{article.image}" alt="">'
        f"<h3>{escape(article.title)}</h3></a><p>{escape(article.description)}</p></li>"
        for article in articles
    )


def home(articles: Sequence[Article]) -> bytes:
    feeds = (
        '<link rel="alternate" type="application/rss+xml" title="All news" href="/feed.xml">'
        '<link rel="alternate" type="application/atom+xml" title="All news (Atom)" href="/feed.atom">'
        '<link rel="alternate" type="application/feed+json" title="All news (JSON)" href="/feed.json">'
    )
    blocks = "".join(
        f'<section><h2><a href="/{name}/">{name.title()}</a></h2>'
        f"<ul>{_teasers([a for a in articles if a.section == name][:4])}</ul></section>"
        for name in SECTIONS
    )
    main = f"""<main><h1>{NAME}</h1><ul class="top">{_teasers(articles[:3])}</ul>{blocks}
<aside class="most-read"><h2>Most read</h2><ol><li><a href="/2019/the-bridge-that-was.html">The bridge that was</a></li>
<li><a href="/2018/a-letter-withdrawn.html">A letter withdrawn</a></li></ol></aside></main>"""
    return shell(NAME, feeds, main).encode()


def listing(title: str, path: str, articles: Sequence[Article], page: int) -> bytes | None:
    """Page `page` (from 1) of a list that lives at `path`; None beyond its end."""
    pages = max(1, -(-len(articles) // PER_PAGE))
    if not 1 <= page <= pages:
        return None
    address = [path, *(f"{path}page/{number}/" for number in range(2, pages + 1))]
    head = paging = ""
    if path.strip("/") in _REL_NEXT:
        if page < pages:
            head = f'<link rel="next" href="{address[page]}">'
            paging = f'<a class="next" rel="next" href="{address[page]}">Older stories</a>'
    elif pages > 1:
        shown = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
        paging = " ".join(f'<a href="{address[number - 1]}">{number}</a>' for number in shown)
    start = (page - 1) * PER_PAGE
    main = f"""<main><h1>{escape(title)}</h1><ul class="stories">{_teasers(articles[start : start + PER_PAGE])}</ul>
<nav class="pagination">{paging}</nav></main>"""
    return shell(f"{title} | {NAME}", head, main).encode()


def _plain(title: str, main: str) -> bytes:
    return shell(f"{title} | {NAME}", "", f"<main><h1>{title}</h1>{main}</main>").encode()


STATIC = {
    "/about": _plain(
        "About us",
        "<p>The Courier has told the coast what happens on it since 1874. <a href='/go/office'>Where we are</a>.</p>",
    ),
    "/contact": _plain("Contact", "<p>Harbour Street 1. <a href='mailto:desk@courier.example'>Write to us</a>.</p>"),
    "/login": _plain(
        "Sign in",
        '<form method="post" action="/login"><input name="user"><input name="password" type="password">'
        "<button>Sign in</button></form><p>No account yet? <a href='/login?register=1'>Register</a>.</p>",
    ),
    "/video/": _plain(
        "Video",
        '<video controls poster="/images/2.png"><source src="/assets/harbour.mp4" type="video/mp4"></video>'
        "<p>The harbour at dawn, in forty seconds.</p>",
    ),
    "/search": _plain("Search", '<form action="/search"><input name="q"><button>Search</button></form>'),
    "/private/drafts.html": _plain("Drafts", "<p>Whoever reads this has not read robots.txt.</p>"),
}


def odd_index(names: Iterable[str]) -> bytes:
    items = "".join(f'<li><a href="/odd/{name}">{name}</a></li>' for name in names)
    return _plain("Odd responses", f"<ul>{items}</ul>")
