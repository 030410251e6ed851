"""What counts among the requests that a crawl may have under way."""

from __future__ import annotations

from time import monotonic

from scrapy import Request

from crawler.politeness.downloader import PoliteDownloader
from tests.politeness.test_queue import AT_ONCE, crawling


def test_what_waits_for_the_robots_txt_of_its_host_takes_no_place() -> None:
    """The request for that file has it."""
    downloader = PoliteDownloader(crawling())

    def begin(url: str) -> Request:
        request = Request(url)
        downloader.active.add(request)
        downloader._begun[request] = monotonic()
        return request

    pages = [begin(f"http://{number}.example/") for number in range(AT_ONCE)]
    assert downloader.needs_backout()
    downloader.hosts.waiting.update(pages)
    assert not downloader.needs_backout()
    for page in pages:
        begin(f"{page.url}robots.txt")
    assert downloader.needs_backout()
    downloader._begun.popitem()
    assert not downloader.needs_backout()
    downloader.hosts.waiting.discard(pages[0])
    assert downloader.needs_backout()
