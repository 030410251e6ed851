"""What is archived goes out as it is, and a connection stays open only behind what another client sees end there."""

from __future__ import annotations

from dataclasses import replace

import h11
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model import Capture
from archive.replay.wire import Message, as_sent
from archive.resolve import Answer
from archive.warc.reader import Record
from tests.newsroom.odd import ODD
from tests.serve.collections import START

WIRES = [case.wire for case in ODD.values() if 0 < len(case.wire) < 4000 and case.interim == 0]
LINES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.0 200 OK",
        b"Content-Length: 4",
        b"content-length: 4",
        b"Content-Length: 5",
        b"Transfer-Encoding: chunked",
        b"Transfer-Encoding: gzip",
        b"Connection: close",
        b"Connection: keep-alive, Upgrade",
        b"Connection",
        b" folded",
        b"Type : text/html",
        b"",
        b"4;x=y",
        b"abcd",
        b"0",
    ]
)


@st.composite
def made(draw: st.DrawFn) -> bytes:
    """Something like a response, of parts that make sense alone."""
    first = draw(
        st.sampled_from([b"HTTP/1.1 200 OK", b"HTTP/1.1 204 ", b"HTTP/1.1 304 Not Modified", b"HTTP/1.1 103 "])
    )
    head = b"\r\n".join([first, *draw(st.lists(LINES, max_size=4))])
    body = draw(
        st.sampled_from([b"", b"abcd", b"4\r\nabcd\r\n0\r\n\r\n", b"4\nabcd\n0\n\n", b"4\r\nabcd\r\n0\r\nA: b\r\n\r\n"])
    )
    return head + draw(st.sampled_from([b"\r\n\r\n", b"\n\n", b"\r\n"])) + body


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """An odd response with a stretch of it replaced."""
    wire = draw(st.sampled_from(WIRES))
    at = draw(st.integers(0, len(wire)))
    return wire[:at] + draw(st.binary(max_size=3)) + wire[at + draw(st.integers(0, 8)) :]


@settings(max_examples=400)
@given(block=made() | spoilt() | st.sampled_from(WIRES))
def test_any_response(block: bytes) -> None:
    message = as_sent(answer_of(block))
    sent = message.head + b"".join([message.body] if isinstance(message.body, bytes) else message.body)
    assert sent == block
    if not message.last:
        client = h11.Connection(h11.CLIENT)
        client.send(h11.Request(method="GET", target="/", headers=[("Host", "news.example")]))
        client.send(h11.EndOfMessage())
        client.receive_data(sent)
        while not isinstance(event := client.next_event(), h11.EndOfMessage):
            assert isinstance(event, h11.Response | h11.Data), event
        assert client.trailing_data == (b"", False)
        assert client.their_state is h11.DONE


def answer_of(block: bytes) -> Answer:
    record = Record(headers=(("WARC-Type", "response"),), block=block, file="a.warc.gz", offset=0, length=1)
    capture = Capture(
        id="a",
        url="https://news.example/",
        date=START,
        status=200,
        mime="unk",
        digest=None,
        file=record.file,
        offset=0,
        length=1,
    )
    return Answer(capture=capture, record=record, source=record)


def test_most_of_what_servers_say_keeps_the_connection() -> None:
    length = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nhi\r\n0\r\nA: b\r\n\r\n"
    empty = b"HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n"
    assert [as_sent(answer_of(block)).last for block in (length, chunks, empty)] == [False] * 3
    assert as_sent(answer_of(length), "HEAD") == Message(head=length[:-2])


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"])
def test_a_revisit_whose_head_does_not_fit_is_answered_by_what_it_refers_to(head: bytes) -> None:
    whole = answer_of(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
    revisit = replace(whole.record, headers=(("WARC-Type", "revisit"),), block=head)
    assert as_sent(replace(whole, record=revisit)) == as_sent(whole)
