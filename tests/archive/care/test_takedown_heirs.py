"""Revisits that lose their original: whatever the framing, the payload is the same, and the record a right one."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.api import Collection
from archive.care.takedown import capture_target
from archive.model import Exchange
from archive.warc.reader import Record
from archive.warc.records import Original, Warcinfo, capture_group, examine
from archive.warc.writer import WarcWriter
from tests.archive.care.collections import HTML, chunked
from tests.archive.care.removing import (
    ELSEWHERE,
    PAGE,
    URL,
    all_records,
    check,
    crawl,
    everything,
    packed,
    page,
    take_down,
)
from tests.archive.warc.making import exchange, response

ZIPPED = HTML + b"Content-Encoding: gzip\r\n"


def closed(body: bytes, headers: bytes = HTML) -> bytes:
    """A response that ends with its connection."""
    return b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n" + body


def squeezed(body: bytes) -> bytes:
    """A body with a transfer coding below its chunks."""
    return chunked(gzip.compress(body)).replace(b"Encoding: chunked", b"Encoding: gzip, chunked")


def deflated(body: bytes) -> bytes:
    return closed(zlib.compress(body), HTML + b"Transfer-Encoding: deflate\r\n")


FORMS = {
    "length": response(PAGE),
    "close": closed(PAGE),
    "chunked": chunked(PAGE),
    "no chunks at all": closed(PAGE, HTML + b"Transfer-Encoding: chunked\r\n"),
    "gzip, chunked": squeezed(PAGE),
    "deflate": deflated(PAGE),
    "large": response(PAGE * 4000),
    "large, chunked": chunked(PAGE * 4000, size=1 << 20),
    "coded": response(packed(PAGE), ZIPPED),
    "coded, chunked": chunked(packed(PAGE), ZIPPED),
}
EXACT = {"length", "close", "large", "coded"}
PAIRS = [
    *(("length", other) for other in list(FORMS)[:6]),
    *((other, "chunked") for other in list(FORMS)[:6]),
    ("gzip, chunked", "gzip, chunked"),
    ("large", "large, chunked"),
    ("large, chunked", "large"),
    ("coded", "coded, chunked"),
    ("coded, chunked", "coded"),
]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_an_heir_has_the_payload_in_the_framing_of_its_own_head(tmp_path: Path, first: str, second: str) -> None:
    path = tmp_path / "news"
    original, revisit = archived(path, [exchange(FORMS[first], URL), exchange(FORMS[second], ELSEWHERE, number=1)])
    assert revisit.type == "revisit"
    assert isinstance(revisit.block, bytes)
    take_down(path, capture_target(original.id))
    heir = next(record for record in all_records(path) if record.id == revisit.id)
    assert heir.type == "response"
    assert heir.head == revisit.head
    assert block(heir).startswith(revisit.block)
    if second in EXACT:
        assert block(heir) == FORMS[second]
    assert b"".join(heir.payload()) == b"".join(original.payload())
    check(path, {})
    (note,) = [each for each in all_records(path) if each.get("WARC-Refers-To") == f"<{heir.id}>"]
    assert (b"made up" in block(note)) == (second not in EXACT)
    if second not in ("gzip, chunked", "deflate"):  # warcio takes no transfer coding off but chunks
        assert seen_by_warcio(path, heir.id) == b"".join(heir.payload())


def archived(path: Path, exchanges: list[Exchange]) -> list[Record]:
    with Collection.create(path) as collection:
        recorder = collection.recorder(crawl_id="test", user_agent="test", dedup="collection")
        captures = [recorder.record(each).result(10) for each in exchanges]
        recorder.close()
        return [collection.read(each.file, each.offset) for each in captures if each]


def block(record: Record) -> bytes:
    return record.block if isinstance(record.block, bytes) else b"".join(record.block.chunks())


def seen_by_warcio(path: Path, record_id: str) -> bytes:
    (file,) = path.glob("archive/*")
    for record in ArchiveIterator(io.BytesIO(file.read_bytes())):
        if record.rec_headers.get_header("WARC-Record-ID") == f"<{record_id}>":
            data: bytes = record.content_stream().read()
            encoded = record.http_headers.get_header("Content-Encoding")
            return gzip.compress(data, mtime=0) if encoded else data
    raise LookupError(record_id)


def test_an_heir_of_an_heir(tmp_path: Path) -> None:
    path = tmp_path / "news"
    urls = [f"http://news.example/{number}" for number in range(4)]
    for number, url in enumerate(urls):
        crawl(path, [page(url, number=number)])
    for gone, url in enumerate(urls[:3], start=1):
        before = everything(path)
        plan = take_down(path, capture_target(url))
        assert [held.url for held in plan.heirs] == [urls[gone]], "the earliest of those that stay"
        assert plan.pointed == 3 - gone
        check(path, before)
        with Collection.open(path) as collection:
            for left in urls[gone:]:
                assert collection.payload(collection.captures(left)[0]) == PAGE
    assert sum(b"carried-over" in block(record) for record in all_records(path)) == 1, "notes go with their records"


def test_a_304_alone_becomes_the_response_that_it_is(tmp_path: Path) -> None:
    path = tmp_path / "news"
    answer = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
    request = b'GET /story HTTP/1.1\r\nHost: news.example\r\nIf-None-Match: "1"\r\n\r\n'
    (original,) = crawl(path, [page()])
    crawl(path, [exchange(answer, URL, number=1, request=request)])
    before = everything(path)
    plan = take_down(path, capture_target(original.id))
    assert (plan.heirs, plan.pointed) == ((), 1)
    (left,) = [record for record in all_records(path) if record.type == "response"]
    assert left.block == answer
    assert not [record for record in all_records(path) if record.type == "revisit"]
    with Collection.open(path) as collection:
        (capture,) = collection.captures(URL)
        assert (capture.status, capture.mime) == (304, "unk")
    check(path, before)


def test_a_304_follows_the_heir(tmp_path: Path) -> None:
    path = tmp_path / "news"
    request = b'GET /story HTTP/1.1\r\nHost: news.example\r\nIf-None-Match: "1"\r\n\r\n'
    (original,) = crawl(path, [page()])
    crawl(path, [exchange(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n', URL, number=1, request=request)])
    (second,) = crawl(path, [page(number=2)])
    plan = take_down(path, capture_target(original.id))
    assert [held.id for held in plan.heirs] == [second.id]
    (unmodified,) = [record for record in all_records(path) if record.type == "revisit"]
    assert (unmodified.get("WARC-Profile") or "").endswith("server-not-modified")
    assert unmodified.get("WARC-Refers-To") == f"<{second.id}>"
    check(path, {})


@pytest.mark.parametrize("gone", ["middle", "both"])
def test_a_revisit_of_a_revisit_is_led_to_what_is_left(tmp_path: Path, gone: str) -> None:
    """As others write them: our own never point to a revisit."""
    path = tmp_path / "news"
    (first,) = crawl(path, [page()])
    (second,) = crawl(path, [page(ELSEWHERE, number=1)])
    third = page("http://news.example/third", number=2)
    collection = Collection.open(path)
    middle = collection.read(second.file, second.offset)
    of = Original(
        id=second.id,
        url=ELSEWHERE,
        date=middle.get("WARC-Date") or "",
        digest=middle.get("WARC-Payload-Digest") or "",
    )
    writer = WarcWriter(collection.archive_shelf, prefix="odd", values=Warcinfo(software="wirecopy/test"))
    group = capture_group(third, examine(third), original=of)
    writer.append(group).result(10)
    writer.close()
    take_down(path, capture_target(second.id))
    if gone == "both":
        take_down(path, capture_target(first.id))
    last = next(record for record in all_records(path) if record.id == group[0].id)
    if gone == "both":
        assert last.block == third.response
    else:
        assert last.get("WARC-Refers-To") == f"<{first.id}>"
        assert last.get("WARC-Refers-To-Target-URI") == URL
    check(path, {})
