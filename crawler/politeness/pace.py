"""How fast to ask: Scrapy's AutoThrottle, which follows a host's own pace, for every host but loopback ones."""

from __future__ import annotations

from scrapy import Request, Spider
from scrapy.core.downloader import Slot
from scrapy.extensions.throttle import AutoThrottle

__all__ = ["Pace"]


class Pace(AutoThrottle):
    """AutoThrottle that leaves alone the hosts whose pace DOWNLOAD_SLOTS has fixed."""

    def _get_slot(self, request: Request, spider: Spider) -> tuple[str | None, Slot | None]:
        key, slot = super()._get_slot(request, spider)
        fixed = self.crawler.settings.getdict("DOWNLOAD_SLOTS")
        return (None, None) if key in fixed else (key, slot)
