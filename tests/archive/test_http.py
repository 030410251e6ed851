"""Heads, framing and payloads: what browsers make of odd bytes, and what h11 makes of sound ones."""

from __future__ import annotations

import gzip
import zlib

import brotli  # type: ignore[import-untyped]
import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.http import Dechunker, Head, decoded, framing, parse_head, payload
from archive.spool import Spool

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def head_of(data: bytes) -> Head:
    head = parse_head(data)
    assert head is not None
    return head


@pytest.mark.parametrize(
    ("data", "status", "reason", "headers"),
    [
        (b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody", 200, b"OK", [(b"A", b"b")]),
        (b"HTTP/1.1 200\r\na:b\r\n\r\n", 200, b"", [(b"a", b"b")]),
        (b"HTTP/1.1 999 Request denied\nA: b\n\n", 999, b"Request denied", [(b"A", b"b")]),
        (b"HTTP/2 200 \r\n\r\n", 200, b"", []),
        (b"http/1.0 404 Not Found\r\n\r\n", 404, b"Not Found", []),
        (b"\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\n", 200, b"OK", [(b"A", b"b")]),
        (b"\xef\xbb\xbfHTTP/1.1 200 OK\r\n\r\n", 200, b"OK", []),
        (b"HTTP/1.1 200 OK\r\nA: one\r\n  two\r\n\tthree\r\n\r\n", 200, b"OK", [(b"A", b"one two three")]),
        (b"HTTP/1.1 200 OK\r\nA : b\r\n\r\n", 200, b"OK", [(b"A", b"b")]),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n fold of it\r\nA: b\r\n\r\n", 200, b"OK", [(b"A", b"b")]),
        (b"HTTP/1.1 200 OK\r\nA: \0x\ry\r\nB: \xe9\r\n\r\n", 200, b"OK", [(b"A", b"\0x\ry"), (b"B", b"\xe9")]),
        (b"HTTP/1.1 200 OK\r\nA: b\n\r\nX: y\r\n\r\n", 200, b"OK", [(b"A", b"b")]),
    ],
)
def test_head_is_read_as_a_browser_reads_it(
    data: bytes, status: int, reason: bytes, headers: list[tuple[bytes, bytes]]
) -> None:
    head = head_of(data)
    assert (head.status, head.reason, list(head.headers)) == (status, reason, headers)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nA: b\r\n",
        b"<html>HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"ICY 200 OK\r\n\r\n",
    ],
)
def test_what_is_no_head(data: bytes) -> None:
    assert parse_head(data) is None


def test_icy_is_a_head_only_to_who_asks() -> None:
    head = parse_head(b"ICY 200 OK\r\nicy-name: x\r\n\r\n", icy=True)
    assert head is not None
    assert (head.version, head.status) == (b"ICY", 200)


def test_head_length_counts_all_that_was_sent() -> None:
    lead, body = b"\r\n", b"body"
    data = lead + b"HTTP/1.1 200 OK\nA: b\r\n\n"
    assert head_of(data + body).length == len(data)


@pytest.mark.parametrize(
    ("value", "mime"),
    [
        (b"Text/HTML; charset=utf-8", "text/html"),
        (b"", "unk"),
        (b"nonsense", "unk"),
        (b"text/h\xe9", "unk"),
        (b" application/rss+xml ;x", "application/rss+xml"),
    ],
)
def test_mime(value: bytes, mime: str) -> None:
    assert head_of(b"HTTP/1.1 200 OK\r\nContent-Type: " + value + b"\r\n\r\n").mime == mime


@pytest.mark.parametrize(
    ("status", "headers", "kind", "length", "sound"),
    [
        (200, [b"Content-Length: 7"], "length", 7, True),
        (200, [b"Content-Length: 7", b"Content-Length: 7"], "length", 7, False),
        (200, [b"Content-Length: 7, 7"], "length", 7, False),
        (200, [b"Content-Length: +7"], "length", 7, False),
        (200, [b"Content-Length: -7"], "close", 0, False),
        (200, [b"Content-Length: seven", b"content-length: 7"], "length", 7, False),
        (200, [b"Transfer-Encoding: chunked"], "chunked", 0, True),
        (200, [b"Transfer-Encoding: Chunked", b"Content-Length: 7"], "chunked", 0, False),
        (200, [b"Transfer-Encoding: identity", b"Content-Length: 7"], "length", 7, False),
        (200, [b"Transfer-Encoding: nonsense"], "close", 0, False),
        (200, [], "close", 0, False),
        (205, [], "none", 0, False),
        (204, [b"Content-Length: 7"], "none", 0, True),
        (304, [b"Transfer-Encoding: chunked"], "none", 0, True),
        (101, [], "none", 0, False),
    ],
)
def test_framing(status: int, headers: list[bytes], kind: str, length: int, sound: bool) -> None:
    frame = framing(head_of(b"\r\n".join([b"HTTP/1.1 %d X" % status, *headers, b"", b""])))
    assert (frame.kind, frame.length, frame.sound) == (kind, length, sound)


def test_lengths_that_differ_are_in_conflict_save_where_chunks_tell() -> None:
    two = b"Content-Length: 5\r\nContent-Length: 7\r\n"
    frame = framing(head_of(b"HTTP/1.1 200 OK\r\n" + two + b"\r\n"))
    assert frame.conflicting
    assert frame.length == 5
    assert not framing(head_of(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + two + b"\r\n")).conflicting


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("wire", "body"),
    [
        (b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
        (b'5;ext="1"\r\nhello\r\n0;x\r\nTrailer: t\r\n\r\n', b"hello"),
        (b"5  \r\nhello\r\n 00000000000000000000001 \r\n!\r\n0\r\n\r\n", b"hello!"),
        (b"5\nhello\n0\n\n", b"hello"),
        (b"5\r\nhello\r\n", b"hello"),
        (b"5\r\nhel", b"hel"),
        (b"5\r\nhello\r\nzz\r\nmore", b"hello"),
        (b"5\r\nhelloworld\r\n0\r\n\r\n", b"hello"),
        (b"<html>never chunked\n</html>", b"<html>never chunked\n</html>"),
        (b"short", b"short"),
        (b"\r\n5\r\nhello", b"\r\n5\r\nhello"),
    ],
)
def test_chunks_are_taken_apart_whatever_their_state(wire: bytes, body: bytes) -> None:
    block = CHUNKED + wire
    head = head_of(block)
    spool = Spool(block)
    assert b"".join(payload(block, head)) == body
    assert b"".join(payload(spool, head)) == body
    spool.close()
    for cut in range(len(wire)):  # whatever the bytes come in, the content is the same
        dechunker = Dechunker()
        assert dechunker.feed(wire[:cut]) + dechunker.feed(wire[cut:]) + dechunker.finish() == body


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=8), st.binary(max_size=9), st.data())
def test_chunks_in_any_pieces_end_where_they_end(chunks: list[bytes], after: bytes, data: st.DataObject) -> None:
    wire = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\nT: x\r\n\r\n"
    stream = wire + after
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    dechunker, body, unused = Dechunker(), b"", 0
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        body += dechunker.feed(stream[start:end])
        unused += dechunker.unused if dechunker.done else 0
    assert (body, dechunker.done, unused, dechunker.sound) == (b"".join(chunks), True, len(after), True)


def test_trailers_without_end_are_cut() -> None:
    dechunker = Dechunker()
    dechunker.feed(b"0\r\n")
    for _ in range(2000):
        dechunker.feed(b"X: " + b"y" * 997 + b"\r\n")
    assert dechunker.broken


def test_payload_keeps_content_codings_and_removes_transfer_codings() -> None:
    packed = gzip.compress(b"news " * 100, mtime=0)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    start = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: "
    for block, body in [
        (start + b"chunked\r\nContent-Encoding: gzip\r\n\r\n" + chunked, packed),
        (start + b"gzip, chunked\r\n\r\n" + chunked, b"news " * 100),
        (start + b"gzip\r\n\r\n" + packed, b"news " * 100),
        (start + b"identity\r\n\r\n" + packed, packed),
    ]:
        assert b"".join(payload(block, head_of(block))) == body


@pytest.mark.parametrize(("status", "method"), [(b"204", "GET"), (b"304", "GET"), (b"200", "HEAD")])
def test_no_payload_where_there_can_be_none(status: bytes, method: str) -> None:
    block = b"HTTP/1.1 " + status + b" X\r\nContent-Length: 4\r\n\r\nbody"
    assert list(payload(block, head_of(block), method)) == []


def encoded_head(coding: bytes) -> Head:
    return head_of(b"HTTP/1.1 200 OK\r\nContent-Encoding: " + coding + b"\r\n\r\n")


TEXT = b"".join(b"line %d of the news\n" % n for n in range(20_000))
RAW = zlib.compressobj(wbits=-15)
RAW_DEFLATE = RAW.compress(TEXT) + RAW.flush()


@pytest.mark.parametrize(
    ("coding", "data"),
    [
        (b"gzip", gzip.compress(TEXT, mtime=0)),
        (b"GZIP", gzip.compress(TEXT, mtime=0)),
        (b"x-gzip", gzip.compress(TEXT[:99], mtime=0) + gzip.compress(TEXT[99:], mtime=0) + b"\0" * 8),
        (b"deflate", zlib.compress(TEXT)),
        (b"deflate", RAW_DEFLATE),
        (b"br", brotli.compress(TEXT)),
        (b"deflate, gzip", gzip.compress(zlib.compress(TEXT), mtime=0)),
        (b"gzip", TEXT),
        (b"identity", TEXT),
        (b"utf-8", TEXT),
    ],
)
def test_decoded(coding: bytes, data: bytes) -> None:
    assert decoded(data, encoded_head(coding)) == TEXT
    assert decoded(data, encoded_head(coding), limit=1000) == TEXT[:1000]


@pytest.mark.parametrize(
    ("coding", "data"),
    [(b"gzip", gzip.compress(TEXT, mtime=0)), (b"deflate", RAW_DEFLATE), (b"br", brotli.compress(TEXT))],
)
def test_a_damaged_body_is_read_up_to_the_damage(coding: bytes, data: bytes) -> None:
    half = len(data) // 2
    for damaged in (data[:half], data[:half] + b"\xff" * 64 + data[half + 64 :]):
        text = decoded(damaged, encoded_head(coding))
        assert len(text) > len(TEXT) // 4
        assert text[: len(TEXT) // 4] == TEXT[: len(TEXT) // 4]


def test_a_wrong_checksum_costs_nothing() -> None:
    assert decoded(gzip.compress(TEXT, mtime=0)[:-8] + b"\0" * 8, encoded_head(b"gzip")) == TEXT


def test_a_bomb_is_cut_at_the_limit() -> None:
    assert len(decoded(gzip.compress(bytes(30_000_000), mtime=0), encoded_head(b"gzip"), limit=1_000_000)) == 1_000_000


tokens = st.text("abcXYZ-09", min_size=1, max_size=12).map(str.encode)
values = st.text('abc ,;="/é0123', max_size=30).map(lambda text: text.strip().encode("latin-1"))


@given(st.integers(200, 599), st.lists(st.tuples(tokens, values), max_size=6), st.binary(max_size=20))
def test_agrees_with_h11_on_sound_heads(status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    lines = [b"HTTP/1.1 %d Fine" % status, *(name + b": " + value for name, value in headers), b"", b""]
    wire = b"\r\n".join(lines)
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "x")]))
    connection.receive_data(wire)
    event = connection.next_event()
    assert isinstance(event, h11.Response)
    head = head_of(wire + body)
    assert head.status == event.status_code
    assert list(head.headers) == event.headers.raw_items()
    assert head.length == len(wire)


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    for block in (data, PLAIN + data, CHUNKED + data, b"HTTP/1.1 200 OK\r\n" + data + b"\r\n\r\n"):
        head = parse_head(block)
        if head is not None:
            assert head.length <= len(block)
            decoded(b"".join(payload(block, head)), head)
    for coding in (b"gzip", b"deflate", b"br", b"zstd"):
        decoded(data, encoded_head(coding))
