"""A small collection of two crawls: articles that show things, revisits, a redirect, another host."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive import Collection
from archive.ingest import ingest
from archive.model import Exchange
from archive.warc.appender import Fsync
from tests.serve.collections import got

FONT = b"no font, and nobody looks"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(64)
STYLE = b"@import 'more.css'; @font-face { font-family: x; src: url(/x.woff2) } body { color: rgb(1, 2, 3) }"


def article(title: str, word: str, extra: str = "") -> bytes:
    text = "".join(
        f"<p>The {word} was in the news on day {day}, and residents of the town talked about the {word} all "
        f"evening long, while a spokeswoman said that number {day} would be the last of its kind.</p>"
        for day in range(1, 9)
    )
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title><link rel=stylesheet href=/s.css>"
        f"<meta property=og:type content=article>{extra}</head><body><article><h1>{title}</h1>"
        f"<img src=/i.png alt=x>{text}</article></body></html>"
    ).encode()


BRIDGE, FERRY, ELSEWHERE = (
    article("Bridge opens", "drawbridge"),
    article("Ferry sails", "steamferry"),
    article("Elsewhere", "lighthouse"),
)
FIRST = [
    got("/story/bridge", BRIDGE),
    got("/s.css", STYLE, kind="text/css", after=1),
    got("/more.css", b"p { margin: 0 }", kind="text/css", after=2),
    got("/x.woff2", FONT, kind="font/woff2", after=3),
    got("/i.png", PICTURE, kind="image/png", after=4),
    got("/unused.png", b"\x89PNG\r\n\x1a\nnobody shows this", kind="image/png", after=5),
    got("/b", b"", "Location: /story/bridge", status="301 Moved Permanently", after=6),
    got("https://elsewhere.test/lighthouse", ELSEWHERE, after=7),
    got("/missing", b"not here", status="404 Not Found", after=8),
]
SECOND = [got("/story/ferry", FERRY, after=86_400), got("/story/bridge", BRIDGE, after=86_401)]


def record(collection: Collection, crawl: str, exchanges: list[Exchange]) -> None:
    recorder = collection.recorder(crawl_id=crawl, user_agent="test", fsync=Fsync(policy="never"))
    for exchange in exchanges:
        recorder.record(exchange).result()
    recorder.close()


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pack") / "news"
    collection = Collection.create(path)
    record(collection, "one", FIRST)
    record(collection, "two", SECOND)
    ingest(collection, workers=1)
    return path


@pytest.fixture
def news(_made: Path, tmp_path: Path) -> Path:
    """The collection, to do with as a test likes."""
    return Path(shutil.copytree(_made, tmp_path / "news"))
