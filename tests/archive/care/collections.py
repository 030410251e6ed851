"""A sound collection with one of everything, to be broken on purpose; and tools to break it with."""

from __future__ import annotations

import gzip
from pathlib import Path

from archive.care.verify import Defect, Verification
from archive.collection import Collection
from archive.ingest import ingest
from archive.warc.records import tombstone
from tests.archive.warc.making import BEGAN, exchange, response

HTML = b"Content-Type: text/html; charset=utf-8\r\n"
PAGE = (
    b"<!doctype html><html lang=en><head><title>Bridge opens</title><meta property='og:type' content='article'></head>"
    b"<body><article><h1>Bridge opens</h1>"
    + b"".join(
        b"<p>The new bridge opened on Tuesday, %d months late, and residents walked across it all day long, "
        b"while a spokeswoman said that the noise would end before the summer.</p>" % number
        for number in range(8)
    )
    + b"</article></body></html>"
)


def chunked(body: bytes, headers: bytes = HTML, size: int = 700) -> bytes:
    chunks = b"".join(
        b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (body[at : at + size] for at in range(0, len(body), size))
    )
    return b"HTTP/1.1 200 OK\r\n%sTransfer-Encoding: chunked\r\n\r\n%s0\r\n\r\n" % (headers, chunks)


def build(path: Path) -> None:
    """Every kind of record that the recorder and ingest write, in files of their own, closed."""
    collection = Collection.create(path, operator="tests")
    recorder = collection.recorder(crawl_id="one", user_agent="tests", dedup="url")
    packed = gzip.compress(PAGE, mtime=0)
    zipped = HTML + b"Content-Encoding: gzip\r\n"
    exchanges = [
        exchange(response(PAGE, HTML + b'ETag: "1"\r\n'), "http://news.example/story", number=0),
        exchange(chunked(PAGE), "http://news.example/chunked", number=1),
        exchange(chunked(packed, zipped), "http://news.example/chunked-gzip", number=2),
        exchange(
            response(packed, zipped),
            "https://news.example/gzip",
            number=3,
            ip="2001:db8::1",
            cipher="TLS_AES_128_GCM_SHA256",
            protocols=("http/1.1", "tls/1.3"),
        ),
        exchange(response(PAGE, HTML + b'ETag: "1"\r\n'), "http://news.example/story", number=4),
        exchange(
            b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n',
            "http://news.example/story",
            number=5,
            request=b'GET /story HTTP/1.1\r\nHost: news.example\r\nIf-None-Match: "1"\r\n\r\n',
        ),
        exchange(response(PAGE)[:-900], "http://news.example/cut", number=6, truncated="disconnect"),
        exchange(
            b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n",
            "http://news.example/head",
            number=7,
            method="HEAD",
            request=b"HEAD /head HTTP/1.1\r\nHost: news.example\r\n\r\n",
        ),
        exchange(b"no status line at all", "http://news.example/garbage", number=8),
        exchange(b"", "http://news.example/silent", number=9),
        exchange(response(b""), "http://news.example/empty", number=10),
        exchange(
            response(PAGE + b"!"),
            "http://news.example/interim?q=%20x",
            number=11,
            interim=(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",),
            surplus=b"HTTP/1.1 200 OK\r\n",
            surplus_length=17,
        ),
        exchange(response(b"{}", b"Content-Type: application/json\r\n"), "http://news.example/json", number=12),
        exchange(b"HTTP/1.1 204 No Content\r\n\r\n", "http://news.example/none", number=13),
        exchange(response(PAGE, HTML + b"Content-Encoding: gzip\r\n"), "http://news.example/liar", number=14),
    ]
    captures = [recorder.record(each).result(10) for each in exchanges]
    recorder.close()
    assert [capture.mime for capture in captures if capture].count("warc/revisit") == 2
    ingest(collection, workers=1)
    writer = collection.text_writer()
    writer.append(
        [tombstone(removed="urn:uuid:00000000-0000-4000-8000-000000000001", description="a takedown", date=BEGAN)]
    )
    writer.close()


def defects(target: Path | list[Path], *, jobs: int = 1, notes: bool = False) -> list[Defect]:
    return [found for found in Verification(target, jobs=jobs) if notes or found.severity == "defect"]
