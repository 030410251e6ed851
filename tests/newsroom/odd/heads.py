"""Odd heads: status lines, header names and values, line ends. The body is an honest page."""

from __future__ import annotations

from collections.abc import Iterator

from tests.newsroom.answers import Then
from tests.newsroom.odd.case import Odd, html, odd, sized

__all__ = ["CASES"]


def _header(name: str, *lines: bytes) -> Odd:
    """A response with these header lines before its honest ones."""
    return odd(name, sized(html(name), *lines))


def _status_line(name: str, line: bytes, *, status: int = 200, then: Then = "keep") -> Odd:
    return odd(name, sized(html(name), status=line), status=status, then=then)


def _edited(name: str, old: bytes, new: bytes) -> Odd:
    """A response with something in its head replaced."""
    head, blank, body = sized(html(name)).partition(b"\r\n\r\n")
    return odd(name, (head + blank).replace(old, new) + body)


def _typed(name: str, *lines: bytes) -> Odd:
    """A response whose own lines say, or do not say, what type it is."""
    body = html(name)
    return odd(name, b"\r\n".join((b"HTTP/1.1 200 OK", *lines, b"Content-Length: %d" % len(body), b"", body)))


def _redirect(name: str, *locations: bytes) -> Odd:
    lines = [b"Location: " + location for location in locations]
    return odd(name, sized(html(name), *lines, status=b"HTTP/1.1 301 Moved"), status=301)


def _status_lines() -> Iterator[Odd]:
    yield _status_line("plain", b"HTTP/1.1 200 OK")
    yield _status_line("reason-missing", b"HTTP/1.1 200")
    yield _status_line("reason-empty", b"HTTP/1.1 200 ")
    yield _status_line("reason-eight-bit", b"HTTP/1.1 200 Tr\xe8s bien")
    yield _status_line("reason-padded", b"HTTP/1.1 200 OK   ")
    yield _status_line("status-two-spaces", b"HTTP/1.1  200  OK")
    yield _status_line("status-run-together", b"HTTP/1.1 200OK")
    yield _status_line("status-999", b"HTTP/1.1 999 Request denied", status=999)
    yield _status_line("status-299", b"HTTP/1.1 299 Fine", status=299)
    yield _status_line("version-lower-case", b"http/1.1 200 OK")
    yield _status_line("version-1.0", b"HTTP/1.0 200 OK", then="close")
    yield _status_line("version-2", b"HTTP/2 200")
    yield _status_line("version-2.0", b"HTTP/2.0 200 OK")
    yield _status_line("version-icy", b"ICY 200 OK", then="close")
    yield odd(
        "version-1.0-keep-alive",
        sized(html("version-1.0-keep-alive"), b"Connection: keep-alive", status=b"HTTP/1.0 200 OK"),
    )
    for name, before in (
        ("blank-line-first", b"\r\n"),
        ("blank-lines-first", b"\r\n\r\n\n\r\n"),
        ("spaces-first", b"   "),
        ("nul-first", b"\0\0"),
    ):
        yield odd(name, before + sized(html(name)))


def _fields() -> Iterator[Odd]:
    yield _edited("names-lower-case", b"Content-", b"content-")
    yield _edited("names-upper-case", b"Content-", b"CONTENT-")
    yield _edited("space-before-colon", b"Length:", b"Length :")
    yield _edited("no-space-after-colon", b": ", b":")
    yield _edited("values-padded", b"\r\nContent-L", b" \t \r\nContent-L")
    yield _edited("lines-bare-lf", b"\r\n", b"\n")
    yield _edited("lines-mixed", b"OK\r\n", b"OK\n")
    yield _edited("lines-two-cr", b"\r\nContent", b"\r\r\nContent")
    yield _edited("blank-line-bare-lf", b"\r\n\r\n", b"\r\n\n")
    yield _header("duplicate-headers", b"Set-Cookie: a=1", b"Set-Cookie: b=2", b"X-Served-By: one", b"X-Served-By: two")
    yield _header("folded-header", b"X-Long: one,\r\n two,\r\n\tthree")
    yield _header("folded-first-line", b"X-Empty:\r\n starts on the second line")
    yield _header("eight-bit-header", b"X-Author: J\xf6rg M\xfcller")
    yield _header("utf-8-header", "X-Title: Höhe über 東京".encode())
    yield _header("long-header", b"X-Policy: " + b"default-src " * 8533)
    yield _header("many-headers", *(b"X-Header-%d: %d" % (number, number) for number in range(500)))
    yield _header("huge-head", *(b"X-Header-%d: " % number + b"y" * 1000 for number in range(400)))
    yield _header("line-without-colon", b"this line says nothing")
    yield _header("name-empty", b": a value with no name")
    yield _header("name-with-space", b"X Spaced Name: value")
    yield _header("name-eight-bit", b"X-N\xe4me: value")
    yield _header("value-empty", b"X-Nothing:")
    yield _header("nul-in-header", b"X-Binary: a\0b")
    yield _header("cr-in-header", b"X-Return: a\rb")
    yield _header("control-in-header", b"X-Control: a\x01\x7fb")
    yield _header("cookie-nonsense", b"Set-Cookie: ;;;=;,", b"Set-Cookie:")
    yield _header("date-nonsense", b"Date: yesterday", b"Expires: -1", b"Last-Modified: 0")
    yield _header("connection-odd-case", b"cONNECTION: Keep-Alive, X-Foo")


def _types() -> Iterator[Odd]:
    yield _typed("type-missing")
    yield _typed("type-empty", b"Content-Type:")
    yield _typed("type-twice", b"Content-Type: text/html", b"Content-Type: text/html; charset=utf-8")
    yield _typed("type-twice-different", b"Content-Type: text/plain", b"Content-Type: text/html")
    yield _typed("type-folded", b"Content-Type: text/html;\r\n charset=utf-8")
    yield _typed("type-charset-nonsense", b"Content-Type: text/html; charset=klingon")
    yield _typed("type-charset-quoted", b"Content-Type: text/html; charset='utf-8'")
    yield _typed("type-parameters", b'Content-Type: TEXT/HTML ;; charset = "utf-8" ; q=";"')


def _redirects() -> Iterator[Odd]:
    yield _redirect("location-relative", b"plain")
    yield _redirect("location-no-scheme", b"/odd/plain?from=path")
    yield _redirect("location-spaces", b"/odd/plain?two words")
    yield _redirect("location-eight-bit", b"/odd/plain?caf\xe9")
    yield _redirect("location-utf-8", "/odd/plain?café".encode())
    yield _redirect("location-twice-same", b"/odd/plain", b"/odd/plain")
    yield _redirect("location-twice", b"/odd/plain", b"/odd/reason-empty")
    yield _redirect("location-missing")
    yield _redirect("location-empty", b"")


CASES = (*_status_lines(), *_fields(), *_types(), *_redirects())
