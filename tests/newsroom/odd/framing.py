"""Odd ways of saying where a body ends: lengths, chunks, and statuses that have none."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

from tests.newsroom.answers import Then, chunked
from tests.newsroom.odd.case import Odd, html, odd

__all__ = ["CASES"]


def _message(body: bytes, *lines: bytes, status: bytes = b"HTTP/1.1 200 OK") -> bytes:
    return b"\r\n".join((status, b"Content-Type: text/html", *lines, b"", body))


def _length(name: str, *values: bytes, then: Then = "keep") -> Odd:
    """`%d` stands for the true length."""
    size = str(len(html(name))).encode()
    lines = (b"Content-Length:" + value.replace(b"%d", size) for value in values)
    return odd(name, _message(html(name), *lines), then=then)


def _encoded(name: str, *codings: bytes, length: bytes = b"") -> Odd:
    """A chunked page under these Transfer-Encoding lines."""
    lines = [*(b"Transfer-Encoding:" + coding for coding in codings), *([length] if length else [])]
    return odd(name, _message(chunked(html(name), 50), *lines))


def _chunks(name: str, framed: bytes, *, then: Then = "keep", body: bytes | None = None) -> Odd:
    return odd(name, _message(framed, b"Transfer-Encoding: chunked"), then=then, body=body)


def _resized(name: str, size: bytes, end: bytes = b"\r\n") -> bytes:
    """The page as chunks whose size lines follow `size`, a %-format."""
    body = html(name)
    pieces = (body[at : at + 50] for at in range(0, len(body), 50))
    return b"".join(size % len(piece) + end + piece + end for piece in pieces) + b"0" + end + end


def _bodiless(name: str, status: int, line: bytes, *headers: bytes, rest: bytes = b"") -> Odd:
    """A status that has no body, whatever comes after its head."""
    return odd(name, _message(rest, *headers, status=line), status=status, body=b"")


def _lengths() -> Iterator[Odd]:
    yield _length("length-twice", b" %d", b" %d")
    yield _length("length-list", b" %d, %d")
    yield _length("length-padded", b" \t %d  ")
    yield _length("length-leading-zeros", b" 000%d")
    # Chromium reads on to the end of the connection where it cannot read the number
    yield _length("length-plus", b" +%d", then="close")
    yield _length("length-negative", b" -1", then="close")
    yield _length("length-word", b" many", then="close")
    yield _length("length-empty", b"", then="close")
    different = _message(html("length-different"), b"Content-Length: 10", b"Content-Length: 100")
    yield Odd(name="length-different", steps=(different,), then="close", payload=None)
    yield odd("length-zero", _message(b"", b"Content-Length: 0"), body=b"")
    for name, line in (("length-none", b"Server: plain"), ("length-none-keep-alive", b"Connection: keep-alive")):
        yield odd(name, _message(html(name), line), then="close")
    yield odd("headers-none", b"HTTP/1.1 200 OK\r\n\r\n" + html("headers-none"), then="close")


def _transfer() -> Iterator[Odd]:
    yield _encoded("te-upper-case", b" CHUNKED")
    yield _encoded("te-padded", b"   chunked  ")
    yield _encoded("te-and-length", b" chunked", length=b"Content-Length: 20")
    yield _encoded("te-identity-chunked", b" identity, chunked")
    yield _encoded("te-two-lines", b" identity", b" chunked")
    page = html("te-identity")
    yield odd("te-identity", _message(page, b"Transfer-Encoding: identity", b"Content-Length: %d" % len(page)))
    yield odd("te-unknown", _message(html("te-unknown"), b"Transfer-Encoding: plain"), then="close")
    page = html("te-gzip-chunked")
    packed = chunked(gzip.compress(page, mtime=0), 50)
    yield odd("te-gzip-chunked", _message(packed, b"Transfer-Encoding: gzip, chunked"), body=page)
    # opinions differ: one layer of chunks was sent, two are announced
    twice = _message(chunked(html("te-chunked-twice"), 50), b"Transfer-Encoding: chunked, chunked")
    yield Odd(name="te-chunked-twice", steps=(twice,), then="close", payload=None)
    old = _message(chunked(html("te-http-1.0")), b"Transfer-Encoding: chunked", status=b"HTTP/1.0 200 OK")
    yield Odd(name="te-http-1.0", steps=(old,), then="close", payload=None)


def _chunked() -> Iterator[Odd]:
    for name, size in (
        ("chunk-upper-case", b"%X"),
        ("chunk-leading-zeros", b"%08x"),
        ("chunk-padded", b"%x    "),
        ("chunk-extension", b"%x;name=value"),
        ("chunk-extension-quoted", b'%x ; name="semi;colon"'),
        ("chunk-extension-long", b"%x;" + b"e" * 5000),
    ):
        yield _chunks(name, _resized(name, size))
    yield _chunks("chunk-bare-lf", _resized("chunk-bare-lf", b"%x", b"\n"))
    yield _chunks("chunk-last-zeros", chunked(html("chunk-last-zeros"))[:-5] + b"00000\r\n\r\n")
    trailers = b"X-Checksum: 17\r\nX-Folded: a\r\n b\r\n\r\n"
    yield _chunks("chunk-trailers", chunked(html("chunk-trailers"))[:-2] + trailers)
    yield _chunks("chunk-one-byte", chunked(html("chunk-one-byte"), 1))
    name = "chunk-tiny-megabyte"
    large = html(name) + b"<!-- " + b"tide " * 200_000 + b"-->"
    yield _chunks(name, chunked(large, 16), body=large)
    yield _chunks("chunk-empty-body", b"0\r\n\r\n", body=b"")
    for name, size in (("chunk-0x", b"0x%x"), ("chunk-negative", b"-%x"), ("chunk-word", b"size%x")):
        message = _message(_resized(name, size), b"Transfer-Encoding: chunked")
        yield Odd(name=name, steps=(message,), then="close", payload=None)
    page = html("chunk-no-crlf")
    framed = b"".join(b"%x\r\n%s" % (len(piece), piece) for piece in (page[:50], page[50:])) + b"0\r\n\r\n"
    yield Odd(
        name="chunk-no-crlf", steps=(_message(framed, b"Transfer-Encoding: chunked"),), then="close", payload=None
    )


def _statuses() -> Iterator[Odd]:
    yield _bodiless("204-with-body", 204, b"HTTP/1.1 204 No Content", b"Content-Length: 5", rest=b"hello")
    yield _bodiless("204-with-length", 204, b"HTTP/1.1 204 No Content", b"Content-Length: 5")
    yield _bodiless("204-chunked", 204, b"HTTP/1.1 204 No Content", b"Transfer-Encoding: chunked", rest=b"0\r\n\r\n")
    yield _bodiless("304-unasked", 304, b"HTTP/1.1 304 Not Modified", b'ETag: "x"')
    yield _bodiless("304-with-body", 304, b"HTTP/1.1 304 Not Modified", b"Content-Length: 5", rest=b"hello")
    for name, status, lines in (
        ("205-with-body", b"205 Reset Content", ()),
        ("206-unasked", b"206 Partial Content", (b"Content-Range: bytes 0-%d/9999" % (len(html("206-unasked")) - 1),)),
        ("300-no-location", b"300 Multiple Choices", ()),
        ("401-no-challenge", b"401 Unauthorized", ()),
        ("402-paywall", b"402 Payment Required", ()),
        ("407-no-proxy", b"407 Proxy Authentication Required", ()),
        ("451-withheld", b"451 Unavailable For Legal Reasons", ()),
        ("520-origin-error", b"520 Web server is returning an unknown error", (b"Retry-After: soon",)),
    ):
        page = html(name)
        message = _message(page, b"Content-Length: %d" % len(page), *lines, status=b"HTTP/1.1 " + status)
        yield odd(name, message, status=int(status[:3]))


CASES = (*_lengths(), *_transfer(), *_chunked(), *_statuses())
