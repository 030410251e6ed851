"""The pure parts by themselves: the short way is no laxer than the long one, and pieces do not matter."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.care.blocks import block_of
from archive.care.defects import CODES, weight
from archive.care.header import Header, parse
from archive.care.rules import Familiar, judge
from archive.care.stated import Stated
from tests.archive.care.breaking import load, save, sha1
from tests.archive.care.collections import PAGE, chunked, defects

ID = "<urn:uuid:12345678-1234-4234-9234-123456789abc>"
GOOD = [
    ("WARC-Type", "response"),
    ("WARC-Record-ID", ID),
    ("WARC-Date", "2026-03-01T12:30:15.123456Z"),
    ("WARC-Target-URI", "http://news.example/a%20b?q=1"),
    ("WARC-IP-Address", "192.0.2.7"),
    ("WARC-Protocol", "http/1.1"),
    ("WARC-Protocol", "tls/1.3"),
    ("WARC-Payload-Digest", sha1(PAGE)),
    ("WARC-Block-Digest", sha1(PAGE)),
    ("WARC-Warcinfo-ID", ID.replace("9abc", "9abd")),
    ("WARC-Identified-Payload-Type", "text/html"),
    ("Content-Type", "application/http;msgtype=response"),
    ("Content-Length", "100"),
]


def block(lines: list[tuple[str, str]]) -> bytes:
    return "\r\n".join(["WARC/1.1", *(f"{name}: {value}" for name, value in lines)]).encode()


def familiar() -> Familiar:
    forms = Familiar()
    header, problems = parse(block(GOOD))
    assert header is not None
    assert not problems
    assert not judge(header, ours=True)
    forms.learn(block(GOOD), header)
    return forms


def test_what_is_familiar_is_read_as_the_long_way_reads_it() -> None:
    other = [(name, value.replace("12:30:15.1", "12:30:16.9").replace("/a%20b", "/")) for name, value in GOOD]
    assert familiar().recognise(block(other)) == parse(block(other))[0]


@given(
    st.integers(0, len(GOOD) - 1),
    st.integers(0, 60),
    st.integers(0, 3),
    st.text(max_size=3) | st.sampled_from(["99", "\r\n ", "=?utf-8?Q?x?=", "<", "%", "::", "#", "\t", "T25:61"]),
)
def test_what_is_familiar_is_faultless(line: int, place: int, cut: int, new: str) -> None:
    """However a good header is changed, it is recognised only if the long way finds no fault in it."""
    name, value = GOOD[line]
    raw = block([*GOOD[:line], (name, value[:place] + new + value[place + cut :]), *GOOD[line + 1 :]])
    header = familiar().recognise(raw)
    if header is not None:
        slow, problems = parse(raw)
        assert slow == header
        assert problems == []
        assert judge(slow, ours=True) == []


def http_header(payload: bytes) -> Header:
    return header_with(("WARC-Payload-Digest", sha1(payload)))


def header_with(*more: tuple[str, str]) -> Header:
    lines = [line for line in GOOD if "Digest" not in line[0]]
    header, _ = parse(block([*lines, *more]))
    assert header is not None
    return header


CODED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
    + chunked(gzip.compress(PAGE)).partition(b"\r\n\r\n")[2]
)


@pytest.mark.parametrize(
    ("raw", "payload"),
    [
        (chunked(PAGE), PAGE),
        (b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(PAGE), PAGE), PAGE),
        (b"\r\n\r\nHTTP/1.0 200\r\nX: " + b"y" * 5000 + b"\n\n" + PAGE, PAGE),
        (CODED, PAGE),
    ],
)
@given(cuts=st.lists(st.integers(0, 6000), max_size=6))
def test_the_payload_is_the_same_in_any_pieces(raw: bytes, payload: bytes, cuts: list[int]) -> None:
    right, wrong = block_of(http_header(payload), ours=True), block_of(http_header(b"x"), ours=True)
    places = [0, *sorted(cuts), len(raw)]
    for start, end in pairwise(places):
        right.feed(memoryview(raw)[start:end])
        wrong.feed(memoryview(raw)[start:end])
    assert list(right.problems()) == []
    assert [problem.code for problem in wrong.problems()] == ["payload-digest"]


@pytest.mark.parametrize(
    "text",
    [
        "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
        "SHA1:3i42h3s6nnfq2msvx7xzkyayscx5qbyj",
        "sha-1:da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "md5:d41d8cd98f00b204e9800998ecf8427e",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "sha256:4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ====",
    ],
)
def test_digests_are_understood_in_every_spelling(text: str) -> None:
    assert Stated(text).holds()
    changed = Stated(text)
    changed.update(b"x")
    assert not changed.holds()


def test_a_digest_of_a_form_nobody_writes_is_no_digest() -> None:
    for text in ("sha1:abc", "crc32:00000000", "nothing"):
        with pytest.raises(ValueError, match=text):
            Stated(text)


def test_a_large_record_costs_no_memory(warc: Path) -> None:
    records = load(warc)
    number = next(n for n, r in enumerate(records) if r.get("WARC-Target-URI").endswith("/json"))
    body = bytes(48 * 1024 * 1024)
    records[number].refill(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body, body)
    save(warc, records)
    del records, body
    tracemalloc.start()
    try:
        assert defects([warc]) == []
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_foreign_file_is_held_to_the_standard_only(warc: Path) -> None:
    records = load(warc)
    records[0].refill(records[0].block.replace(b"software: wirecopy", b"software: another"))
    for record in records:
        record.drop("WARC-Warcinfo-ID")
        record.put("WARC-Date", record.get("WARC-Date")[:19] + "Z")
    cut = next(record for record in records if record.get("WARC-Truncated") == "disconnect")
    cut.put("WARC-Truncated", "long response")
    for record in records:
        if record.get("WARC-Refers-To-Date"):
            record.put("WARC-Refers-To-Date", record.get("WARC-Refers-To-Date")[:19] + "Z")
    save(warc, records)
    assert defects([warc]) == []
    told = {note.what: note.count for note in defects([warc], notes=True) if note.code == "lacking-field"}
    requests = sum(record.get("WARC-Type") == "request" for record in records)
    assert told["a request without WARC-Warcinfo-ID"] == requests, "notes are told once a file, with their count"


def test_every_code_says_why_in_a_line() -> None:
    for code, rule in CODES.items():
        assert rule.why
        assert len(rule.why) < 120
        assert weight(code, True) is not None or weight(code, False) is not None


def test_one_gzip_member_of_zlib_is_as_good_as_ours(warc: Path) -> None:
    for level in (0, 1, 9):
        data = b"".join(zlib.compress(record.raw, level, 31) for record in load(warc))
        warc.write_bytes(data)
        assert defects([warc]) == []
