"""The recorder that a crawl's handlers share, as Scrapy's settings ask for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy import Request
from scrapy.utils.test import get_crawler

from archive.collection import Collection
from archive.errors import ConfigError
from archive.warc.reader import records
from crawler.fetch.capture import recorder_for
from crawler.fetch.handler import ArchivingDownloadHandler
from tests.commands import wirecopy
from tests.fetch.server import PAGE, Answer, serving


async def test_both_handlers_of_a_crawl_write_one_file_which_the_last_one_closes(tmp_path: Path) -> None:
    path = tmp_path / "news"
    crawler = get_crawler(
        settings_dict={
            "WIRECOPY_COLLECTION": str(path),
            "USER_AGENT": "tester/1",
            "DEFAULT_REQUEST_HEADERS": {"From": "archivist@news.example"},
        }
    )
    http, https = (ArchivingDownloadHandler.from_crawler(crawler) for _ in range(2))
    async with serving() as server:
        request = Request(f"http://127.0.0.1:{server.port}/")
        await http.download_request(request)
        await http.close()
        await https.download_request(request)
        assert list((path / "archive").glob("*.open")), "still open while one handler is"
        await https.close()
    capture = request.meta["wirecopy_capture"]
    (warc,) = (path / "archive").iterdir()
    assert warc.name == capture.file
    info, *rest = records(warc)
    assert isinstance(info.block, bytes)
    assert b"http-header-user-agent: tester/1" in info.block
    assert b"http-header-from: archivist@news.example" in info.block
    assert [record.type for record in rest].count("request") == 2
    assert Collection.open(path).read(capture.file, capture.offset).url == request.url


async def test_an_archived_block_is_what_came(tmp_path: Path) -> None:
    crawler = get_crawler(settings_dict={"WIRECOPY_COLLECTION": str(tmp_path / "news"), "WIRECOPY_DEDUP": "off"})
    handler = ArchivingDownloadHandler.from_crawler(crawler)
    async with serving() as server:
        request = Request(f"http://127.0.0.1:{server.port}/")
        for _ in range(2):  # not even the second time is it a revisit
            await handler.download_request(request)
            capture = request.meta["wirecopy_capture"]
            assert Collection.open(tmp_path / "news").read(capture.file, capture.offset).block == PAGE
        await handler.close()


async def test_a_head_as_large_as_a_setting_allows_is_read_again_as_it_came(tmp_path: Path) -> None:
    """Beyond what is kept in memory, too: then readers look for its end piece by piece."""
    head = b"HTTP/1.1 200 OK\r\nX-Long: " + b"y" * 5_000_000 + b"\r\nContent-Length: 7\r\n\r\n"
    settings = {"WIRECOPY_COLLECTION": str(tmp_path / "news"), "WIRECOPY_MAX_HEAD": "8 MB"}
    handler = ArchivingDownloadHandler.from_crawler(get_crawler(settings_dict=settings))
    async with serving(Answer(head + b"article")) as server:
        response = await handler.download_request(Request(f"http://127.0.0.1:{server.port}/"))
        await handler.close()
    assert response.body == b"article"
    collection = Collection.open(tmp_path / "news")
    (path,) = collection.archive_dir.glob("*.warc.gz")
    assert wirecopy("verify", "-c", "news", cwd=tmp_path).code == 0
    found = [record.head for record in records(path) if record.type == "response"]
    assert [one.length if one else None for one in found] == [len(head)]


def test_settings_that_make_no_sense_are_refused_by_name(tmp_path: Path) -> None:
    crawler = get_crawler(settings_dict={"WIRECOPY_COLLECTION": str(tmp_path / "news"), "WIRECOPY_FSYNC": "often"})
    with pytest.raises(ConfigError, match=r"WIRECOPY_FSYNC.*often"):
        recorder_for(crawler)
