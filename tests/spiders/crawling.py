"""A child process that crawls with stock Scrapy, and says what it yielded as JSON lines on stdout.

Scrapy's reactor runs once a process, and a crawl in a process of its own is what users get.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any, cast

from itemadapter import ItemAdapter
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.spiderloader import SpiderLoader


class Known:
    """Stands for the archive: an extension that knows the keys it was given, and nothing else of them."""

    def __init__(self, keys: set[str]) -> None:
        self.keys = keys

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Known:
        known = cls(set(crawler.settings.getlist("KNOWN")))
        crawler.memory = known  # type: ignore[attr-defined]
        return known

    def known(self, keys: list[str]) -> dict[str, int]:
        return dict.fromkeys(self.keys.intersection(keys), 0)

    def page(self, key: str) -> None:
        return None

    def due(self, hosts: Iterable[str], limit: int) -> list[Any]:
        return []


class Drops:
    """A spider middleware that loses requests without a word, as others' may."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Drops:
        return cls(crawler.settings["DROPS"])

    def __init__(self, path: str | None) -> None:
        self._path = path

    async def process_spider_output(self, response: Any, result: Any) -> Any:
        async for output in result:
            if not (self._path and getattr(output, "url", "").endswith(self._path) and hasattr(output, "callback")):
                yield output


class Print:
    def process_item(self, item: Any) -> Any:
        fields = ItemAdapter(item)
        print(json.dumps({"kind": fields["kind"], "url": fields["url"], "hops": fields["discovery"].hops}))
        return item


def main(name: str, arguments: dict[str, Any], settings: dict[str, Any]) -> None:
    process = AsyncCrawlerProcess(
        {
            "SPIDER_MODULES": ["crawler.spiders"],
            "ITEM_PIPELINES": {Print: 1},
            "EXTENSIONS": {Known: 1},
            "SPIDER_MIDDLEWARES": {Drops: 1},
            "LOG_LEVEL": "WARNING",
            "TELNETCONSOLE_ENABLED": False,
            "RETRY_ENABLED": False,
            "DOWNLOAD_DELAY": 0,
            **settings,
        }
    )
    loader = cast(SpiderLoader, process.spider_loader)
    crawler = process.create_crawler(loader.load(name))
    process.crawl(crawler, **arguments)
    process.start()
    assert crawler.stats is not None
    print(json.dumps({"stats": {key: value for key, value in crawler.stats.get_stats().items() if "wirecopy" in key}}))


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3]))
