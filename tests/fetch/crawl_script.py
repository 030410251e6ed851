"""A Scrapy project of somebody else's: nothing of ours but the download handler, named in its settings.

Run as a program: prints, as JSON, what the spider saw and how the crawl ended.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response

from archive.collection import Collection
from archive.errors import StorageError
from archive.model import Capture, Exchange
from crawler.fetch.handler import ArchivingDownloadHandler


class FullDisk:
    """Refuses every exchange, as a recorder does when there is no room."""

    def record(self, exchange: Exchange) -> Future[Capture | None]:
        outcome: Future[Capture | None] = Future()
        outcome.set_exception(StorageError(Path("archive"), "no space left on device"))
        return outcome


class RefusingHandler(ArchivingDownloadHandler):
    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RefusingHandler:
        return cls(crawler, FullDisk())


class NewsSpider(scrapy.Spider):
    name = "news"
    url: str
    collection: str | None

    async def start(self) -> AsyncIterator[Any]:
        for path in ("/moved", "/flaky", "/page"):
            yield scrapy.Request(self.url + path)

    def parse(self, response: Response) -> dict[str, Any]:
        capture = response.meta["wirecopy_capture"]
        seen: dict[str, Any] = {"url": response.url, "status": response.status, "body": len(response.body)}
        if capture is not None and self.collection is not None:
            record = Collection.open(self.collection).read(capture.file, capture.offset)
            seen["record"] = [record.type, record.url, b"".join(record.payload()) == response.body]
        return seen


def main(url: str, collection: str | None, handler: str) -> None:
    items: list[dict[str, Any]] = []
    path = f"{__name__}.RefusingHandler" if handler == "refusing" else "crawler.fetch.handler.ArchivingDownloadHandler"
    settings = {
        "DOWNLOAD_HANDLERS": {"http": path, "https": path},
        "WIRECOPY_COLLECTION": collection,
        "ROBOTSTXT_OBEY": True,
        "RETRY_TIMES": 1,
        "LOG_LEVEL": "WARNING",
        "TELNETCONSOLE_ENABLED": False,
        "COOKIES_ENABLED": False,
    }
    process = AsyncCrawlerProcess(settings)
    spider = process.create_crawler(NewsSpider)

    def keep(item: dict[str, Any]) -> None:
        items.append(item)

    spider.signals.connect(keep, scrapy.signals.item_scraped)
    process.crawl(spider, url=url, collection=collection)
    process.start()
    assert spider.stats is not None
    print(json.dumps({"items": items, "reason": spider.stats.get_value("finish_reason")}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] or None, sys.argv[3])
