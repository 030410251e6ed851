"""What a report takes from Scrapy's own stats."""

from __future__ import annotations

from scrapy.statscollectors import StatsCollector

__all__ = ["errors_of_spiders", "statuses"]

_STATUS = "downloader/response_status_count/"


def statuses(stats: StatsCollector) -> dict[str, int]:
    """Responses by HTTP status."""
    return {
        name.removeprefix(_STATUS): count
        for name, count in sorted(stats.get_stats().items())
        if name.startswith(_STATUS)
    }


def errors_of_spiders(stats: StatsCollector) -> int:
    """How many callbacks broke."""
    return sum(count for name, count in stats.get_stats().items() if name.startswith("spider_exceptions/"))
