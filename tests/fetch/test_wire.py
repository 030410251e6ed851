"""The reader of responses: every byte kept, whatever the pieces it comes in, and a page wherever there is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import h11
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.spool import Spool
from crawler.fetch.wire import SURPLUS_LIMIT, USUAL_HEAD, ResponseReader

End = Literal["open", "fin", "reset"]


@dataclass(frozen=True)
class Case:
    """What a server sends, and what a browser makes of it."""

    wire: bytes
    body: bytes | None = None
    """None: no page."""
    status: int = 200
    end: End = "open"
    method: str = "GET"
    interim: int = 0
    surplus: bytes = b""
    reusable: bool = False
    truncated: str | None = None


OK = b"HTTP/1.1 200 OK\r\n"
SIZED = OK + b"Content-Length: 7\r\n\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
LINE = b"x" * 100_000
GZIPPED = bytes.fromhex("1f8b08000000000002ffcb4b2d2f0600b1a94f9a04000000")  # "news", by another gzip

CASES: dict[str, Case] = {
    "plain": Case(SIZED + b"article", b"article", reusable=True),
    "lower-case names": Case(b"HTTP/1.1 200 ok\r\ncontent-length: 7\r\n\r\narticle", b"article", reusable=True),
    "duplicate headers": Case(OK + b"A: 1\r\nA: 2\r\nContent-Length: 7\r\n\r\narticle", b"article", reusable=True),
    "folded header": Case(OK + b"A: 1\r\n  2\r\nContent-Length: 7\r\n\r\narticle", b"article", reusable=True),
    "8-bit header": Case(OK + b"A: \xe9\xff\r\nContent-Length: 7\r\n\r\narticle", b"article", reusable=True),
    "long header": Case(OK + b"A: " + LINE + b"\r\nContent-Length: 7\r\n\r\narticle", b"article", reusable=True),
    "no reason": Case(b"HTTP/1.1 200\r\nContent-Length: 7\r\n\r\narticle", b"article", reusable=True),
    "status 999": Case(b"HTTP/1.1 999 No\r\nContent-Length: 2\r\n\r\nno", b"no", status=999, reusable=True),
    "HTTP/1.0": Case(b"HTTP/1.0 200 OK\r\nContent-Length: 7\r\n\r\narticle", b"article"),
    "HTTP/1.0 keep-alive": Case(
        b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 7\r\n\r\narticle", b"article", reusable=True
    ),
    "HTTP/2 status line": Case(b"HTTP/2 200 \r\nContent-Length: 7\r\n\r\narticle", b"article"),
    "ICY": Case(b"ICY 200 OK\r\nContent-Length: 7\r\n\r\narticle", b"article"),
    "blank lines first": Case(b"\r\n\r\n" + SIZED + b"article", b"article", reusable=True),
    "space before colon": Case(OK + b"Content-Length : 7\r\n\r\narticle", b"article"),
    "line without colon": Case(OK + b"nonsense\r\nContent-Length: 7\r\n\r\narticle", b"article", reusable=True),
    "NUL in header": Case(OK + b"A: \0\r\nContent-Length: 7\r\n\r\narticle", b"article", reusable=True),
    "CR in header": Case(OK + b"A: 1\r2\r\nContent-Length: 7\r\n\r\narticle", b"article", reusable=True),
    "bare LF": Case(b"HTTP/1.1 200 OK\nContent-Length: 7\n\narticle", b"article", reusable=True),
    "connection: close": Case(OK + b"Connection: close\r\nContent-Length: 7\r\n\r\narticle", b"article"),
    "two equal lengths": Case(OK + b"Content-Length: 7\r\nContent-Length: 7\r\n\r\narticle", b"article"),
    "two lengths in one": Case(OK + b"Content-Length: 7, 7\r\n\r\narticle", b"article"),
    "lengths that differ": Case(OK + b"Content-Length: 7\r\nContent-Length: 5\r\n\r\narticle", surplus=b"le"),
    "signed length": Case(OK + b"Content-Length: +7\r\n\r\narticle", b"article"),
    "negative length": Case(OK + b"Content-Length: -7\r\n\r\narticle", b"article", end="fin"),
    "chunked": Case(CHUNKED + b"3\r\nart\r\n4\r\nicle\r\n0\r\n\r\n", b"article", reusable=True),
    "chunked and length": Case(
        OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n7\r\narticle\r\n0\r\n\r\n", b"article"
    ),
    "chunk extensions": Case(CHUNKED + b"7;a=b\r\narticle\r\n0\r\n\r\n", b"article", reusable=True),
    "padded chunk sizes": Case(CHUNKED + b"0007  \r\narticle\r\n0 \r\n\r\n", b"article", reusable=True),
    "bare LF chunks": Case(CHUNKED + b"7\narticle\n0\n\n", b"article"),
    "trailers": Case(CHUNKED + b"7\r\narticle\r\n0\r\nA: b\r\n\r\n", b"article", reusable=True),
    "missing last chunk": Case(CHUNKED + b"7\r\narticle\r\n", b"article", end="fin", truncated="disconnect"),
    "broken chunk": Case(CHUNKED + b"7\r\narticle\r\nzz\r\nmore", b"article", truncated="unspecified"),
    "not chunked at all": Case(CHUNKED + b"article", b"article", end="fin"),
    "identity": Case(OK + b"Transfer-Encoding: identity\r\nContent-Length: 7\r\n\r\narticle", b"article"),
    "gzip, chunked": Case(OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n18\r\n" + GZIPPED + b"\r\n0\r\n\r\n", b"news"),
    "until close": Case(OK + b"\r\narticle", b"article", end="fin"),
    "reset in body": Case(OK + b"\r\narticle", b"article", end="reset", truncated="disconnect"),
    "short body": Case(SIZED + b"art", b"art", end="fin", truncated="disconnect"),
    "head only": Case(SIZED, b"", end="reset", truncated="disconnect"),
    "204 with body": Case(b"HTTP/1.1 204 No\r\nContent-Length: 7\r\n\r\narticle", b"", status=204, surplus=b"article"),
    "304 with body": Case(b"HTTP/1.1 304 No\r\nContent-Length: 7\r\n\r\narticle", b"", status=304, surplus=b"article"),
    "304": Case(b"HTTP/1.1 304 No\r\nContent-Length: 7\r\n\r\n", b"", status=304, reusable=True),
    "HEAD with body": Case(SIZED + b"article", b"", method="HEAD", surplus=b"article"),
    "HEAD": Case(SIZED, b"", method="HEAD", reusable=True),
    "205 without length": Case(b"HTTP/1.1 205 Reset\r\n\r\n", b"", status=205),
    "no body": Case(OK + b"Content-Length: 0\r\n\r\n", b"", reusable=True),
    "100 and 103": Case(
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + SIZED + b"article",
        b"article",
        interim=2,
        reusable=True,
    ),
    "101 unasked": Case(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n\0\1\2", b"", status=101, surplus=b"\0\1\2"),
    "surplus": Case(SIZED + b"article" + SIZED + b"another", b"article", surplus=SIZED + b"another"),
    "surplus after chunks": Case(CHUNKED + b"7\r\narticle\r\n0\r\n\r\n!", b"article", surplus=b"!"),
    "empty reply": Case(b"", end="fin"),
    "interim and no more": Case(b"HTTP/1.1 100 Continue\r\n\r\n", end="fin", interim=1),
    "head cut short": Case(OK + b"Content-Le", end="fin", truncated="disconnect"),
    "HTTP/0.9": Case(b"<html>article</html>", end="fin"),
    "HTTP/0.9, cut": Case(b"<html>article</html>", end="reset", truncated="disconnect"),
    "garbage": Case(bytes(range(256)), end="fin"),
    "status line without status": Case(b"HTTP/1.1 OK\r\n\r\narticle", end="fin"),
}


def read(case: Case, cuts: list[int], *, memory: int = 1 << 20) -> tuple[ResponseReader, bytes]:
    reader = ResponseReader(case.method, memory=memory)
    body = b""
    for start, end in zip([0, *cuts], [*cuts, len(case.wire)], strict=True):
        body += reader.feed(case.wire[start:end]) if start < end else b""
    if case.end != "open":
        body += reader.eof(clean=case.end == "fin")
    return reader, body


def block_of(reader: ResponseReader) -> bytes:
    return b"".join(reader.block.chunks()) if isinstance(reader.block, Spool) else reader.block


def check(case: Case, reader: ResponseReader) -> None:
    block = block_of(reader)
    assert b"".join(reader.interim) + block + reader.surplus == case.wire
    assert len(reader.interim) == case.interim
    assert (reader.surplus, reader.surplus_length) == (case.surplus, len(case.surplus))
    assert reader.ended
    assert reader.usable == (case.body is not None)
    assert reader.truncated == case.truncated
    assert reader.reusable == case.reusable
    assert reader.body() == (case.body or b"") or not reader.usable
    if case.body is not None:
        assert reader.head is not None
        assert reader.head.status == case.status


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_all_at_once_and_byte_by_byte(case: Case) -> None:
    check(case, read(case, [])[0])
    if len(case.wire) < 1000:
        check(case, read(case, list(range(1, len(case.wire))))[0])


@given(st.sampled_from(sorted(CASES)), st.data())
@example("surplus", None)
def test_any_pieces_give_the_same(name: str, data: st.DataObject | None) -> None:
    case = CASES[name]
    size = len(case.wire)
    cuts = sorted(data.draw(st.lists(st.integers(0, size), max_size=8))) if data else [size - 3]
    whole, expected = read(case, [])
    reader, body = read(case, cuts)
    check(case, reader)
    assert body == expected
    assert reader.head == whole.head


@pytest.mark.parametrize(
    "name", ["plain", "chunked", "gzip, chunked", "until close", "surplus after chunks", "garbage"]
)
def test_what_outgrows_memory_is_in_a_file_and_just_the_same(name: str) -> None:
    case = CASES[name]
    reader, _ = read(case, [5, len(case.wire) - 6], memory=10)
    assert isinstance(reader.block, Spool)
    check(case, reader)
    reader.close()


def test_a_body_beyond_its_limit_is_cut_and_kept() -> None:
    reader = ResponseReader(limit=1000)
    reader.feed(OK + b"\r\n")
    sent = 0
    while not reader.ended:
        reader.feed(b"y" * 300)
        sent += 300
    assert sent == 1200
    assert block_of(reader) == OK + b"\r\n" + b"y" * 1200
    assert reader.truncated == "length"
    assert not reader.reusable


def test_a_body_announced_beyond_its_limit_is_not_waited_for() -> None:
    reader = ResponseReader(limit=6)
    reader.feed(SIZED + b"art")
    assert reader.ended
    assert (reader.truncated, reader.expected_length) == ("length", 7)
    assert block_of(reader) == SIZED + b"art"


def test_as_much_as_is_enough_is_taken_of_whatever_was_announced() -> None:
    reader = ResponseReader(limit=1, enough=1000)
    reader.feed(OK + b"Content-Length: 99999999\r\n\r\n")
    while not reader.ended:
        reader.feed(b"y" * 300)
    assert reader.has_enough
    assert reader.body() == b"y" * 1200
    assert (reader.truncated, reader.reusable) == ("length", False)
    short = ResponseReader(enough=1000)
    short.feed(SIZED + b"article")
    assert (short.has_enough, short.complete) == (False, True)


def test_chunk_framing_without_content_is_cut_too() -> None:
    reader = ResponseReader(limit=10_000)
    reader.feed(CHUNKED)
    fed = 0
    while not reader.ended:
        reader.feed((b"1;" + b"e" * 1000 + b"\r\nx\r\n") * 10)
        fed += 10
        assert fed < 10_000
    assert reader.truncated == "length"


def test_a_page_in_chunks_of_one_byte_is_taken_and_one_without_end_is_not() -> None:
    page = ResponseReader(limit=64_000_000)
    page.feed(CHUNKED + b"1\r\nx\r\n" * 40_000 + b"0\r\n\r\n")
    assert (page.complete, page.body()) == (True, b"x" * 40_000)
    endless = ResponseReader(limit=64_000_000)
    endless.feed(CHUNKED)
    while not endless.ended:
        endless.feed(b"1\r\nx\r\n" * 1000)
    assert endless.truncated == "length"
    assert endless.block_length < 500_000, "each of these chunks costs as much as one of a page"


def test_a_head_without_end_is_cut() -> None:
    reader = ResponseReader()
    reader.feed(OK)
    for _ in range(USUAL_HEAD // 1000 + 1):
        reader.feed(b"A: " + b"y" * 995 + b"\r\n")
    assert reader.ended
    assert (reader.head, reader.truncated) == (None, "length")


def test_interim_heads_without_end_are_cut() -> None:
    reader = ResponseReader()
    while not reader.ended:
        reader.feed(b"HTTP/1.1 102 Processing\r\n\r\n" * 1000)
    assert len(reader.interim) < 1000, "each costs as much as a page's"
    assert (reader.head, reader.truncated) == (None, "length")
    assert reader.started


def test_a_hundred_interim_heads_are_borne() -> None:
    reader = ResponseReader()
    reader.feed(b"HTTP/1.1 102 Processing\r\n\r\n" * 100)
    reader.feed(OK)
    assert not reader.ended
    assert len(reader.interim) == 100


def test_surplus_is_counted_beyond_what_is_kept() -> None:
    reader = ResponseReader()
    reader.feed(SIZED + b"article" + b"z" * 50_000)
    reader.feed(b"z" * 50_000)
    assert len(reader.surplus) == SURPLUS_LIMIT
    assert reader.surplus_length == 100_000


def test_time_runs_out_at_any_point() -> None:
    for cut in range(len(SIZED) + 6):
        reader = ResponseReader()
        reader.feed((SIZED + b"article")[:cut])
        reader.cut("time")
        assert block_of(reader) == (SIZED + b"article")[:cut]
        assert reader.truncated == ("time" if cut else None)
        assert reader.fault == "time"


names = st.text("abcXYZ-", min_size=1, max_size=9).map(str.encode)
values = st.text("abc ,;=é0123", max_size=20).map(lambda text: text.strip().encode("latin-1"))


@given(
    status=st.sampled_from([200, 203, 204, 304, 404, 500]),
    method=st.sampled_from(["GET", "HEAD"]),
    headers=st.lists(st.tuples(names, values), max_size=4),
    body=st.binary(max_size=60),
    chunked=st.booleans(),
    interim=st.booleans(),
    data=st.data(),
)
def test_agrees_with_h11_on_sound_messages(
    status: int,
    method: str,
    headers: list[tuple[bytes, bytes]],
    body: bytes,
    chunked: bool,
    interim: bool,
    data: st.DataObject,
) -> None:
    server = h11.Connection(h11.SERVER)
    server.receive_data(method.encode() + b" / HTTP/1.1\r\nHost: x\r\n\r\n")
    server.next_event()
    framing = (b"Transfer-Encoding", b"chunked") if chunked else (b"Content-Length", b"%d" % len(body))
    events: list[h11.Event] = [h11.InformationalResponse(status_code=103, headers=[("Link", "x")])] if interim else []
    events.append(h11.Response(status_code=status, headers=[*headers, framing], reason=b"Fine"))
    if method == "GET" and status not in (204, 304):
        events.append(h11.Data(data=body))
    wire = b"".join(server.send(event) or b"" for event in [*events, h11.EndOfMessage()])
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)), max_size=5)))

    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method=method, target="/", headers=[("Host", "x")]))
    client.send(h11.EndOfMessage())
    client.receive_data(wire)
    seen = []
    while not isinstance(event := client.next_event(), (h11.EndOfMessage, type(h11.NEED_DATA))):
        seen.append(event)
    (response,) = [event for event in seen if isinstance(event, h11.Response)]

    reader = ResponseReader(method)
    for start, end in zip([0, *cuts], [*cuts, len(wire)], strict=True):
        reader.feed(wire[start:end])
    assert reader.complete
    assert reader.head is not None
    assert reader.head.status == response.status_code
    assert list(reader.head.headers) == response.headers.raw_items()
    assert reader.body() == b"".join(event.data for event in seen if isinstance(event, h11.Data))
    assert len(reader.interim) == interim
    assert reader.reusable


@given(st.binary(max_size=300), st.sampled_from([b"", OK, CHUNKED, SIZED, b"HTTP/1.1 100 C\r\n\r\n"]), st.data())
def test_no_bytes_make_it_fail_or_lose_any(data: bytes, start: bytes, draw: st.DataObject) -> None:
    wire = start + data
    reader = ResponseReader(memory=draw.draw(st.sampled_from([20, 1000])))
    cut = draw.draw(st.integers(0, len(wire)))
    body = reader.feed(wire[:cut]) + reader.feed(wire[cut:]) + reader.eof(clean=draw.draw(st.booleans()))
    assert b"".join(reader.interim) + block_of(reader) + reader.surplus == wire
    assert len(body) == reader.body_length
    reader.body()
    reader.close()
