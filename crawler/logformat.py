"""What a crawl says of each page, said only where somebody listens.

Scrapy makes two messages a page at DEBUG, and drops both at any other LOG_LEVEL.
"""

from __future__ import annotations

import logging
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

__all__ = ["HeardMessages"]


class HeardMessages(LogFormatter):
    def __init__(self, level: int) -> None:
        self._heard = level <= logging.DEBUG

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        level = crawler.settings.get("LOG_LEVEL")
        return cls(level if isinstance(level, int) else logging.getLevelNamesMapping().get(str(level).upper(), 0))

    # None is for nothing to say: Scrapy's own words (docs/topics/logging), though its types do not have it.
    def crawled(self, request: Request, response: Response, spider: Spider) -> LogFormatterResult:
        return super().crawled(request, response, spider) if self._heard else None  # type: ignore[return-value]

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:
        return super().scraped(item, response, spider) if self._heard else None  # type: ignore[return-value]
