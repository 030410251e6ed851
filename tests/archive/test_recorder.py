"""What becomes of an exchange: stored, or pointed to, and how it is found again."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import Collection
from archive.care.rebuild import rebuild
from archive.care.verify import Verification
from archive.dedup import DedupScope, Revisit, Store, decide, request_fields, validated
from archive.http import parse_head
from archive.model import Capture, Exchange
from archive.warc.reader import Record
from tests.archive.index.test_cdxj import CAPTURE
from tests.archive.warc.making import exchange, response

URL = "http://news.example/story"
OTHER = "http://news.example/other"
BODY = response(b"<p>the same", b'ETag: W/"1"\r\nLast-Modified: Sun, 01 Mar 2026 10:00:00 GMT\r\n')
NOT_MODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: W/"1"\r\n\r\n'


def run(path: Path, *exchanges: Exchange, dedup: DedupScope = "url") -> list[Capture]:
    """One crawl: the captures of these exchanges, recorded one after the other."""
    recorder = Collection.create(path).recorder(crawl_id="1", user_agent="test", dedup=dedup)
    captures = [recorder.record(one).result(timeout=10) for one in exchanges]
    recorder.close()
    return [capture for capture in captures if capture is not None]


def record_of(path: Path, capture: Capture) -> Record:
    return Collection.open(path).read(capture.file, capture.offset)


def asked(headers: bytes) -> bytes:
    return b"GET /story HTTP/1.1\r\nHost: news.example\r\n" + headers + b"\r\n\r\n"


@pytest.mark.parametrize("crawls", [1, 2])
@pytest.mark.parametrize(
    ("dedup", "kinds"),
    [
        ("url", ["response", "response", "revisit", "response"]),
        ("collection", ["response", "revisit", "revisit", "response"]),
        ("off", ["response", "response", "response", "response"]),
    ],
)
def test_an_identical_payload_by_scope(dedup: DedupScope, kinds: list[str], crawls: int, tmp_path: Path) -> None:
    exchanges = [
        exchange(BODY, URL, number=1),
        exchange(BODY, OTHER, number=2),
        exchange(BODY, URL, number=3),
        exchange(response(b"<p>another"), URL, number=4),
    ]
    if crawls == 1:
        captures = run(tmp_path, *exchanges, dedup=dedup)
    else:
        captures = [capture for one in exchanges for capture in run(tmp_path, one, dedup=dedup)]
    found = [record_of(tmp_path, capture) for capture in captures]
    assert [record.type for record in found] == kinds
    first = found[0]
    for capture, record in zip(captures, found, strict=True):
        if record.type == "revisit":
            assert capture.mime == "warc/revisit"
            assert record.get("WARC-Refers-To") == f"<{first.id}>"
            assert record.get("WARC-Refers-To-Target-URI") == first.get("WARC-Target-URI")
            assert record.get("WARC-Refers-To-Date") == first.get("WARC-Date")
            assert record.get("WARC-Payload-Digest") == first.get("WARC-Payload-Digest")
    index = Collection.open(tmp_path).index()
    assert list(index.under("example,news)/story"))[-1] == captures[3]
    index.close()


def test_what_must_not_be_pointed_to_is_not(tmp_path: Path) -> None:
    empty = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    captures = run(
        tmp_path,
        exchange(BODY[:-3], URL, number=1, truncated="length"),
        exchange(response(b"<p>the s"), URL, number=2),
        exchange(BODY[:-3], URL, number=3, truncated="length"),
        exchange(empty, OTHER, number=4),
        exchange(empty, OTHER, number=5),
    )
    assert [record_of(tmp_path, capture).type for capture in captures] == ["response"] * 5


def test_a_revisit_is_never_pointed_to(tmp_path: Path) -> None:
    captures = run(tmp_path, *(exchange(BODY, URL, number=number) for number in range(4)))
    captures += run(tmp_path, exchange(BODY, URL, number=9))
    found = [record_of(tmp_path, capture) for capture in captures]
    assert [record.type for record in found] == ["response", *["revisit"] * 4]
    assert {record.get("WARC-Refers-To") for record in found[1:]} == {f"<{found[0].id}>"}


def test_an_original_that_is_gone_is_not_pointed_to(tmp_path: Path) -> None:
    [first] = run(tmp_path, exchange(BODY, URL, number=1))
    (tmp_path / "archive" / first.file).unlink()
    [second] = run(tmp_path, exchange(BODY, URL, number=2))
    assert record_of(tmp_path, second).type == "response"


def test_an_original_as_wget_writes_it(tmp_path: Path) -> None:
    """Brackets around the URI, dates in whole seconds: what points to it is ours, and is found again."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.0")
    head = StatusAndHeaders("200 OK", [("Content-Length", "8")], protocol="HTTP/1.1")
    fields = {"WARC-Date": "2026-01-02T03:04:05Z"}
    record = writer.create_warc_record(
        f"<{URL}>", "response", payload=io.BytesIO(b"the page"), http_headers=head, warc_headers_dict=fields
    )
    writer.write_record(record)
    with Collection.create(tmp_path) as collection:
        (collection.archive_dir / "theirs.warc.gz").write_bytes(out.getvalue())
        rebuild(collection)
        [ours] = run(tmp_path, exchange(response(b"the page"), URL, number=1))
        revisit = record_of(tmp_path, ours)
        assert (revisit.type, revisit.get("WARC-Refers-To-Target-URI")) == ("revisit", URL)
        assert revisit.get("WARC-Refers-To-Date") == "2026-01-02T03:04:05Z"
        assert collection.payload(ours) == b"the page"
    defects = [each for each in Verification(tmp_path) if each.severity == "defect" and "theirs" not in each.file]
    assert defects == []


def test_a_digest_that_others_made_is_not_believed(tmp_path: Path) -> None:
    """warcio digests a chunked body with its framing: another payload may have just those bytes."""
    framed = b"5\r\nhello\r\n0\r\n\r\n"
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    head = StatusAndHeaders("200 OK", [("Transfer-Encoding", "chunked")], protocol="HTTP/1.1")
    record = writer.create_warc_record(URL, "response", payload=io.BytesIO(framed), http_headers=head)
    writer.write_record(record)
    collection = Collection.create(tmp_path)
    (collection.archive_dir / "theirs.warc.gz").write_bytes(out.getvalue())
    rebuild(collection)
    index = collection.index()
    [theirs] = index.captures(URL)
    index.close()
    ours = exchange(response(framed), URL, number=1)
    [capture] = run(tmp_path, ours)
    assert capture.digest == theirs.digest
    assert record_of(tmp_path, capture).type == "response"


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (b'If-None-Match: "1"', "revisit"),
        (b'If-None-Match: "0", W/"1"', "revisit"),
        (b"If-Modified-Since: Sun, 01 Mar 2026 10:00:00 GMT", "revisit"),
        (b'If-None-Match: "2"\r\nIf-Modified-Since: Sun, 01 Mar 2026 10:00:00 GMT', "response"),
        (b"If-Modified-Since: Sun, 01 Mar 2026 10:00:01 GMT", "response"),
        (b"Accept: */*", "response"),
    ],
)
@pytest.mark.parametrize("crawls", [1, 2])
def test_a_304_to_our_own_validators(headers: bytes, kind: str, crawls: int, tmp_path: Path) -> None:
    exchanges = [exchange(BODY, URL, number=1), exchange(NOT_MODIFIED, URL, number=2, request=asked(headers))]
    if crawls == 1:
        captures = run(tmp_path, *exchanges)
    else:
        captures = [capture for one in exchanges for capture in run(tmp_path, one)]
    first, second = (record_of(tmp_path, capture) for capture in captures)
    assert (second.type, second.block) == (kind, NOT_MODIFIED)
    index = Collection.open(tmp_path).index()
    indexed = [capture.id for capture in index.captures(URL)]
    index.close()
    if kind == "revisit":
        assert second.get("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
        assert second.get("WARC-Refers-To") == f"<{first.id}>"
        assert second.get("WARC-Refers-To-Date") == first.get("WARC-Date")
        assert second.get("WARC-Payload-Digest") == first.get("WARC-Payload-Digest")
        assert indexed == [first.id]
    else:
        assert indexed == [first.id, second.id]


def test_a_304_to_the_validators_of_a_revisit_points_to_the_original(tmp_path: Path) -> None:
    renewed = response(b"<p>the same", b'ETag: "2"\r\n')
    exchanges = [
        exchange(BODY, URL, number=1),
        exchange(renewed, URL, number=2),
        exchange(NOT_MODIFIED, URL, number=3, request=asked(b'If-None-Match: "2"')),
    ]
    first, second, third = [record_of(tmp_path, capture) for one in exchanges for capture in run(tmp_path, one)]
    assert (second.type, third.type) == ("revisit", "revisit")
    assert third.get("WARC-Refers-To") == second.get("WARC-Refers-To") == f"<{first.id}>"
    assert third.get("WARC-Refers-To-Date") == first.get("WARC-Date")


def test_nothing_received_is_no_capture(tmp_path: Path) -> None:
    assert run(tmp_path, exchange(b"")) == []
    collection = Collection.open(tmp_path)
    assert [listed.records for listed in collection.closed_files().values()] == [3]


def test_sha256_by_setting(tmp_path: Path) -> None:
    recorder = Collection.create(tmp_path).recorder(crawl_id="1", user_agent="test", digest="sha256")
    captures = [recorder.record(exchange(BODY, URL, number=number)).result() for number in range(2)]
    recorder.close()
    assert captures[0] is not None
    assert captures[1] is not None
    assert (captures[0].digest or "").startswith("sha256:")
    assert captures[1].mime == "warc/revisit"
    record = record_of(tmp_path, captures[0])
    assert (record.get("WARC-Block-Digest") or "").startswith("sha256:")


@given(st.lists(st.sampled_from(["sha1:A", "sha1:B", None]), max_size=5), st.booleans(), st.integers(0, 1))
def test_decisions_never_break_the_rules(digests: list[str | None], truncated: bool, length: int) -> None:
    known = [
        Capture(
            **{name: getattr(CAPTURE, name) for name in CAPTURE.__slots__}
            | {"digest": digest, "offset": offset, "mime": "warc/revisit" if offset == 0 else "text/html"}
        )
        for offset, digest in enumerate(digests)
    ]
    made = decide(url=CAPTURE.url, digest="sha1:A", length=length, truncated=truncated, scope="url", known=known)
    possible = [capture for capture in known[1:] if capture.digest == "sha1:A"]
    if truncated or not length or not possible:
        assert made == Store()
    else:
        assert made == Revisit(possible[0])


def test_validators_are_compared_weakly_and_dates_as_sent() -> None:
    head = parse_head(BODY)
    assert head is not None
    assert validated(request_fields(asked(b'if-none-match:"1"')), head)
    assert not validated({}, head)
    bare = parse_head(response(b""))
    assert bare is not None
    assert not validated({b"if-none-match": b'"1"'}, bare)
    assert not validated({b"if-modified-since": b""}, bare)
