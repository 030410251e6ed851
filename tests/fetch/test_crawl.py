"""The handler in a crawl of somebody else's project: Scrapy's own machinery around it, a real collection below it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from tests.commands import run
from tests.fetch.server import PAGE

ANSWERS = {
    "/robots.txt": [b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nUser-agent: *"],
    "/moved": [b"HTTP/1.1 301 Moved\r\nLocation: /new\r\nContent-Length: 0\r\n\r\n"],
    "/new": [PAGE],
    "/page": [PAGE.replace(b"article", b"another")],
    "/flaky": [b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", PAGE.replace(b"article", b"at last")],
}


async def crawl(collection: Path | None, handler: str = "archiving") -> tuple[dict[str, Any], str, list[str]]:
    """What the crawl printed, what it logged, and the paths it asked for."""
    paths: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                path = request.split(b" ")[1].decode()
                answers = ANSWERS[path]
                writer.write(answers[min(paths.count(path), len(answers) - 1)])
                paths.append(path)
        except asyncio.IncompleteReadError:
            writer.close()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    async with listener:
        ran = await asyncio.to_thread(run, "tests.fetch.crawl_script", url, str(collection or ""), handler)
    assert ran.code == 0, ran.err
    return json.loads(ran.out), ran.err, paths


async def test_all_that_scrapy_asks_for_is_archived_before_the_spider_sees_it(tmp_path: Path) -> None:
    told, log, paths = await crawl(tmp_path / "news")
    assert told["reason"] == "finished"
    assert "Traceback" not in log
    items = {item["url"].rpartition("/")[2]: item for item in told["items"]}
    assert items.keys() == {"new", "page", "flaky"}
    for item in items.values():
        assert item["record"] == ["response", item["url"], True], "the record was there when the callback ran"

    (warc,) = (tmp_path / "news" / "archive").glob("*.warc.gz")
    with warc.open("rb") as stream:
        records = [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())
            for record in ArchiveIterator(stream)
        ]
    for kind in ("response", "request", "metadata"):
        archived = [url.partition("//")[2].partition("/")[2] for rec, url, _ in records if rec == kind]
        assert sorted(archived) == sorted(path.lstrip("/") for path in paths)
    notes = {url.rpartition("/")[2]: block for kind, url, block in records if kind == "metadata" and url}
    assert b"hopsFromSeed: P" in notes["robots.txt"]
    assert b"hopsFromSeed: R" in notes["new"]
    assert b"/moved" in notes["new"]


async def test_a_crawl_that_cannot_archive_stops() -> None:
    told, log, paths = await crawl(None, "refusing")
    assert told == {"items": [], "reason": "storage"}
    assert "no space left on device" in log
    assert "/new" not in paths, "a redirect that is not archived leads nowhere"


async def test_without_a_collection_pages_come_unarchived_and_that_is_said_once() -> None:
    told, log, _ = await crawl(None)
    assert told["reason"] == "finished"
    assert len(told["items"]) == 3
    assert log.count("nothing is archived") == 1
