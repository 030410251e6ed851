"""What hostile sites are made of: honest pages to hide among, and answers in the raw."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from html import escape
from itertools import islice
from zlib import crc32

from tests.newsroom.answers import Answer, Page, Request, answer, simple
from tests.newsroom.templates import article_page
from tests.newsroom.world import Article, articles

__all__ = [
    "DECLARED",
    "STORY",
    "feed",
    "front",
    "honest",
    "html",
    "ok",
    "page",
    "raw",
    "redirect",
    "stories",
    "story",
    "teasers",
]


STORY = "/news/this-story-is-not-what-it-looks-like"
"""Where most sites have what is wrong with them."""
DECLARED = '<link rel="alternate" type="application/rss+xml" href="/own.xml">'
"""A feed of the site's own, or else the crawl would look for one in all the usual places."""


@cache
def stories(host: str) -> tuple[Article, ...]:
    """The stories of a site: others than those of any other site, though some of the paths may be the same."""
    english = (one for one in articles(crc32(host.encode())) if one.language == "en")
    return tuple(islice(english, 12))


def html(title: str, body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head><title>{escape(title)}</title>{head}</head><body>{body}</body></html>".encode()


def titled(path: str) -> str:
    """The wording of a link as front pages have it: long enough to be a headline."""
    return f"What the harbour makes of {path.strip('/').replace('/', ' ') or 'it'} today"


def front(host: str, links: Iterable[str] = (), head: str = "") -> bytes:
    """A front page: three stories, then what else it is to lead to."""
    own = "".join(_teaser(one.path, one.title) for one in stories(host)[:3])
    return html("The Quay Gazette", f"<main>{own}{teasers(links)}</main>", head)


def teasers(paths: Iterable[str]) -> str:
    """Links as front pages have them: headlines."""
    return "".join(_teaser(path, titled(path)) for path in paths)


def _teaser(path: str, title: str) -> str:
    return f'<article class="teaser"><h2><a href="{escape(path)}">{escape(title)}</a></h2></article>\n'


def story(request: Request, number: int = 3, head: str = "") -> bytes:
    """The page of one of the site's further stories, with prose enough to be an article."""
    host = request.headers["host"]
    text = article_page(stories(host)[number], f"http://{host}", [])
    return text.replace(b"</head>", head.encode() + b"</head>", 1)


def page(body: bytes, request: Request, kind: str = "text/html; charset=utf-8") -> Answer:
    """A page as a well-behaved server sends it."""
    return answer(Page(body=body, type=kind), request, datetime.now(UTC))


def feed(items: Iterable[tuple[str, str]], request: Request, head: str = "") -> Answer:
    """An RSS feed of titles and links."""
    entries = "".join(
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link></item>" for title, link in items
    )
    body = f"<rss version='2.0'><channel>{head}{entries}</channel></rss>"
    return page(body.encode(), request, "application/rss+xml")


def ok(body: bytes, *headers: bytes, kind: bytes = b"text/html") -> Answer:
    """The plainest of answers."""
    return raw(b"HTTP/1.1 200 OK", b"Content-Type: " + kind, b"Content-Length: %d" % len(body), *headers, body=body)


def raw(*lines: bytes, body: bytes = b"") -> Answer:
    return Answer(steps=(b"\r\n".join((*lines, b"", body)),))


def redirect(to: str, status: int = 302) -> Answer:
    return raw(b"HTTP/1.1 %d Found" % status, b"Location: " + to.encode("latin-1"), b"Content-Length: 0")


def honest(request: Request, links: Iterable[str] = (), head: str = "") -> Answer:
    """The part of a site that means well."""
    host = request.headers.get("host", "")
    if request.path == "/":
        return page(front(host, links, head or DECLARED), request)
    if request.path == "/own.xml":
        return feed([(one.title, one.path) for one in stories(host)[:3]], request)
    for one in stories(host)[:3]:
        if request.path == one.path:
            return page(article_page(one, f"http://{host}", []), request)
    return answer(simple(404, "Not found"), request, datetime.now(UTC))
