"""Every kind of broken record and file, made on purpose: verify names it, and says where."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.archive.care.breaking import Rec, load, offsets, save, sha1
from tests.archive.care.collections import PAGE, defects

Records = list[Rec]
Break = Callable[[Records], int]
"""Breaks something, and says which record it is."""


def at(records: Records, kind: str, url: str = "") -> int:
    return next(
        n for n, r in enumerate(records) if r.get("WARC-Type") == kind and r.get("WARC-Target-URI").endswith(url)
    )


def put(kind: str, url: str, name: str, value: str) -> Break:
    def change(records: Records) -> int:
        number = at(records, kind, url)
        records[number].put(name, value)
        return number

    return change


def add(kind: str, url: str, name: str, value: str) -> Break:
    def change(records: Records) -> int:
        number = at(records, kind, url)
        records[number].add(name, value)
        return number

    return change


def drop(kind: str, url: str, name: str) -> Break:
    def change(records: Records) -> int:
        number = at(records, kind, url)
        records[number].drop(name)
        return number

    return change


def duplicate_id(records: Records) -> int:
    first, second = at(records, "metadata", "/story"), at(records, "metadata", "/chunked")
    records[second].put("WARC-Record-ID", records[first].get("WARC-Record-ID"))
    return second


def swap_warcinfo(records: Records) -> int:
    records[0], records[1] = records[1], records[0]
    return 0


def short_length(records: Records) -> int:
    number = at(records, "request", "/chunked")
    records[number].put("Content-Length", str(len(records[number].block) - 7))
    return number


def long_length(records: Records) -> int:
    number = at(records, "request", "/chunked")
    records[number].put("Content-Length", str(len(records[number].block) + 100))
    return number


def no_end(records: Records) -> int:
    number = at(records, "response", "/chunked")
    records[number].end = b"\r\n"
    return number


def trailing(records: Records) -> int:
    number = at(records, "response", "/chunked")
    records[number].end += b"more"
    return number


def changed_block(records: Records) -> int:
    number = at(records, "request", "/chunked")
    records[number].block = records[number].block.replace(b"GET", b"PUT")
    return number


def changed_payload(records: Records) -> int:
    number = at(records, "response", "/json")
    records[number].put("WARC-Payload-Digest", sha1(b"another"))
    return number


def framed_payload(records: Records) -> int:
    number = at(records, "response", "/chunked")
    records[number].put("WARC-Payload-Digest", sha1(records[number].block.partition(b"\r\n\r\n")[2]))
    return number


def decoded_body(records: Records) -> int:
    number = at(records, "response", "/gzip")
    head, _, body = records[number].block.partition(b"\r\n\r\n")
    plain = gzip.decompress(body)
    records[number].refill(head + b"\r\n\r\n" + plain, plain)
    return number


def decoded_chunks(records: Records) -> int:
    number = at(records, "response", "/chunked-gzip")
    head, _, _body = records[number].block.partition(b"\r\n\r\n")
    records[number].refill(head + b"\r\n\r\n" + PAGE, PAGE)
    return number


def unmarked_short(records: Records) -> int:
    number = at(records, "response", "/cut")
    records[number].drop("WARC-Truncated")
    return number


def unmarked_chunks(records: Records) -> int:
    number = at(records, "response", "/chunked")
    block = records[number].block.removesuffix(b"0\r\n\r\n")
    records[number].refill(block, PAGE)
    return number


def not_head(records: Records) -> int:
    number = at(records, "request", "/head")
    records[number].refill(records[number].block.replace(b"HEAD", b"GET"))
    return at(records, "response", "/head")


def interim(records: Records) -> int:
    number = at(records, "response", "/json")
    records[number].refill(b"HTTP/1.1 103 Early Hints\r\n\r\n" + records[number].block)
    return number


def full_revisit(records: Records) -> int:
    number = at(records, "revisit")
    records[number].refill(records[number].block + PAGE)
    return number


def folded(records: Records) -> int:
    number = at(records, "response", "/json")
    place = [name for name, _ in records[number].lines].index(b"WARC-Protocol")
    records[number].lines.insert(place + 1, (b" folded", b"on"))
    return number


def colonless(records: Records) -> int:
    number = at(records, "response", "/json")
    record = records[number]
    record.lines.append((b"WARC-What", b""))
    record.version += b"\r\nno field at all"
    record.drop("WARC-What")
    return number


def lone_feeds(records: Records) -> int:
    number = at(records, "response", "/json")
    records[number].line_end = b"\n"
    return number


def old_version(records: Records) -> int:
    number = at(records, "response", "/json")
    records[number].version = b"WARC/1.0"
    return number


def not_a_version(records: Records) -> int:
    number = at(records, "metadata", "/json")
    records[number].version = b"ARC/1"
    return number


def to_revisit(records: Records) -> int:
    first = at(records, "revisit")
    second = next(n for n, r in enumerate(records) if n > first and r.get("WARC-Type") == "revisit")
    records[second].put("WARC-Refers-To", records[first].get("WARC-Record-ID"))
    records[second].put("WARC-Refers-To-Date", records[first].get("WARC-Date"))
    return second


def no_fields(records: Records) -> int:
    number = at(records, "metadata", "/json")
    records[number].refill(records[number].block + b"this is no field\r\n")
    return number


def no_software(records: Records) -> int:
    block = records[0].block
    records[0].refill(block.replace(b"format: ", b"x-format: "))
    return 0


def open_name(records: Records) -> int:
    records[0].put("WARC-Filename", records[0].get("WARC-Filename") + ".open")
    return 0


def digest_of(records: Records, url: str) -> str:
    return records[at(records, "request", url)].get("WARC-Block-Digest").removeprefix("sha1:")


GHOST = "<urn:uuid:00000000-0000-4000-8000-00000000dead>"

RECORDS: dict[str, tuple[Break, set[str]]] = {
    "no Content-Length": (drop("request", "/json", "Content-Length"), {"no-content-length"}),
    "Content-Length no number": (put("request", "/json", "Content-Length", "+9"), {"no-content-length"}),
    "Content-Length too short": (short_length, {"content-length"}),
    "Content-Length too long": (long_length, {"content-length"}),
    "no CRLF at the end": (no_end, {"content-length"}),
    "bytes after the record": (trailing, {"trailing-bytes"}),
    "no such month": (put("metadata", "/json", "WARC-Date", "2026-13-01T12:30:27.123456Z"), {"bad-date", "event-date"}),
    "no such day": (put("metadata", "/json", "WARC-Date", "2026-02-30T12:30:27.123456Z"), {"bad-date", "event-date"}),
    "local time": (put("metadata", "/json", "WARC-Date", "2026-03-01T12:30:27+01:00"), {"bad-date", "event-date"}),
    "seconds only": (put("warcinfo", "", "WARC-Date", "2026-03-01T12:30:27Z"), {"date-precision"}),
    "another date": (put("request", "/json", "WARC-Date", "2026-03-01T12:30:28.123456Z"), {"event-date"}),
    "id without brackets": (
        put("metadata", "/json", "WARC-Record-ID", "urn:uuid:00000000-0000-4000-8000-00000000dead"),
        {"bad-id"},
    ),
    "id no UUID": (put("metadata", "/json", "WARC-Record-ID", "<urn:uuid:12>"), {"bad-id"}),
    "duplicate id": (duplicate_id, {"duplicate-id"}),
    "Concurrent-To nothing": (put("metadata", "/json", "WARC-Concurrent-To", GHOST), {"dangling-concurrent"}),
    "Warcinfo-ID of nothing": (put("metadata", "/json", "WARC-Warcinfo-ID", GHOST), {"dangling-warcinfo"}),
    "block changed": (changed_block, {"block-digest"}),
    "payload digest of another": (changed_payload, {"payload-digest"}),
    "payload digest with chunks": (framed_payload, {"payload-digest"}),
    "decoded, length kept": (decoded_body, {"decoded-body"}),
    "decoded, chunked kept": (decoded_chunks, {"decoded-body"}),
    "decoded, not vouched for": (drop("response", "/liar", "WARC-Block-Digest"), {"lacking-field", "decoded-body"}),
    "cut by length": (unmarked_short, {"unmarked-cut"}),
    "cut before the last chunk": (unmarked_chunks, {"unmarked-cut"}),
    "no body although not HEAD": (not_head, {"unmarked-cut"}),
    "interim head in the block": (interim, {"interim-in-block"}),
    "body in a revisit": (full_revisit, {"revisit-body"}),
    "no Warcinfo-ID": (drop("request", "/json", "WARC-Warcinfo-ID"), {"lacking-field"}),
    "no block digest": (drop("request", "/json", "WARC-Block-Digest"), {"lacking-field"}),
    "no payload digest": (drop("response", "/json", "WARC-Payload-Digest"), {"lacking-field"}),
    "no Content-Type": (drop("metadata", "/json", "Content-Type"), {"lacking-field"}),
    "revisit without truncation": (drop("revisit", "", "WARC-Truncated"), {"lacking-field"}),
    "no type": (drop("metadata", "/json", "WARC-Type"), {"missing-field"}),
    "no date": (drop("warcinfo", "", "WARC-Date"), {"missing-field"}),
    "no URI": (drop("request", "/json", "WARC-Target-URI"), {"missing-field"}),
    "revisit without profile": (drop("revisit", "", "WARC-Profile"), {"missing-field", "forbidden-field"}),
    "Refers-To on a response": (add("response", "/json", "WARC-Refers-To", GHOST), {"forbidden-field"}),
    "Filename on a response": (add("response", "/json", "WARC-Filename", "x.warc.gz"), {"forbidden-field"}),
    "URI on a warcinfo": (add("warcinfo", "", "WARC-Target-URI", "http://news.example/"), {"forbidden-field"}),
    "payload digest on metadata": (add("metadata", "/json", "WARC-Payload-Digest", sha1(b"")), {"forbidden-field"}),
    "payload digest without a head": (
        add("response", "/garbage", "WARC-Payload-Digest", sha1(b"")),
        {"forbidden-field"},
    ),
    "a segment": (add("response", "/json", "WARC-Segment-Number", "1"), {"forbidden-field"}),
    "private field": (add("response", "/json", "WARC-Mood", "good"), {"private-field"}),
    "field twice": (add("response", "/json", "WARC-IP-Address", "192.0.2.7"), {"repeated-field"}),
    "folded line": (folded, {"folded-line"}),
    "line without colon": (colonless, {"bad-line"}),
    "header in LF": (lone_feeds, {"lf-header"}),
    "encoded word": (put("response", "/json", "WARC-Identified-Payload-Type", "=?utf-8?Q?x?="), {"encoded-word"}),
    "older version": (old_version, {"version", "mixed-versions"}),
    "no version line": (not_a_version, {"not-a-record"}),
    "unknown type": (put("metadata", "/json", "WARC-Type", "diary"), {"unknown-type"}),
    "warcinfo not first": (swap_warcinfo, {"warcinfo-first"}),
    "another file's name": (put("warcinfo", "", "WARC-Filename", "other.warc.gz"), {"filename"}),
    "the open file's name": (open_name, {"filename"}),
    "space in the URI": (put("request", "/json", "WARC-Target-URI", "http://news.example/a b"), {"bad-uri"}),
    "URI with a fragment": (put("request", "/json", "WARC-Target-URI", "http://news.example/#a"), {"bad-uri"}),
    "URI in brackets": (put("request", "/json", "WARC-Target-URI", "<http://news.example/>"), {"bad-uri"}),
    "IPv6 in another spelling": (put("request", "/gzip", "WARC-IP-Address", "2001:DB8:0::1"), {"bad-ip"}),
    "no address": (put("request", "/gzip", "WARC-IP-Address", "localhost"), {"bad-ip"}),
    "digest in lower case": (
        lambda r: put("request", "/json", "WARC-Block-Digest", "sha1:" + digest_of(r, "/json").lower())(r),
        {"digest-spelling"},
    ),
    "truncated for no known reason": (put("response", "/cut", "WARC-Truncated", "tired"), {"bad-value"}),
    "unknown profile": (put("revisit", "", "WARC-Profile", "http://example.org/p"), {"bad-value", "forbidden-field"}),
    "request of another type": (
        put("request", "/json", "Content-Type", "application/http; msgtype=request"),
        {"content-type"},
    ),
    "metadata of another type": (put("metadata", "/json", "Content-Type", "text/plain"), {"content-type"}),
    "metadata of no fields": (no_fields, {"bad-fields-block"}),
    "warcinfo without format": (no_software, {"bad-fields-block"}),
    "revisit of a revisit": (to_revisit, {"revisit-target"}),
    "revisit of another payload": (put("revisit", "", "WARC-Payload-Digest", sha1(b"x")), {"revisit-digest"}),
    "revisit of another date": (
        put("revisit", "", "WARC-Refers-To-Date", "2026-03-01T12:30:15.123457Z"),
        {"revisit-copy"},
    ),
    "revisit of another URI": (
        put("revisit", "", "WARC-Refers-To-Target-URI", "http://news.example/Story"),
        {"revisit-copy"},
    ),
}


def test_a_sound_file_has_no_defects(warc: Path) -> None:
    save(warc, load(warc))  # put together as the broken ones are
    assert defects([warc]) == []


@pytest.mark.parametrize("name", RECORDS)
def test_names_what_is_wrong_in_a_record(name: str, warc: Path) -> None:
    change, codes = RECORDS[name]
    records = load(warc)
    number = change(records)
    save(warc, records)
    found = defects([warc])
    assert {defect.code for defect in found} == codes, found
    assert {defect.file for defect in found} == {str(warc)}
    assert offsets(warc)[number] in {defect.offset for defect in found}
    if name != "Warcinfo not first":
        assert all(defect.offset in offsets(warc) for defect in found)
