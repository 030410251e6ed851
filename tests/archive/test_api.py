"""The package as programs import it."""

from __future__ import annotations

import gzip
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import archive
from archive import Collection, http
from archive.errors import NoCatalogue
from archive.ingest import ingest
from tests.archive.ingest.pages import START, article, exchange, record

HOST = "https://news.example"


def test_the_public_names() -> None:
    assert archive.__all__ == [
        "Article",
        "Capture",
        "Change",
        "Collection",
        "Event",
        "Hit",
        "Snippet",
        "Version",
        "WirecopyError",
        "Wish",
    ]
    for name in archive.__all__:
        assert name in dir(archive)
        assert getattr(archive, name).__name__ == name
    with pytest.raises(AttributeError):
        _ = archive.Nothing


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import archive", {"sqlite3", "warcio", "msgspec", "trafilatura"}),
        ("from archive import Collection", {"trafilatura", "scrapy", "twisted", "lxml"}),
    ],
)
def test_imports_are_cheap(statement: str, absent: set[str]) -> None:
    script = f"{statement}\nimport sys\nprint({absent!r} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_captures_and_payloads(tmp_path: Path) -> None:
    url = f"{HOST}/story?id=1"
    page = article("Story").encode()
    squeezed = gzip.compress(page)
    response = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        + f"{len(squeezed):x}\r\n".encode()
        + squeezed
        + b"\r\n0\r\n\r\n"
    )
    first = replace(exchange(url, ""), response=response, head=http.parse_head(response))
    with Collection.create(tmp_path / "news") as collection:
        recorder = collection.recorder(crawl_id="test", user_agent="test")
        for each in (first, replace(first, began=START + timedelta(hours=1))):
            recorder.record(each).result(10)
        recorder.record(exchange(f"{HOST}/Story?id=1", "another")).result(10)
        recorder.close()
        captures = collection.captures(f"{url}#top")
        assert [(each.mime, each.date) for each in captures] == [
            ("text/html", START),
            ("warc/revisit", START + timedelta(hours=1)),
        ]
        assert [collection.payload(each) for each in captures] == [page, page]
        assert collection.captures("not a url") == []


def test_articles_since(tmp_path: Path) -> None:
    with Collection.create(tmp_path / "news") as collection:
        with pytest.raises(NoCatalogue, match="rebuild"):
            collection.articles()
        record(collection, {f"{HOST}/1": article("One")})
        record(collection, {f"{HOST}/2": article("Two")}, minutes=120)
        ingest(collection, workers=1)
        assert [found.title for found in collection.articles()] == ["One", "Two"]
        assert [found.title for found in collection.articles(since="2026-03-01T09:00")] == ["Two"]
        assert list(collection.articles(since="1m")) == []
        stream = collection.articles(since=START)
        assert collection.versions(next(stream).article_id)[0].title == "One"
        assert [hit.article.title for hit in collection.search("bridge", limit=1)] == ["Two"]
