"""Reading: files of other programs, plain and gzipped, and damage told of."""

from __future__ import annotations

import gzip
import io
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.errors import DamagedRecord
from archive.model import Discovery
from archive.spool import SPOOL_LIMIT, Spool, chunks
from archive.warc.draft import member
from archive.warc.fields import capture_fields, discovery_of, dump, load, one_line
from archive.warc.reader import Record, parse_date, read_at, records
from archive.warc.records import capture_group, examine, resource
from tests.archive.warc.making import BEGAN, exchange, response


def by_warcio(gzipped: bool) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gzipped)
    head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.0")
    for number in range(3):
        record = writer.create_warc_record(
            f"http://example.com/{number}", "response", payload=io.BytesIO(b"<p>%d" % number), http_headers=head
        )
        writer.write_record(record)
    return out.getvalue()


def by_fastwarc() -> bytes:
    out = io.BytesIO()
    with GzipWriter(out) as writer:
        for number in range(3):
            record = WarcRecord()
            record.init_headers(WarcRecordType.response)
            record.headers["WARC-Target-URI"] = f"http://example.com/{number}"
            record.is_http = True
            record.set_bytes_content(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>%d" % number)
            record.write(writer)
            writer.finish()
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.warc", by_warcio(False)), ("a.warc.gz", by_warcio(True)), ("b.warc.gz", by_fastwarc())],
)
def test_files_of_other_programs(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    found = list(records(path))
    assert [(record.type, record.url) for record in found] == [
        ("response", f"http://example.com/{number}") for number in range(3)
    ]
    for number, record in enumerate(found):
        assert record.head is not None
        assert (record.head.status, record.head.mime) == (200, "text/html")
        assert b"".join(record.payload()) == b"<p>%d" % number
        one = read_at(path, record.offset)
        assert (one.headers, one.block, one.offset) == (record.headers, record.block, record.offset)
    assert [record.offset for record in found[1:]] == [record.offset + record.length for record in found[:-1]]
    assert found[-1].offset + found[-1].length == len(data)


def test_large_blocks_are_spooled(tmp_path: Path) -> None:
    block = b"0123456789" * (SPOOL_LIMIT // 10 + 1)
    piece = member(resource(url="urn:x", block=block, content_type="text/plain", date=BEGAN), "urn:uuid:w")
    assert isinstance(piece, Spool)
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(piece.chunks()))
    for record in (*records(path), read_at(path, 0)):
        assert isinstance(record.block, Spool)
        assert b"".join(chunks(record.block)) == block
        assert record.length == path.stat().st_size


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of one group."""
    one = exchange(response(b"<p>text"))
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(bytes(member(d, "urn:uuid:w")) for d in capture_group(one, examine(one))))  # type: ignore[arg-type]
    return path


def test_one_record_is_read_strictly(path: Path) -> None:
    whole = path.read_bytes()
    first, second, *_ = records(path)
    with pytest.raises(DamagedRecord, match=f"takes {first.length} bytes, not 7"):
        read_at(path, 0, 7)
    for offset in (1, second.offset - 1, len(whole), len(whole) + 10):
        with pytest.raises(DamagedRecord):
            read_at(path, offset)
    for place in range(first.length):
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        path.write_bytes(damaged)
        try:
            record = read_at(path, 0, first.length)
        except DamagedRecord:
            continue
        assert record == first, f"the wrong byte at {place} went unnoticed"


def test_a_file_cut_short_gives_what_is_whole_or_says_so(path: Path) -> None:
    whole = path.read_bytes()
    expected = list(records(path))
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        found: list[Record] = []
        with suppress(DamagedRecord):
            for record in records(path):
                found.append(record)  # noqa: PERF402 - those before the damage are wanted too
        assert [record.block for record in found] == [record.block for record in expected[: len(found)]]


def test_a_gzip_member_that_holds_two_records_is_not_read_as_one(path: Path) -> None:
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())))
    with pytest.raises(DamagedRecord, match="Content-Length"):
        read_at(path, 0)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01T12:30:15.123456Z", BEGAN),
        ("2026-03-01T12:30:15Z", BEGAN.replace(microsecond=0)),
        ("2026-03-01T12:30Z", datetime(2026, 3, 1, 12, 30, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-03-01T12:30:15.123456789Z", BEGAN),
        ("2026-03-01T14:30:15.123456+02:00", BEGAN),
    ],
)
def test_dates(text: str, moment: datetime) -> None:
    assert parse_date(text) == moment


@pytest.mark.parametrize("text", ["", "x", "20260301", "2026-13-01", "2026-03-01T25:00:00Z"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_date(text)


texts = st.text(max_size=40)


@given(via=st.none() | texts, title=st.none() | texts, authors=st.lists(texts, max_size=3), listing=texts)
def test_what_a_listing_said_comes_back(via: str | None, title: str | None, authors: list[str], listing: str) -> None:
    found = Discovery(via=via, hops="LE", listing=listing, title=title, authors=tuple(authors))
    block = dump(capture_fields(exchange(b"", discovery=found)))
    assert discovery_of(load(block)) == Discovery(
        via=one_line(via or "") or None,
        hops="LE",
        listing=one_line(listing) or None,
        title=one_line(title or "") or None,
        authors=tuple(one_line(author) for author in authors if one_line(author)),
    )
