"""Feeds, sitemaps and robots.txt with more in them than anyone wants, or with themselves."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from itertools import repeat

from tests.hostile.case import Case, Record, Respond
from tests.hostile.site import DECLARED, feed, html, ok, page, redirect, story
from tests.newsroom.answers import Answer, Request

__all__ = ["CASES"]

_FEED = DECLARED + '<link rel="alternate" type="application/rss+xml" href="/flood.xml">'


def _items(number: int) -> list[tuple[str, str]]:
    names = (sha256(f"{number}/{n}".encode()).hexdigest()[:12].translate(_LETTERS) for n in range(number))
    return [(f"What {name} makes of it", f"/flood/{name}-of-the-day") for name in names]


_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def _gone(request: Request) -> Answer | None:
    """What the listings name is not there."""
    return None


def _feed(request: Request) -> Answer | None:
    return feed(_items(4000), request) if request.path == "/flood.xml" else None


def _rotating(request: Request) -> Answer | None:
    """A feed with a next page always, and always other entries."""
    if request.path != "/flood.xml":
        return None
    number = int(request.query.partition("=")[2] or 1)
    return feed(
        _items(number)[-1:],
        request,
        f'<link xmlns="http://www.w3.org/2005/Atom" rel="next" href="/flood.xml?page={number + 1}"/>',
    )


def _itself(request: Request) -> Answer | None:
    return (
        feed([("A feed of feeds", f"/flood.xml?{n}") for n in range(40)], request)
        if request.path == "/flood.xml"
        else None
    )


def _urlset(paths: Iterator[str] | list[str], request: Request, what: str = "url") -> Answer:
    host = request.headers["host"]
    entries = "".join(f"<{what}><loc>http://{host}{path}</loc></{what}>" for path in paths)
    root = "urlset" if what == "url" else "sitemapindex"
    body = f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{root}>'
    return page(body.encode(), request, "application/xml")


def _map(request: Request) -> Answer | None:
    return _urlset([path for _, path in _items(4000)], request) if request.path == "/map.xml" else None


def _index(request: Request) -> Answer | None:
    """An index of 20 sitemaps, with the same three entries."""
    if request.path == "/map.xml":
        return _urlset([f"/maps/{n}.xml" for n in range(20)], request, "sitemap")
    if request.path.startswith("/maps/"):
        number = int(request.path[6:-4])
        return _urlset([f"/flood/{number % 3}"], request)
    return None


def _cycle(request: Request) -> Answer | None:
    if not request.path.endswith("map.xml"):
        return None
    return _urlset(["/map.xml", "/a-map.xml", "/b-map.xml", "/map.xml?again"], request, "sitemap")


def _nested(request: Request) -> Answer | None:
    if not request.path.startswith("/map"):
        return None
    deeper = [f"{request.path[:-4]}-{n}.xml" for n in range(2)]
    return _urlset(deeper, request, "sitemap")


def _robots_maps(request: Request) -> Answer | None:
    if request.path == "/robots.txt":
        host = request.headers["host"]
        return ok(
            b"".join(b"Sitemap: http://%s/maps/%d.xml\n" % (host.encode(), n) for n in range(40)), kind=b"text/plain"
        )
    return _urlset([], request) if request.path.startswith("/maps/") else None


_CLOSED = "/closed/to-all-who-read-the-first-rule"
_RULE = b"User-agent: *\nDisallow: /closed/\n"


def _robots_endless(request: Request) -> Answer | None:
    if request.path == _CLOSED:
        return page(story(request), request)
    if request.path != "/robots.txt":
        return None
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
    return Answer(steps=[head, _RULE, *repeat(b"Disallow: /some/where/else/*/$\n" * 2000, 100)], then="close")


@cache
def _packed_rules() -> bytes:
    return gzip.compress(_RULE + b" " * 20_000_000, 9, mtime=0)


def _robots_bomb(request: Request) -> Answer | None:
    if request.path == _CLOSED:
        return page(story(request), request)
    return ok(_packed_rules(), b"Content-Encoding: gzip", kind=b"text/plain") if request.path == "/robots.txt" else None


def _robots_ring(request: Request) -> Answer | None:
    return redirect("/robots.txt?again=1") if request.path == "/robots.txt" else None


def _robots_regex(request: Request) -> Answer | None:
    """Rules that take a matcher of regular expressions until the end of time."""
    if request.path != "/robots.txt":
        return None
    return ok(b"User-agent: *\n" + b"Disallow: /" + b"*a" * 3000 + b"*b$\n", kind=b"text/plain")


def _pages(request: Request) -> Answer | None:
    """A section with a thousand sections, each with a thousand more."""
    if request.path.count("/") > 4 or not request.path.startswith(("/desk", "/")) or "." in request.path:
        return None
    if request.path == "/":
        return None
    sections = "".join(f'<li><a href="/desk{n}/">Desk {n}</a></li>' for n in range(1000))
    return page(html("Desks", f"<ul>{sections}</ul>"), request)


def _with_map(respond: Respond) -> Respond:
    """The same, and a robots.txt that names the sitemap."""

    def answer(request: Request) -> Answer | None:
        if request.path == "/robots.txt":
            return ok(f"Sitemap: http://{request.headers['host']}/map.xml\n".encode(), kind=b"text/plain")
        return respond(request)

    return answer


CASES = (
    Case(
        name="feed-flood",
        does="has a feed of 4,000 entries that lead nowhere",
        respond=_feed,
        head=_FEED,
        record=Record(path="/flood.xml"),
        limit="links",
        most=100,
    ),
    Case(
        name="feed-rotating",
        does="has a feed that goes on for ever, with other entries on every page",
        respond=_rotating,
        head=_FEED,
        record=Record(path="/flood.xml"),
        limit="list-pages",
        most=180,
    ),
    Case(
        name="feed-of-itself",
        does="has a feed that lists itself under forty names",
        respond=_itself,
        head=_FEED,
        record=Record(path="/flood.xml"),
        limit="facets",
        most=60,
    ),
    Case(
        name="sitemap-flood",
        does="has a sitemap of 4,000 entries that lead nowhere",
        respond=_with_map(_map),
        head=DECLARED,
        record=Record(path="/map.xml"),
        limit="links",
        most=100,
    ),
    Case(
        name="sitemap-index",
        does="has an index of 20 sitemaps with nothing new in them",
        respond=_with_map(_index),
        head=DECLARED,
        record=Record(path="/map.xml"),
        most=100,
    ),
    Case(
        name="sitemap-cycle",
        does="has sitemap indexes that name each other, and themselves",
        respond=_with_map(_cycle),
        head=DECLARED,
        record=Record(path="/map.xml"),
        most=12,
    ),
    Case(
        name="sitemap-nested",
        does="has sitemap indexes within sitemap indexes, without end",
        respond=_with_map(_nested),
        head=DECLARED,
        record=Record(path="/map.xml"),
        most=40,
    ),
    Case(
        name="robots-sitemaps",
        does="names 40 sitemaps in its robots.txt, with nothing in them",
        respond=_robots_maps,
        head=DECLARED,
        record=Record(path="/robots.txt"),
        most=60,
    ),
    Case(
        name="robots-endless",
        does="has a robots.txt without end",
        respond=_robots_endless,
        links=(_CLOSED,),
        record=Record(path="/robots.txt", truncated="length"),
        most=12,
    ),
    Case(
        name="robots-bomb",
        does="has a robots.txt that gzip made a thousandth of",
        respond=_robots_bomb,
        links=(_CLOSED,),
        record=Record(path="/robots.txt"),
        most=12,
    ),
    Case(
        name="robots-ring",
        does="redirects its robots.txt in a ring",
        respond=_robots_ring,
        record=Record(path="/robots.txt", status=302),
        limit="redirects",
        most=24,
    ),
    Case(
        name="robots-backtracking",
        does="has rules in robots.txt that keep a pattern matcher busy for years",
        respond=_robots_regex,
        record=Record(path="/robots.txt"),
        most=12,
    ),
    Case(
        name="sections",
        does="has a thousand sections, each with links to the same thousand",
        respond=_pages,
        links=("/desk0/",),
        record=Record(path="/desk0/"),
        most=60,
    ),
)
