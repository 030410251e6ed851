"""A listing of tens of thousands of entries does not keep the reactor from other hosts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

from scrapy import Request
from scrapy.http import TextResponse
from scrapy.utils.test import get_crawler

from archive.model import Discovery
from crawler.discovery import classify
from crawler.spiders.article import ArticleSpider
from crawler.spiders.aside import LARGE

ENTRIES = 40_000
URL = "https://news.example/sitemap.xml"


def sitemap(entries: int) -> bytes:
    urls = "".join(
        f"<url><loc>https://news.example/2024/02/03/a-story-{n}.html</loc><lastmod>2024-02-03</lastmod></url>"
        for n in range(entries)
    )
    return f"<urlset>{urls}</urlset>".encode()


def test_others_have_their_turn_while_a_sitemap_is_read() -> None:
    """In the reactor's thread no stretch of work between two turns takes as long as reading the sitemap alone."""
    body = sitemap(ENTRIES)
    assert len(body) > LARGE
    longest = 0.0

    async def others() -> None:
        nonlocal longest
        while True:
            before = time.thread_time()
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - before)

    async def crawl() -> set[str]:
        spider = ArticleSpider.from_crawler(get_crawler(ArticleSpider), url=URL, max_pages=0)
        request = await anext(aiter(spider.start()))
        response = TextResponse(URL, body=body, request=request.replace(meta={"wirecopy": Discovery()}))
        beside = asyncio.create_task(others())
        await asyncio.sleep(0)  # it begins
        outputs = spider.parse(response, request.cb_kwargs["step"])
        assert isinstance(outputs, AsyncIterator)
        found = [output.url async for output in outputs if isinstance(output, Request)]
        beside.cancel()
        assert len(set(found)) == len(found)
        return set(found)

    before = time.thread_time()
    classify.listing(body, url=URL)
    alone = time.thread_time() - before
    assert len(asyncio.run(crawl())) == ENTRIES
    assert longest < alone
