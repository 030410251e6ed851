"""Odd content: encodings that lie, break off or go on, and bytes that no charset explains."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

from tests.newsroom.answers import chunked
from tests.newsroom.odd.case import Odd, html, odd, sized

__all__ = ["CASES"]


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _brotli(data: bytes) -> bytes:
    """RFC 7932: a 64 KiB window, one uncompressed meta-block of at most 64 KiB, an empty last one."""
    return ((len(data) - 1) << 4 | 1 << 20).to_bytes(3, "little") + data + b"\x03"


def _zstd(data: bytes) -> bytes:
    """RFC 8878: a single segment of fewer than 256 bytes as one raw block."""
    return b"\x28\xb5\x2f\xfd\x20" + bytes([len(data)]) + (len(data) << 3 | 1).to_bytes(3, "little") + data


def _encoded(name: str, coding: bytes, body: bytes) -> Odd:
    return odd(name, sized(body, b"Content-Encoding: " + coding), body=body)


def _encodings() -> Iterator[Odd]:
    for name, coding, encode in (
        ("gzip", b"gzip", _gzip),
        ("gzip-x", b"x-gzip", _gzip),
        ("gzip-upper-case", b"GZIP", _gzip),
        ("gzip-twice", b"gzip, gzip", lambda page: _gzip(_gzip(page))),
        ("gzip-twice-named-once", b"gzip", lambda page: _gzip(_gzip(page))),
        ("gzip-two-members", b"gzip", lambda page: _gzip(page[:-50]) + _gzip(page[-50:])),
        ("gzip-trailing-garbage", b"gzip", lambda page: _gzip(page) + b"\0\0garbage"),
        ("gzip-truncated", b"gzip", lambda page: _gzip(page)[:-20]),
        ("gzip-no-checksum", b"gzip", lambda page: _gzip(page)[:-8]),
        ("gzip-bad-checksum", b"gzip", lambda page: _gzip(page)[:-8] + bytes(8)),
        ("gzip-empty", b"gzip", lambda page: b""),
        ("gzip-lie", b"gzip", lambda page: page),
        ("gzip-is-deflate", b"gzip", zlib.compress),
        ("deflate", b"deflate", zlib.compress),
        ("deflate-raw", b"deflate", lambda page: zlib.compress(page)[2:-4]),
        ("deflate-is-gzip", b"deflate", _gzip),
        ("brotli-unasked", b"br", _brotli),
        ("zstd-unasked", b"zstd", _zstd),
        ("encoding-identity", b"identity", bytes),
        ("encoding-utf-8", b"utf-8", bytes),
        ("encoding-empty", b"", bytes),
    ):
        yield _encoded(name, coding, encode(html(name)))
    name = "gzip-chunked"
    body = _gzip(html(name))
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    yield odd(name, head + chunked(body, 7), body=body)
    name = "gzip-length-of-plain"
    body = _gzip(html(name) + b"<!-- " + b"a" * 500 + b"-->")
    message = sized(body, b"Content-Encoding: gzip").replace(b"Length: %d" % len(body), b"Length: 700")
    yield odd(name, message, then="close", body=body, truncated="disconnect")


def _charsets() -> Iterator[Odd]:
    for name, kind, encode in (
        ("charset-wrong", b"text/html; charset=utf-8", lambda page: page + "<p>Größe</p>".encode("latin-1")),
        (
            "charset-bom",
            b"text/html; charset=iso-8859-1",
            lambda page: b"\xef\xbb\xbf" + page + "<p>Größe</p>".encode(),
        ),
        ("charset-utf-16", b"text/html", lambda page: page.decode().encode("utf-16")),
        ("nul-in-body", b"text/html", lambda page: page.replace(b"<p>end", b"\0<p>\0end")),
        ("type-xhtml", b"application/xhtml+xml", _xhtml),
        ("type-plain-html", b"text/plain", bytes),
    ):
        body = encode(html(name))
        yield odd(name, sized(body, kind=kind), body=body)


def _xhtml(page: bytes) -> bytes:
    return page.replace(b"<!doctype html><html>", b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">')


CASES = (*_encodings(), *_charsets())
