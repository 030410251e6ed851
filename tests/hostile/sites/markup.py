"""Pages and feeds that parsers choke on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.hostile.case import Case, Record
from tests.hostile.site import DECLARED, STORY, html, ok, story
from tests.newsroom.answers import Answer, Request

__all__ = ["CASES"]

_FEED = DECLARED + '<link rel="alternate" type="application/rss+xml" href="/odd.xml">'


def _xml(body: Callable[[], str]) -> Callable[[Request], Answer | None]:
    return lambda request: ok(body().encode(), kind=b"application/rss+xml") if request.path == "/odd.xml" else None


def _rss(items: str, before: str = "") -> str:
    return f"<?xml version='1.0'?>{before}<rss version='2.0'><channel><title>x</title>{items}</channel></rss>"


def _laughs() -> str:
    entities = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
    return _rss(
        "<item><title>&l11;</title><link>/odd/1</link></item>", f"<!DOCTYPE rss [<!ENTITY l0 'lol'>{entities}]>"
    )


def _quadratic() -> str:
    doctype = f"<!DOCTYPE rss [<!ENTITY a '{'a' * 100_000}'>]>"
    return _rss(f"<item><title>{'&a;' * 10_000}</title><link>/odd/1</link></item>", doctype)


def _external() -> str:
    doctype = "<!DOCTYPE rss [<!ENTITY a SYSTEM 'file:///etc/passwd'><!ENTITY % b SYSTEM 'http://127.0.0.1:1/'> %b;]>"
    return _rss("<item><title>&a;</title><link>/odd/1</link></item>", doctype)


def _deep_xml() -> str:
    return _rss("<item>" * 100_000 + "</item>" * 100_000)


def _attributes() -> str:
    return _rss("<item " + " ".join(f"a{n}='1'" for n in range(60_000)) + "><link>/odd/1</link></item>")


def _doctype() -> str:
    return "<?xml version='1.0'?><!DOCTYPE rss [" + "<!-- ' " * 200_000


def _json_deep() -> str:
    return '{"version": "https://jsonfeed.org/version/1.1", "items": ' + "[" * 500_000 + "]" * 500_000 + "}"


def _json_numbers() -> str:
    item = f'{{"url": "/odd/1", "date_published": {"9" * 500_000}}}'
    return f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{item}]}}'


def _dates() -> str:
    dates = ("9" * 5000, "0000-00-00", "99999-13-45T99:99:99+99:99", "-1", "Tue, 99 Foo 99999", "١٢٣" * 500)
    return _rss("".join(f"<item><link>/odd/{n}</link><pubDate>{date}</pubDate></item>" for n, date in enumerate(dates)))


def _page(body: Callable[[Request], bytes]) -> Callable[[Request], Answer | None]:
    return lambda request: ok(body(request)) if request.path in (STORY, "/everything/") else None


def _deep(request: Request) -> bytes:
    return html("Deep", "<div>" * 100_000 + "Down here")


def _tags(request: Request) -> bytes:
    return html("Tags", "<b>" * 600_000)


def _anchors(request: Request) -> bytes:
    links = "".join(
        f"<p><a href='/odd/what-the-link-says-{n}'>What the link says about {n}</a></p>" for n in range(6_000)
    )
    return html("Links", links)


def _attribute(request: Request) -> bytes:
    return html("Attribute", f"<p class='{'x ' * 900_000}'>Hello</p>")


def _json_ld(request: Request) -> bytes:
    return html("Nested", "<p>Hello</p>", "<script type='application/ld+json'>" + '{"@graph":[' * 100_000 + "</script>")


def _blanks(request: Request) -> bytes:
    return html("x" + " " * 500_000 + "y", "<h1>" + "\n " * 400_000 + "</h1><p>Hello" + "&nbsp;" * 100_000)


def _unclosed(request: Request) -> bytes:
    return b"<!--" * 200_000 + b"<script>" * 50_000 + b"<" * 100_000


def _references(request: Request) -> bytes:
    return html("References", "<p>" + "&#xFFFE;&#0;&#99999999999999;&bogus" * 40_000)


def _base(request: Request) -> bytes:
    return story(request, head="<base href='http://[::1'>" + "<base href='javascript:alert(1)'>" * 100)


def _charset(request: Request) -> bytes:
    return story(
        request, head="<meta charset='rot13'><meta http-equiv='content-type' content='text/html; charset=zip'>"
    )


def _regex(request: Request) -> bytes:
    """What backtracks: almost dates, almost prices, almost attributes."""
    parts = (
        "2026-11-" * 20_000,
        '="' * 100_000,
        "$ " * 100_000,
        "http://" * 50_000,
        "a-" * 100_000,
        "style='display:" * 20_000,
    )
    return html("Regular", "".join(f"<p>{part}</p>" for part in parts))


def _listing(name: str, does: str, body: Callable[[], str], **more: Any) -> Case:
    return Case(
        **{
            "name": name,
            "does": does,
            "respond": _xml(body),
            "head": _FEED,
            "record": Record(path="/odd.xml"),
            "most": 16,
            **more,
        }
    )


def _story(name: str, does: str, body: Callable[[Request], bytes], **more: Any) -> Case:
    return Case(
        **{
            "name": name,
            "does": does,
            "respond": _page(body),
            "links": (STORY,),
            "record": Record(path=STORY),
            "most": 16,
            **more,
        }
    )


CASES = (
    _listing("xml-laughs", "has a feed with entities that expand a billionfold", _laughs),
    _listing("xml-quadratic", "has a feed with one long entity, ten thousand times", _quadratic),
    _listing("xml-external", "has a feed with entities from files and other hosts", _external),
    _listing("xml-deep", "has a feed of 100,000 elements within each other", _deep_xml, limit="listing"),
    _listing("xml-attributes", "has a feed with an element of 60,000 attributes", _attributes),
    _listing("xml-doctype", "has a feed whose document type never ends", _doctype, limit="tags"),
    _listing("json-deep", "has a JSON feed of 500,000 lists within each other", _json_deep),
    _listing("json-numbers", "has a JSON feed with a number of 500,000 digits", _json_numbers),
    _listing("dates", "has a feed with dates that are none", _dates),
    _story("html-deep", "has a page of 100,000 elements within each other", _deep),
    _story("html-tags", "has a page of 600,000 tags", _tags, limit="tags"),
    _story(
        "html-links",
        "has a page of 6,000 links that look like stories",
        _anchors,
        start="/everything/",
        links=(),
        record=Record(path="/everything/"),
        limit="links",
        stories=False,
        most=220,
    ),
    _story("html-attribute", "has a page with an attribute of 1.8 MB", _attribute, label="thin", junk=1),
    _story("html-json-ld", "has a page with JSON-LD of 100,000 levels", _json_ld, label="thin", junk=1),
    _story("html-blanks", "has a page with 500,000 blanks in a row", _blanks, label="thin", junk=1),
    _story("html-unclosed", "has a page of comments and scripts that nothing closes", _unclosed, limit="tags"),
    _story("html-references", "has a page of 160,000 broken character references", _references, label="thin", junk=1),
    _story("html-base", "has a page whose links are relative to nowhere", _base, junk=1),
    _story("html-charset", "has a page in character sets that there are not", _charset, junk=1),
    _story(
        "html-backtracking",
        "has a page of what is almost a date, a price, an address, a thousand times over",
        _regex,
        label="thin",
        junk=1,
    ),
)
