"""One crawl of a list of URLs in this process: plain Scrapy, Scrapy tuned alike, or wirecopy. Run by __main__."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy import signals
from scrapy.core.scheduler import Scheduler
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings

QUIET = {"LOG_LEVEL": "WARNING"}
VARIANTS: dict[str, dict[str, Any]] = {
    "scrapy-stock": QUIET,
    "scrapy-tuned": {**QUIET, "CONCURRENT_ITEMS": 8, "TELNETCONSOLE_ENABLED": False, "COOKIES_ENABLED": False},
    "wirecopy": {
        **QUIET,
        "ROBOTSTXT_OBEY": False,
        "WIRECOPY_EXTRACT": False,
        "WIRECOPY_ALLOW_NETWORKS": "127.0.0.0/8",  # a list of pages is none of seeds
    },
}


class ListSpider(scrapy.Spider):
    """Fetches each URL of a file once and yields an item a page.

    It reads the file, and feeds the scheduler, as it goes: ten thousand requests queued at the start are 25 MB.
    """

    name = "list"

    def __init__(self, urls: Path) -> None:
        super().__init__()
        self.urls = urls

    async def start(self) -> AsyncIterator[Any]:
        with self.urls.open() as lines:
            for number, url in enumerate(lines, 1):
                yield scrapy.Request(url.strip())
                while number % 100 == 0 and self.waiting():
                    await self.crawler.signals.wait_for(signals.scheduler_empty)

    def waiting(self) -> int:
        """What the scheduler holds. Ours calls itself empty, too, while the hosts of all it holds are busy."""
        assert self.crawler.engine is not None
        assert self.crawler.engine._slot is not None
        scheduler = self.crawler.engine._slot.scheduler
        assert isinstance(scheduler, Scheduler)
        return len(scheduler)

    def parse(self, response: Response) -> Any:
        yield {"url": response.url, "size": len(response.body)}


def main(variant: str, urls: str, collection: str) -> None:
    settings = Settings()
    if variant == "wirecopy":
        settings.setmodule("crawler.settings", priority="project")
        settings.set("WIRECOPY_COLLECTION", collection, priority="cmdline")
    settings.setdict(VARIANTS[variant], priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(ListSpider)
    process.crawl(crawler, urls=Path(urls))
    process.start()
    assert crawler.stats is not None
    print(crawler.stats.get_value("item_scraped_count", 0))


if __name__ == "__main__":
    main(*sys.argv[1:])
