"""Collections with just what a test needs in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import Collection
from archive.http import parse_head
from archive.model import Exchange
from archive.warc.appender import Fsync

__all__ = ["SITE", "START", "collection", "got"]

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SITE = "https://news.example"


def got(
    path: str,
    body: bytes = b"",
    *headers: str,
    kind: str | None = "text/html",
    status: str = "200 OK",
    after: float = 0,
    method: str = "GET",
    framed: bool = True,
) -> Exchange:
    """What a server said, `after` so many seconds."""
    lines = [f"HTTP/1.1 {status}", *headers]
    lines += [f"Content-Type: {kind}"] if kind else []
    lines += [f"Content-Length: {len(body)}"] if framed else []
    response = "\r\n".join([*lines, "", ""]).encode() + body
    url = path if "://" in path else SITE + path
    return Exchange(
        url=url,
        method=method,
        began=START + timedelta(seconds=after),
        elapsed_ms=1,
        request=f"{method} / HTTP/1.1\r\nHost: x\r\n\r\n".encode(),
        response=response,
        head=parse_head(response),
    )


def collection(path: Path, exchanges: Iterable[Exchange]) -> Path:
    news = Collection.create(path)
    recorder = news.recorder(crawl_id="test", user_agent="test", fsync=Fsync(policy="never"))
    for exchange in exchanges:
        recorder.record(exchange).result()
    recorder.close()
    return path
