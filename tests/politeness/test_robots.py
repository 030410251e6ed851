"""robots.txt: the rules of RFC 9309, and the situations of Google's published tests, each in our own words."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.agents import token_of
from crawler.politeness.robots import LIMIT, NOTHING, Robots, Rules

CASES: dict[str, tuple[str, dict[str, bool]]] = {
    # name: (file, {path: may wirecopy ask for it})
    "an empty file allows all": ("", {"/": True, "/a?b=c": True}),
    "no group for us and none for all": ("user-agent: other\ndisallow: /", {"/x": True}),
    "a rule before any group says nothing": ("disallow: /\nuser-agent: a\nallow: /", {"/x": True}),
    # RFC 9309 clause 2.2.1: which group
    "a group by name beats the one for all": (
        "user-agent: *\ndisallow: /\n\nuser-agent: wirecopy\ndisallow: /mine",
        {"/": True, "/mine/1": False},
    ),
    "the one for all, where no other is": ("user-agent: x\nallow: /\nuser-agent: *\ndisallow: /p", {"/p": False}),
    "order of groups is of no matter": (
        "user-agent: wirecopy\ndisallow: /mine\n\nuser-agent: *\ndisallow: /",
        {"/": True, "/mine/1": False},
    ),
    "names in any case": ("User-Agent: WireCOPY\nDisallow: /a", {"/a": False}),
    "a version behind the name": ("user-agent: wirecopy/9.1\ndisallow: /a", {"/a": False}),
    "words behind the name": ("user-agent: wirecopy of the north\ndisallow: /a", {"/a": False}),
    "a longer name is another": ("user-agent: wirecopy-images\ndisallow: /", {"/a": True}),
    "a shorter name is another": ("user-agent: wire\ndisallow: /", {"/a": True}),
    "a name with a star behind is no wildcard for more": ("user-agent: wire*\ndisallow: /", {"/a": True}),
    "groups of one name are one": (
        "user-agent: wirecopy\ndisallow: /a\n\nuser-agent: z\ndisallow: /z\n\nuser-agent: wirecopy\ndisallow: /b",
        {"/a": False, "/b": False, "/z": True},
    ),
    "groups for all are one": (
        "user-agent: *\ndisallow: /a\nuser-agent: z\nallow: /\nuser-agent: *\ndisallow: /b",
        {"/a": False, "/b": False, "/c": True},
    ),
    "several names, one group": (
        "user-agent: one\nuser-agent: wirecopy\nuser-agent: two\ndisallow: /a\nallow: /a/b",
        {"/a": False, "/a/b": True},
    ),
    "names for all within a group": ("user-agent: one\nuser-agent: *\ndisallow: /a", {"/a": False}),
    "a group by name without rules allows all": ("user-agent: *\ndisallow: /\nuser-agent: wirecopy", {"/": True}),
    "a star and words is for all": ("user-agent: * (everyone)\ndisallow: /a", {"/a": False}),
    "a star and letters is for nobody": ("user-agent: *bot\ndisallow: /", {"/a": True}),
    # clause 2.2.2: which rule
    "the longest match": (
        "user-agent: *\nallow: /news\ndisallow: /news/drafts\nallow: /news/drafts/open",
        {"/news": True, "/news/drafts/1": False, "/news/drafts/open/1": True, "/other": True},
    ),
    "the longest match, whatever the order": (
        "user-agent: *\ndisallow: /x/page.html\nallow: /x/\n",
        {"/x/page.html": False, "/x/": True, "/x/pag": True},
    ),
    "allow where both are as long": ("user-agent: *\ndisallow: /f\nallow: /f", {"/f": True}),
    "allow where both are as long and wild": ("user-agent: *\ndisallow: /a*\nallow: /*b", {"/ab": True, "/ac": False}),
    "an empty disallow says nothing": ("user-agent: *\ndisallow:", {"/x": True}),
    "an empty allow says nothing": ("user-agent: *\ndisallow: /\nallow:", {"/x": False}),
    "empty rules of a name still hide those for all": (
        "user-agent: wirecopy\ndisallow:\n\nuser-agent: *\ndisallow: /",
        {"/x": True},
    ),
    "robots.txt is always allowed": ("user-agent: *\ndisallow: /", {"/robots.txt": True, "/robots.txt2": False}),
    "paths have case": ("user-agent: *\ndisallow: /Foo", {"/foo": True, "/Foo": False}),
    "prefixes end anywhere": (
        "user-agent: *\ndisallow: /fish",
        {"/fish.html": False, "/fishy/1": False, "/cat/fish": True},
    ),
    "a slash at the end is a folder": (
        "user-agent: *\ndisallow: /fish/",
        {"/fish": True, "/fish/": False, "/fish/1": False},
    ),
    "queries are part of it": ("user-agent: *\ndisallow: /a?b", {"/a": True, "/a?b=c": False, "/a?c=b": True}),
    "no slash at the start": ("user-agent: *\ndisallow: private/", {"/private/1": False, "/x": True}),
    # clause 2.2.3: special characters
    "a star is anything": (
        "user-agent: *\ndisallow: /a/*/print",
        {"/a/1/print": False, "/a/1/2/print.html": False, "/a/print": True, "/a//print": False},
    ),
    "a star at the end changes nothing": ("user-agent: *\ndisallow: /fish*", {"/fish": False, "/fishes": False}),
    "a star at the start": ("user-agent: *\ndisallow: *.php", {"/index.php": False, "/a.php?x": False, "/php": True}),
    "a dollar is the end": (
        "user-agent: *\ndisallow: /*.php$",
        {"/a.php": False, "/a/b.php": False, "/a.php?x": True, "/a.php5": True, "/a.PHP": True},
    ),
    "the home page alone": ("user-agent: *\nallow: /$\ndisallow: /", {"/": True, "/a": False}),
    "a dollar elsewhere is a dollar": ("user-agent: *\ndisallow: /a$b", {"/a$b": False, "/a%24b": False, "/a": True}),
    "an escaped star is a star": ("user-agent: *\ndisallow: /a-%2a.html", {"/a-*.html": False, "/a-b.html": True}),
    "an escaped dollar is a dollar": ("user-agent: *\ndisallow: /a%24", {"/a$": False, "/a$b": False, "/a": True}),
    "a wild rule longer than a plain one": (
        "user-agent: *\nallow: /p\ndisallow: /*.html",
        {"/p.html": False, "/p": True},
    ),
    "a plain rule longer than a wild one": ("user-agent: *\nallow: /p/page\ndisallow: /*.htm", {"/p/page.htm": True}),
    # clause 2.2.2, the table: spellings of one path
    "an address within a query, one way": (
        "user-agent: *\ndisallow: /bar?baz=http://foo.bar",
        {"/bar?baz=http%3A%2F%2Ffoo.bar": False, "/bar?baz=http://foo.bar": False, "/bar?baz=": True},
    ),
    "an address within a query, the other": (
        "user-agent: *\ndisallow: /bar?baz=http%3a%2f%2Ffoo.bar",
        {"/bar?baz=http://foo.bar": False},
    ),
    "letters beyond ASCII": (
        "user-agent: *\ndisallow: /foo/bar/ツ",
        {"/foo/bar/%E3%83%84": False, "/foo/bar/%e3%83%84": False, "/foo/bar/ツ": False, "/foo/bar/": True},
    ),
    "escaped letters beyond ASCII": (
        "user-agent: *\ndisallow: /foo/bar/%e3%83%84",
        {"/foo/bar/ツ": False, "/foo/bar/%E3%83%84": False},
    ),
    "letters escaped for no reason": (
        "user-agent: *\ndisallow: /foo/bar/%62%61%7A",
        {"/foo/bar/baz": False, "/foo/bar/%62%61%7a": False},
    ),
    "an escaped slash in a path is none": ("user-agent: *\ndisallow: /a/b", {"/a%2Fb": True, "/a/b": False}),
    # lines
    "other ends of lines": (
        "user-agent: *\r\ndisallow: /a\rdisallow: /b\ndisallow: /c",
        {"/a": False, "/b": False, "/c": False},
    ),
    "no end of the last line": ("user-agent: *\ndisallow: /a", {"/a": False}),
    "comments and blanks": (
        "# hello\n \t user-agent :\t* # all\n\n# in between\n\n disallow:/a#not /a#b\n",
        {"/a": False, "/b": True},
    ),
    "names of lines in any case": ("USER-AGENT: *\nDISALLOW: /a\nALLOW: /a/b", {"/a": False, "/a/b": True}),
    "blank lines do not end a group": ("user-agent: *\n\n\ndisallow: /a\n\n\ndisallow: /b", {"/a": False, "/b": False}),
    "other lines do not come between": (
        "user-agent: one\nsitemap: https://example.org/s.xml\nnoindex: /x\nuser-agent: *\nunknown\ndisallow: /a",
        {"/a": False},
    ),
    "a sitemap among rules": ("user-agent: *\nallow: /b\nsitemap: /s.xml\ndisallow: /a", {"/a": False}),
    "lines that are none": ("user-agent: *\n<html>\ndisallow\n: /x\nfoo: /\ndisallow: /a", {"/a": False, "/x": True}),
    "a colon left out": ("user-agent *\ndisallow /a", {"/a": False, "/b": True}),
    "sentences are no rules": ("user-agent: *\nallow nobody in here\ndisallow all of them please", {"/all": True}),
    "directives misspelt": ("useragent: *\ndissallow: /a\ndisalow: /b", {"/a": False, "/b": False}),
    "a byte order mark": ("\ufeffuser-agent: *\ndisallow: /a", {"/a": False}),
    "a pace ends the names": ("user-agent: *\ncrawl-delay: 2\n\nuser-agent: bad\ndisallow: /", {"/a": True}),
}


@pytest.mark.parametrize("name", CASES)
def test_rules(name: str) -> None:
    text, expected = CASES[name]
    rules = Robots(text.encode()).rules("WireCopy")
    assert {path: rules.allows(path) for path in expected} == expected


def test_half_a_byte_order_mark() -> None:
    assert not Robots(b"\xef\xbbuser-agent: *\ndisallow: /a").rules("x").allows("/a")


def test_only_so_much_is_read() -> None:
    line = b"disallow: /aaaaaaaaaaaaaaaaaaaaa\n"
    filler = b"user-agent: *\n" + line * ((LIMIT - 14) // len(line))
    kept = filler + b"#" * (LIMIT - len(filler) - 9) + b"\n"
    assert not Robots(kept + b"allow: /a").rules("x").allows("/aaaaaaaaaaaaaaaaaaaaaa")
    cut = Robots(kept + b"disallow: /secret").rules("x")
    assert cut.allows("/secret"), "a rule beyond the limit"
    assert cut.allows("/other"), "half a rule is none: 'disallow: /' would have been the whole site"


def test_sitemaps_and_paces() -> None:
    robots = Robots(
        b"Sitemap: https://example.org/1.xml\nuser-agent: wirecopy\nsitemap: /2.xml\ncrawl-delay: 2.5\n"
        b"user-agent: *\ndisallow: /\ncrawl-delay: 10\nsite-map: https://example.org/1.xml\n"
        b"user-agent: x\ncrawl-delay: soon"
    )
    assert robots.sitemaps == ("https://example.org/1.xml", "/2.xml")
    assert robots.rules("wirecopy").delay == 2.5
    assert robots.rules("other").delay == 10
    assert robots.rules("x").delay is None
    assert robots.names("WireCopy")
    assert not robots.names("other")


def test_tokens() -> None:
    assert token_of("wirecopy/0.1 (+https://example.org)") == "wirecopy"
    assert token_of("News-Bot_2") == "news-bot_2"
    assert token_of("  ") == ""


def test_all_or_nothing() -> None:
    assert Rules().allows("/x")
    assert not NOTHING.allows("/x")
    assert not NOTHING.allows("")


PIECES = st.lists(st.sampled_from(["a", "b", "/", "*", "ab", "."]), max_size=7).map("".join)


@given(PIECES, st.booleans(), st.text("ab/.", max_size=9))
def test_wildcards_mean_what_a_regular_expression_would(pattern: str, end: bool, path: str) -> None:
    text = "/" + pattern + ("$" if end else "")
    expected = re.compile(".*".join(map(re.escape, ("/" + pattern).split("*"))) + (r"\Z" if end else "")).match(
        "/" + path
    )
    assert Rules.of([(text, False)]).allows("/" + path) == (expected is None)


@given(st.binary(max_size=300), st.text(max_size=40))
def test_nothing_upsets_it(body: bytes, path: str) -> None:
    Robots(b"user-agent: *\ndisallow: " + body).rules("wirecopy").allows("/" + path)


def test_no_file_makes_it_slow() -> None:
    body = b"user-agent: *\n" + b"".join(b"disallow: /" + b"*a" * 20 + b"%d$\n" % number for number in range(9000))
    before = time.process_time()
    rules = Robots(body).rules("wirecopy")
    assert rules.allows("/" + "a" * 2000)
    assert time.process_time() - before < 5
