"""A Scrapy project of somebody else's, with the archiving handler or the replaying one: all that differs is a setting.

Run as a program: ``live|replay COLLECTION URL PATH [AT POLICY]``; prints what the spider saw, as JSON.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response, TextResponse

HANDLERS = {
    "live": "crawler.fetch.handler.ArchivingDownloadHandler",
    "replay": "crawler.fetch.replayed.ReplayDownloadHandler",
}


class FrontPageSpider(scrapy.Spider):
    """The front page and all that it links to, a page named by its path, one that is not there, and a form."""

    name = "front"
    url: str
    path: str

    async def start(self) -> AsyncIterator[Any]:
        yield scrapy.Request(self.url + "/")
        yield scrapy.Request(self.url + self.path, callback=self.seen)
        yield scrapy.Request(self.url + "/nowhere-at-all", callback=self.seen)
        yield scrapy.FormRequest(self.url + "/", formdata={"q": "climate"}, callback=self.seen)

    def parse(self, response: Response) -> Iterator[Any]:
        yield from self.seen(response)
        if isinstance(response, TextResponse) and response.status == 200:
            # What the path redirects to is asked for on that way alone: of two captures replay knows only the newest.
            yield from response.follow_all(css="a[href*='/20']:not([href*='moved-here'])", callback=self.seen)

    def seen(self, response: Response) -> Iterator[dict[str, Any]]:
        assert response.request is not None
        capture = response.meta["wirecopy_capture"]
        yield {
            "url": response.url,
            "method": response.request.method,
            "status": response.status,
            "headers": sorted(
                (name.decode(), b", ".join(values).decode()) for name, values in response.headers.items()
            ),
            "body": hashlib.sha256(response.body).hexdigest(),
            "redirects": response.meta.get("redirect_urls", []),
            "record": [capture.id, capture.file, capture.offset],
        }


def main(mode: str, collection: str, url: str, path: str, at: str | None = None, policy: str | None = None) -> None:
    items: list[dict[str, Any]] = []
    process = AsyncCrawlerProcess(
        {
            "DOWNLOAD_HANDLERS": {"http": HANDLERS[mode], "https": HANDLERS[mode]},
            "WIRECOPY_COLLECTION": collection,
            "WIRECOPY_AT": at,
            "WIRECOPY_POLICY": policy,
            "WIRECOPY_ALLOW_NETWORKS": "127.0.0.0/8",
            "HTTPERROR_ALLOW_ALL": True,
            "LOG_LEVEL": "ERROR",
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    crawler = process.create_crawler(FrontPageSpider)

    def keep(item: dict[str, Any]) -> None:
        items.append(item)

    crawler.signals.connect(keep, scrapy.signals.item_scraped)
    process.crawl(crawler, url=url, path=path)
    process.start()
    assert crawler.stats is not None
    misses = crawler.stats.get_value("wirecopy/replay/misses", 0)
    print(json.dumps({"items": sorted(items, key=json.dumps), "misses": misses}))


if __name__ == "__main__":
    main(*sys.argv[1:])
