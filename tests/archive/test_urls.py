"""URLs: keys against the surt package, forms that compare equal, forms that must not, and scope."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from functools import reduce
from urllib.parse import urlsplit

import pytest
import surt as reference
from hypothesis import given
from hypothesis import strategies as st

from archive.scope import Scope, ScopeKind
from archive.urls import canonical, host_of, registrable_domain, request_uri, surt

HEX = "0123456789abcdef0123456789ABCDEF"
LETTERS = "ABCdefghijklmnopqrstuvwx"


@pytest.mark.parametrize(
    "url",
    [
        "http://www.example.com/Path/?b=2&a=1",
        "https://www2.Example.com:443/a/",
        "https://example.com:80/a",
        "http://example.com:8080/a//b/../c/./d",
        "http://user:pw@example.com/x",
        "http://[::1]:8080/a",
        "http://[2001:DB8::1]/a",
        "http://127.0.0.1:8099/x",
        "http://1.2/x",
        "http://0177.1/x",
        "http://1.65536/x",
        "http://4294967297/x",
        "http://example.com./x",
        "http://exa..mple.com/x",
        "http://www.com/",
        "http://www12.www.example.com/",
        "http://münchen.de/ü?ü=É",
        "http://faß.com/",
        "http://例え.テスト/",
        "http://exa%6dple.com/",
        "http://example.com",
        "http://example.com?",
        "http://example.com/?&&a",
        "http://example.com/?a=&a-b&a&b=&=c",
        "http://example.com/A%2fB%252fC%",
        "http://example.com/a b+c#frag",
        "http://example.com/a?b=%26c&d=%23",
        "http://example.com/../../a/..",
        "http://example.com/a/./",
        'http://example.com/[x]{y}|^`<>"?[x]{y}|^`<>"',
        "http://http://example.com/",
        "http:////example.com/a",
        "example.com/x",
        "  http://example.com/a\tb\r\nc ",
        f"http://example.com/a;jsessionid={HEX}?x=1",
        f"http://example.com/a?x=1&jsessionid={HEX}&y",
        f"http://example.com/a?PHPSESSID={HEX}&sid={HEX}&x=1",
        f"http://example.com/a?sid={HEX}&sid={HEX}",
        f"http://example.com/a?ASPSESSIONIDAQBSCABC={LETTERS}",
        "http://example.com/a?x=1&cfid=1234&cftoken=5678",
        f"http://example.com/b/(S({LETTERS}))/({LETTERS})/page.ASPX",
        f"http://example.com/b/(S({LETTERS}))/page.html",
        "urn:uuid:1234",
        "dns:example.com",
        "metadata:note",
        "",
    ],
)
def test_surt_is_the_reference_key(url: str) -> None:
    assert surt(url) == reference.surt(url)


_labels = st.from_regex(r"[a-zA-Z][a-zA-Z0-9-]{0,8}", fullmatch=True)
_hosts = st.lists(_labels, min_size=1, max_size=4).map(".".join)
_ports = st.sampled_from(["", ":80", ":443", ":8080", ":"])
_loose = st.text(alphabet="aB0 /.%2eFf?&=+;~é中(\u2028)\\'\"<|", max_size=30)


@given(st.sampled_from(["http", "https", "HTTP", "ftp"]), _hosts, _ports, _loose, _loose)
def test_surt_agrees_on_any_url(scheme: str, host: str, port: str, path: str, query: str) -> None:
    url = f"{scheme}://{host}{port}/{path}?{query}"
    assert surt(url) == reference.surt(url)


@pytest.mark.parametrize("url", ["http://example.com:abc/", "http://example.com:99999/", "http://", "http://[", "\x00"])
def test_surt_has_a_key_even_where_the_reference_raises(url: str) -> None:
    assert surt(url)


SAME = [
    ("http://example.com/a", "https://www.example.com:443/a/"),
    ("https://example.com", "https://example.com/?utm_source=feed#top"),
    ("https://EXAMPLE.com./News", "https://example.com//News/"),
    ("https://example.com/a?b=2&a=1", "https://example.com/a?a=1&b=2&fbclid=x&utm_Medium=y&at_medium=rss"),
    ("https://example.com/%7eme/%c3%bc", "https://example.com/~me/ü"),
    ("https://münchen.de/", "https://xn--mnchen-3ya.de/"),
    ("https://example.com/a/../b/./c", "https://example.com/b/%2E/c"),
    (f"https://example.com/a;jsessionid={HEX}?PHPSESSID=1", "https://example.com/a"),
    (f"https://example.com/a?sid={HEX}", "https://example.com/a"),
    ("https://me:secret@example.com/a", "https://example.com/a"),
    ("http:\\\\example.com\\a", "http://example.com/a"),
    ("https://example.com/a?", "https://example.com/a?&&"),
]

DIFFERENT = [
    ("https://example.com/a", "https://example.com/A"),
    ("https://example.com/", "https://example.com/index.html"),
    ("https://example.com/a?id=1", "https://example.com/a?id=2"),
    ("https://example.com/?sid=12", "https://example.com/"),
    ("https://example.com/?p=1", "https://example.com/"),
    ("https://example.com/?a=1&a=2", "https://example.com/?a=2&a=1"),
    ("https://example.com/a%2Fb", "https://example.com/a/b"),
    ("https://example.com/?q=a%26b", "https://example.com/?q=a&b"),
    ("http://127.0.0.1:8001/", "http://127.0.0.1:8002/"),
    ("https://www.com/", "https://com/"),
    ("https://news.example.com/a", "https://example.com/a"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_page_has_one_key(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_pages_have_two_keys(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@given(st.text(max_size=60) | st.builds("{}://{}{}/{}?{}".format, st.just("http"), _hosts, _ports, _loose, _loose))
def test_a_key_is_its_own_key_and_nothing_raises(url: str) -> None:
    assert canonical(canonical(url)) == canonical(url)


def _scheme(url: str) -> str:
    return url.replace("https://", "HTTP://", 1).replace(":443/", ":80/", 1)


def _port(url: str) -> str:
    return re.sub(r"(org\.?)/", rf"\1:{'443' if url.startswith('https') else '80'}/", url, count=1)


def _with(query: str) -> Callable[[str], str]:
    def add(url: str) -> str:
        start, mark, fragment = url.partition("#")
        return f"{start}&{query}{mark}{fragment}"

    return add


def _turned(url: str) -> str:
    """The last parameter first."""
    start, mark, fragment = url.partition("#")
    path, _, query = start.partition("?")
    *pairs, last = query.split("&")
    return f"{path}?{'&'.join([last, *pairs])}{mark}{fragment}"


VARIANTS: dict[str, Callable[[str], str]] = {
    "scheme and its case": _scheme,
    "host in capitals": lambda url: url.replace("exämple", "EXÄMPLE", 1),
    "IDN as it is sent": lambda url: url.replace("exämple", "xn--exmple-cua", 1),
    "trailing dot": lambda url: re.sub(r"org(?=[:/])", "org.", url, count=1),
    "default port": _port,
    "www": lambda url: url.replace("//", "//www.", 1),
    "user": lambda url: url.replace("//", "//reader@", 1),
    "fragment": lambda url: f"{url}#comments",
    "campaign": _with("utm_source=feed&utm_medium=rss"),
    "click": _with("fbclid=IwAR0&gclid=1"),
    "session": _with("PHPSESSID=0a1b2c"),
    "session in the path": lambda url: url.replace("?", f";jsessionid={HEX}?", 1),
    "order": _turned,
    "dot segments": lambda url: re.sub(r"(org[.:\d]*)/", r"\1/./b/../", url, count=1),
    "doubled slashes": lambda url: re.sub(r"(org[.:\d]*)/", r"\1//", url, count=1),
    "closing slash": lambda url: url.replace("?", "/?", 1),
    "escapes spelt otherwise": lambda url: url.replace("~", "%7e", 1).replace("ü", "%c3%bc", 1),
    "empty parameters": _with("&"),
}
"""What the same page is called too; each is done to any address, and to what another made of it."""


@given(
    st.integers(1, 9),
    st.from_regex(r"[A-Za-z0-9]{1,8}", fullmatch=True),
    st.lists(st.sampled_from(sorted(VARIANTS)), unique=True, max_size=6),
)
def test_whatever_a_page_is_called_it_has_one_key_and_others_have_another(
    number: int, slug: str, variants: list[str]
) -> None:
    url = f"https://news.exämple.org/~me/{slug}-für?id={number}&z=last"
    called = reduce(lambda called, name: VARIANTS[name](called), variants, url)
    assert canonical(called) == canonical(canonical(called)) == canonical(url)
    for other in (url.replace(f"id={number}", f"id={number + 1}"), url.replace(slug, slug + "x"), f"{url}&page=2"):
        assert canonical(other) != canonical(called)


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (" HTTP://Example.COM:80 ", "http://example.com/"),
        ("https://example.com/a b#c", "https://example.com/a%20b"),
        ("https://example.com/ä?q=ä", "https://example.com/%C3%A4?q=%C3%A4"),
        ("https://example.com/%zz?100%", "https://example.com/%25zz?100%25"),
        ("https://example.com/%7Ea?x=%2f", "https://example.com/%7Ea?x=%2f"),
        ("https://example.com?b&a", "https://example.com/?b&a"),
        ("https://example.com/a?", "https://example.com/a?"),
        ("https://example.com/a/../../b/.", "https://example.com/b/"),
        ("https://me:secret@example.com/", "https://example.com/"),
        ("https://Bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("http://[0:0::1]:8080/", "http://[::1]:8080/"),
        ("http:/example.com\\a", "http://example.com/a"),
    ],
)
def test_request_uri_cleans_as_browsers_do(url: str, asked: str) -> None:
    assert request_uri(url) == asked


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "javascript:alert(1)",
        "//example.com/",
        "http://",
        "http://a b/",
        "http://[::g]/",
        "http://example.com:99999/",
        "http://example.com:x/",
        f"http://{'a' * 300}/",
        "http://\u200b/",
    ],
)
def test_what_cannot_be_asked_for_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        request_uri(url)
    assert host_of(url) == ""


@given(_hosts, _ports, _loose, _loose)
def test_request_uri_is_ascii_stable_and_keeps_its_key(host: str, port: str, path: str, query: str) -> None:
    url = f"http://{host}{port}/{path}?{query}"
    asked = request_uri(url)
    assert asked.isascii()
    assert not set(asked) & set(' "<>\\^`{|}')
    assert request_uri(asked) == asked
    assert canonical(asked) == canonical(url)
    assert urlsplit(asked).hostname == host_of(url)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.example.co.uk", "example.co.uk"),
        ("News.Example.com.", "example.com"),
        ("me.github.io", "me.github.io"),
        ("localhost", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("co.uk", "co.uk"),
    ],
)
def test_registrable_domain_without_the_network(host: str, domain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert registrable_domain(host) == domain


@pytest.mark.parametrize(
    ("seed", "kind", "url", "allowed"),
    [
        ("https://example.com/a", "page", "http://www.example.com/a/?utm_source=x", True),
        ("https://example.com/a", "page", "https://example.com/b", False),
        ("https://example.com/news/", "prefix", "https://example.com/news/1.html", True),
        ("https://example.com/news", "prefix", "https://example.com/news?page=2", True),
        ("https://example.com/news", "prefix", "https://example.com/newsletter", False),
        ("https://example.com/news/index.html", "prefix", "https://example.com/news/1.html", True),
        ("https://example.com/index.html", "prefix", "https://example.com/news/1.html", True),
        ("https://example.com/news/", "prefix", "https://example.com/sport/", False),
        ("https://example.com/", "prefix", "https://example.com/any/thing", True),
        ("https://example.com/", "prefix", "https://example.org/any/thing", False),
        ("https://www.example.com/", "host", "http://example.com/x", True),
        ("https://example.com/", "host", "https://news.example.com/", False),
        ("http://127.0.0.1:8001/", "host", "http://127.0.0.1:8002/", False),
        ("https://www.example.co.uk/", "domain", "https://sport.example.co.uk/", True),
        ("https://www.example.co.uk/", "domain", "https://other.co.uk/", False),
        ("https://one.github.io/", "domain", "https://two.github.io/", False),
        ("http://127.0.0.1:8001/", "domain", "http://127.0.0.1:8002/", True),
        ("https://example.com/", "domain", "ftp://example.com/", False),
        ("https://example.com/", "host", "javascript:void(0)", False),
    ],
)
def test_scope(seed: str, kind: ScopeKind, url: str, allowed: bool) -> None:
    assert Scope.of(seed, kind).allows(url) is allowed


def test_a_seed_that_is_no_url_has_no_scope() -> None:
    with pytest.raises(ValueError, match="http"):
        Scope.of("example", "host")
