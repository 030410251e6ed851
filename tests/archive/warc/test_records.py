"""Each record type by the rules of WARC/1.1, read back by other people's programs."""

from __future__ import annotations

import base64
import gzip
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord

from archive.collection import Collection
from archive.index import cdxj
from archive.model import Discovery, Exchange
from archive.spool import Spool
from archive.warc.draft import Place, RecordDraft, member, warc_date
from archive.warc.fields import discovery_of, load
from archive.warc.reader import Record, read_at, records
from archive.warc.records import (
    Original,
    Warcinfo,
    article_metadata,
    capture_group,
    conversion,
    examine,
    manifest,
    not_modified_group,
    resource,
    tombstone,
    warcinfo,
)
from tests.archive.warc.making import BEGAN, exchange, response

DATE = "2026-03-01T12:30:15.123456Z"
UUID = re.compile(r"<urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}>")
EMPTY = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
SHA1 = re.compile(r"sha1:[A-Z2-7]{32}")


def written(*drafts: RecordDraft) -> bytes:
    pieces = []
    for draft in drafts:
        piece = member(draft, None if draft.type == "warcinfo" else "urn:uuid:11111111-2222-3333-4444-555555555555")
        pieces.append(b"".join(piece.chunks()) if isinstance(piece, Spool) else piece)
    return b"".join(pieces)


def read(tmp_path: Path, *drafts: RecordDraft) -> list[Record]:
    path = tmp_path / "test.warc.gz"
    path.write_bytes(written(*drafts))
    return list(records(path))


def group(one: Exchange, original: Original | None = None) -> tuple[RecordDraft, ...]:
    return capture_group(one, examine(one), original=original)


def names(record: Record) -> set[str]:
    return {name for name, _ in record.headers}


def test_a_capture_is_response_request_and_metadata(tmp_path: Path) -> None:
    raw = response(b"<!doctype html><p>News")
    one = exchange(
        raw,
        protocols=("http/1.1", "tls/1.3"),
        cipher="TLS_AES_128_GCM_SHA256",
        ip="2001:db8::1",
        discovery=Discovery(
            via="http://news.example/feed",
            hops="L",
            listing="feed",
            title="A title\r\nWARC-Type: forged",
            authors=("A. Author", "Ö. Other"),
            published="2026-03-01T10:00:00+01:00",
            language="en",
        ),
    )
    found = read(tmp_path, *group(one))
    got, request, metadata = found
    assert [record.type for record in found] == ["response", "request", "metadata"]
    assert got.block == raw
    assert request.block == one.request
    for record in found:
        assert record.get("WARC-Date") == DATE
        assert record.get("WARC-Target-URI") == one.url
        assert UUID.fullmatch(record.get("WARC-Record-ID") or "")
        assert SHA1.fullmatch(record.get("WARC-Block-Digest") or "")
        assert record.get("WARC-Warcinfo-ID") == "<urn:uuid:11111111-2222-3333-4444-555555555555>"
        assert record.get("Content-Length") == str(len(record.block))
    assert len({record.id for record in found}) == 3
    for record in (got, request):
        assert record.get("WARC-IP-Address") == "2001:db8::1"
        assert record.all("WARC-Protocol") == ["http/1.1", "tls/1.3"]
        assert record.get("WARC-Cipher-Suite") == "TLS_AES_128_GCM_SHA256"
    assert got.get("Content-Type") == "application/http;msgtype=response"
    assert request.get("Content-Type") == "application/http;msgtype=request"
    assert metadata.get("Content-Type") == "application/warc-fields"
    assert [record.get("WARC-Concurrent-To") for record in found] == [None, f"<{got.id}>", f"<{got.id}>"]
    assert got.get("WARC-Identified-Payload-Type") == "text/html"
    assert SHA1.fullmatch(got.get("WARC-Payload-Digest") or "")
    assert not {"WARC-Payload-Digest", "WARC-IP-Address", "WARC-Refers-To"} & names(metadata)
    assert isinstance(metadata.block, bytes)
    assert dict(load(metadata.block)) | {"listing-author": "A. Author"} == {
        "via": "http://news.example/feed",
        "hopsFromSeed": "L",
        "fetchTimeMs": "42",
        "listing": "feed",
        "listing-title": "A title WARC-Type: forged",
        "listing-author": "A. Author",
        "listing-published": "2026-03-01T10:00:00+01:00",
        "listing-language": "en",
    }
    back = discovery_of(load(metadata.block))
    assert back == replace(one.discovery, title="A title WARC-Type: forged")


def test_interim_block_and_surplus_together_are_the_wire(tmp_path: Path) -> None:
    interim = (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n")
    surplus = bytes(range(256)) * 4
    raw = response(b"body")
    one = exchange(raw, interim=interim, surplus=surplus, surplus_length=70_000)
    got, _request, metadata = read(tmp_path, *group(one))
    assert isinstance(metadata.block, bytes)
    assert isinstance(got.block, bytes)
    fields = load(metadata.block)
    heads = [base64.b64decode(value) for name, value in fields if name == "interim-response"]
    [rest] = [base64.b64decode(value) for name, value in fields if name == "surplus"]
    assert b"".join(heads) + got.block + rest == b"".join(interim) + raw + surplus
    assert ("surplus-length", "70000") in fields


def test_payload_digests_are_without_chunks_and_with_content_encoding(tmp_path: Path) -> None:
    headers = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    coded = gzip.compress(b"<html><body>News", mtime=0)
    chunked = headers + b"5;x=y\r\n" + coded[:5] + b"\r\n%x\r\n" % (len(coded) - 5) + coded[5:] + b"\r\n0\r\n\r\n"
    plain = response(coded, b"Content-Encoding: gzip\r\n")
    first, second = (read(tmp_path, group(exchange(raw))[0])[0] for raw in (chunked, plain))
    assert first.get("WARC-Payload-Digest") == second.get("WARC-Payload-Digest")
    assert first.get("WARC-Identified-Payload-Type") == "text/html"
    assert first.get("WARC-Block-Digest") != second.get("WARC-Block-Digest")


def test_a_truncated_response_says_so_and_digests_what_is_kept(tmp_path: Path) -> None:
    raw = response(b"0123456789")[:-4]
    cut = read(tmp_path, *group(exchange(raw, truncated="disconnect")))[0]
    kept = read(tmp_path, *group(exchange(response(b"012345"))))[0]
    assert cut.get("WARC-Truncated") == "disconnect"
    assert cut.get("WARC-Payload-Digest") == kept.get("WARC-Payload-Digest")


@pytest.mark.parametrize(
    "raw", [b"HTTP/1.1 200 OK\r\nServ", b"<p>HTTP/0.9", b"\x00\x01\x02", b"ICY 200 OK\r\n\r\nmusic"]
)
def test_a_reply_without_a_valid_head_is_a_response_without_payload_digest(raw: bytes, tmp_path: Path) -> None:
    one = exchange(raw, truncated="disconnect")
    got, *_ = read(tmp_path, *group(one))
    assert (got.type, got.block) == ("response", raw)
    assert got.get("Content-Type") == "application/http;msgtype=response"
    assert not {"WARC-Payload-Digest", "WARC-Identified-Payload-Type"} & names(got)
    assert got.get("WARC-Truncated") == "disconnect"


def test_an_empty_reply_leaves_the_request(tmp_path: Path) -> None:
    request, metadata = read(tmp_path, *group(exchange(b"", ip=None)))
    assert (request.type, metadata.type) == ("request", "metadata")
    assert metadata.get("WARC-Concurrent-To") == f"<{request.id}>"
    assert not {"WARC-Concurrent-To", "WARC-IP-Address"} & names(request)


def test_no_body_has_the_empty_digest(tmp_path: Path) -> None:
    raw = b"HTTP/1.1 204 No Content\r\n\r\n"
    assert read(tmp_path, *group(exchange(raw)))[0].get("WARC-Payload-Digest") == EMPTY


def test_an_identical_payload_revisit(tmp_path: Path) -> None:
    one = exchange(response(b"<p>same"))
    original = Original(
        id="urn:uuid:aaaaaaaa-0000-4000-8000-000000000000",
        url="http://news.example/Ör",
        date="2020-01-01T00:00:00Z",
        digest="sha1:OTHER",
    )
    revisit, request, metadata = read(tmp_path, *group(one, original))
    assert revisit.type == "revisit"
    assert revisit.block == bytes(one.response)[: len(one.response) - len(b"<p>same")]  # type: ignore[arg-type]
    assert revisit.get("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert revisit.get("WARC-Refers-To") == "<urn:uuid:aaaaaaaa-0000-4000-8000-000000000000>"
    assert revisit.get("WARC-Refers-To-Target-URI") == "http://news.example/Ör"
    assert revisit.get("WARC-Refers-To-Date") == "2020-01-01T00:00:00Z"
    assert revisit.get("WARC-Truncated") == "length"
    assert revisit.get("WARC-Payload-Digest") == read(tmp_path, group(one)[0])[0].get("WARC-Payload-Digest")
    assert request.get("WARC-Concurrent-To") == metadata.get("WARC-Concurrent-To") == f"<{revisit.id}>"


def test_a_server_not_modified_revisit(tmp_path: Path) -> None:
    raw = b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n'
    original = Original(id="urn:uuid:a", url="http://news.example/", date=DATE, digest="sha1:ORIGINAL")
    drafts = not_modified_group(exchange(raw), original)
    revisit = read(tmp_path, *drafts)[0]
    assert (revisit.type, revisit.block) == ("revisit", raw)
    assert revisit.get("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert revisit.get("WARC-Payload-Digest") == "sha1:ORIGINAL"
    assert revisit.get("WARC-Refers-To-Date") == DATE
    assert "WARC-Truncated" not in names(revisit)
    line = cdxj.line(drafts[0].capture(Place(file="a.warc.gz", offset=0, length=1)))
    assert line.startswith("unmodified:example,news)/story "), "nobody who looks for the page finds a bare 304"


def test_warcinfo(tmp_path: Path) -> None:
    values = Warcinfo(
        software="wirecopy/1", operator="Me", robots="obey", hostname="h", ip="192.0.2.1", user_agent="ua"
    )
    [record] = read(tmp_path, warcinfo(values, filename="a.warc.gz", date=BEGAN))
    assert record.get("WARC-Filename") == "a.warc.gz"
    assert not {"WARC-Target-URI", "WARC-Warcinfo-ID", "WARC-Payload-Digest", "WARC-Concurrent-To"} & names(record)
    assert isinstance(record.block, bytes)
    fields = dict(load(record.block))
    assert fields["http-header-user-agent"] == "ua"
    assert fields["format"] == "WARC File Format 1.1"
    assert "http-header-from" not in fields
    assert {"software", "operator", "robots", "hostname", "ip", "conformsTo"} <= set(fields)


def test_conversion_and_what_the_extractor_said(tmp_path: Path) -> None:
    later = datetime(2026, 3, 2, tzinfo=UTC)
    text = conversion(url="http://news.example/", refers_to="urn:uuid:response", text="Wörter 新聞", date=later)
    said = article_metadata(url="http://news.example/", refers_to=text.id, document=b"{}", date=later)
    first, second = read(tmp_path, text, said)
    assert first.block == "Wörter 新聞".encode()
    assert first.get("Content-Type") == "text/plain; charset=utf-8"
    assert first.get("WARC-Refers-To") == "<urn:uuid:response>"
    assert second.get("WARC-Refers-To") == f"<{first.id}>"
    assert (second.type, second.get("Content-Type")) == ("metadata", "application/json")
    for record in (first, second):
        assert record.get("WARC-Date") == "2026-03-02T00:00:00.000000Z"
        assert not {"WARC-Concurrent-To", "WARC-IP-Address", "WARC-Refers-To-Date"} & names(record)


def test_resources_and_their_manifest(tmp_path: Path) -> None:
    report = resource(url="urn:crawl:1/report.json", block=b"{}", content_type="application/json", date=BEGAN)
    tie = manifest(
        url="urn:crawl:1",
        resources=[report.id],
        warcinfos=["urn:uuid:w1", "urn:uuid:w2"],
        date=BEGAN,
        values={"a": "b"},
    )
    first, second = read(tmp_path, report, tie)
    assert (first.type, first.url, first.block) == ("resource", "urn:crawl:1/report.json", b"{}")
    assert second.all("WARC-Concurrent-To") == [f"<{first.id}>"]
    assert isinstance(second.block, bytes)
    assert [value for name, value in load(second.block) if name == "warcinfo"] == ["<urn:uuid:w1>", "<urn:uuid:w2>"]


def test_a_tombstone_names_what_is_gone_and_nothing_of_it(tmp_path: Path) -> None:
    [record] = read(tmp_path, tombstone(removed="urn:uuid:gone", description="court order", date=BEGAN))
    assert record.type == "metadata"
    assert record.get("WARC-Refers-To") == "<urn:uuid:gone>"
    assert not {"WARC-Target-URI", "WARC-Payload-Digest"} & names(record)
    assert isinstance(record.block, bytes)
    assert dict(load(record.block)) == {"description": "court order", "date": DATE}


def test_dates_are_utc_with_microseconds_whatever_the_zone() -> None:
    assert warc_date(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00.000000Z"
    assert warc_date(datetime.fromisoformat("2026-01-01T01:00:00.5+02:00")) == "2025-12-31T23:00:00.500000Z"


@settings(max_examples=150)
@given(
    body=st.binary(max_size=3000),
    status=st.sampled_from(
        [b"HTTP/1.1 200 OK", b"HTTP/1.0 999", b"HTTP/1.1 200", b"ICY 200 OK", b"\r\nHTTP/1.1 200 OK"]
    ),
    headers=st.lists(
        st.sampled_from(
            [
                b"x-lower: 1",
                b"Set-Cookie: a\r\nSet-Cookie: b",
                b"X-Folded: a\r\n  b",
                b"X-8bit: \xff\xe9\x80",
                b"Space : before",
                b"no colon at all",
                b"X-Null: a\x00b",
                b"X-CR: a\rb",
                b"X-Long: " + b"y" * 40_000,
                b"Content-Encoding: gzip",
                b"Transfer-Encoding: chunked",
                b"Content-Type: image/png",
            ]
        ),
        max_size=5,
    ),
    line_end=st.sampled_from([b"\r\n", b"\n"]),
)
def test_odd_bytes_come_back_exactly(body: bytes, status: bytes, headers: list[bytes], line_end: bytes) -> None:
    raw = line_end.join([status, *headers, b"", b""]) + body
    file = written(*group(exchange(raw, number=1)), *group(exchange(response(b"next"), number=2)))
    by_warcio = [record.content_stream().read() for record in ArchiveIterator(BytesIO(file), no_record_parse=True)]
    assert by_warcio[0] == raw
    by_fastwarc = [record.reader.read() for record in FastIterator(BytesIO(file), parse_http=False)]
    assert by_fastwarc == by_warcio
    assert len(by_warcio) == 6


def test_readers_in_default_mode_see_every_record_and_its_digests(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "news")
    recorder = collection.recorder(crawl_id="1", user_agent="test")
    for number in range(4):
        recorder.record(exchange(response(b"<p>%d" % (number // 2)), number=number)).result()
    recorder.record(exchange(b"", number=5))
    recorder.record(exchange(response(b"x" * 10_000, b"Content-Type: image/jpeg\r\n"), number=6))
    recorder.close()
    [path] = collection.archive_dir.iterdir()
    kinds = ["warcinfo"] + ["response", "request", "metadata", "revisit", "request", "metadata"] * 2
    kinds += ["request", "metadata", "response", "request", "metadata"]

    def complete(record: ArcWarcRecord) -> tuple[str, bool]:
        record.content_stream().read()
        return record.rec_type, not record.digest_checker.problems

    with path.open("rb") as file:
        assert [complete(r) for r in ArchiveIterator(file, check_digests=True)] == [(kind, True) for kind in kinds]
    with path.open("rb") as file:
        assert [str(record.record_type) for record in FastIterator(file)] == kinds
    with path.open("rb") as file:
        for record in FastIterator(file, parse_http=False):
            assert record.verify_block_digest()
    checked = subprocess.run(
        [Path(sys.executable).with_name("warcio"), "check", str(path)], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    indexed = subprocess.run(
        [Path(sys.executable).with_name("warcio"), "index", str(path)], capture_output=True, text=True, check=True
    )
    assert len(indexed.stdout.splitlines()) == len(kinds)


def test_one_record_by_its_place_is_the_one_in_the_stream(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(written(*group(exchange(response(b"a"))), *group(exchange(response(b"b" * 70_000)))))
    streamed = list(records(path))
    for record in streamed:
        one = read_at(path, record.offset)
        assert one == record
        assert b"".join(one.payload()) == b"".join(record.payload())
    assert streamed[-1].offset + streamed[-1].length == path.stat().st_size
    assert [record.type for record in records(path, {"response"})] == ["response", "response"]
