"""A WARC file of typical pages, written by the recorder as a crawl does."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

from archive.collection import Collection
from archive.http import parse_head
from archive.model import Exchange
from archive.warc.appender import Fsync
from tests.newsroom.answers import chunked
from tests.newsroom.templates import article_page
from tests.newsroom.world import articles

__all__ = ["BODIES", "make"]

BODIES = ("plain", "coded")
"""With their length and as they are; or two of three compressed, and every other one chunked."""

_ARTICLES_A_PAGE = 14  # some 60 KB
_DAY = datetime(2026, 3, 1, tzinfo=UTC)


def make(path: Path, size: int, corpus: Path | None, bodies: str = "plain") -> Path:
    """A file of `size` bytes and one page more at most, in a collection of its own at `path`."""
    recorder = Collection.create(path).recorder(
        crawl_id="benchmark", user_agent="benchmark", dedup="off", fsync=Fsync(policy="never")
    )
    pages = _corpus(corpus) if corpus else _newsroom()
    for number, page in enumerate(pages):
        recorder.record(_exchange(page, number, bodies)).result()
        if recorder.bytes >= size:
            break
    recorder.close()
    (file,) = (path / "archive").iterdir()
    return file


def _corpus(directory: Path) -> Iterator[bytes]:
    paths = sorted(directory.glob("pages/*/*.html.gz"))
    if not paths:
        raise SystemExit(f"{directory} has no pages/*/*.html.gz")
    return (gzip.decompress(path.read_bytes()) for path in cycle(paths))


def _newsroom() -> Iterator[bytes]:
    written = articles()
    while True:
        several = list(islice(written, _ARTICLES_A_PAGE))
        yield b"".join(article_page(article, "http://news.example", several) for article in several)


def _exchange(page: bytes, number: int, bodies: str) -> Exchange:
    headers = b"Content-Type: text/html; charset=utf-8\r\nServer: nginx\r\nCache-Control: max-age=60\r\n"
    if bodies == "coded" and number % 3:
        page = gzip.compress(page, 6, mtime=0)
        headers += b"Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n"
    if bodies == "coded" and number % 2:
        headers, page = headers + b"Transfer-Encoding: chunked\r\n", chunked(page, 8000)
    else:
        headers += b"Content-Length: %d\r\n" % len(page)
    response = b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n" + page
    return Exchange(
        url=f"http://news.example/2026/03/01/story-{number}.html",
        began=_DAY + timedelta(seconds=number),
        elapsed_ms=80,
        request=b"GET /2026/03/01/story-%d.html HTTP/1.1\r\nHost: news.example\r\n\r\n" % number,
        response=response,
        head=parse_head(response),
        ip="192.0.2.7",
    )
