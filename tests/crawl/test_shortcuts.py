"""What is left undone to save time a page is what nobody would have noticed."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler

from crawler.limits.redirects import MetaRedirects
from crawler.logformat import HeardMessages

URL = "https://news.example/a"
_REFRESH = '<html><head><meta http-equiv="ReFresh" content="0; url=/b"></head><body>Wait</body></html>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32", "shift_jis", "iso2022_jp", "gb18030"])
def test_a_page_that_sends_on_is_followed_in_any_encoding(encoding: str) -> None:
    crawler = get_crawler()
    crawler.spider = crawler._create_spider("news")
    body = _REFRESH.encode(encoding)
    response = HtmlResponse(URL, body=body, encoding=encoding)
    result = MetaRedirects.from_crawler(crawler).process_response(Request(URL), response)
    assert isinstance(result, Request)
    assert result.url.startswith("https://news.example/b")  # w3lib adds an empty query under UTF-16


@pytest.mark.parametrize(("level", "said"), [("DEBUG", True), (10, True), ("INFO", False), ("WARNING", False)])
def test_each_page_is_told_of_where_the_log_is_to_hold_it(level: str | int, said: bool) -> None:
    crawler = get_crawler(settings_dict={"LOG_LEVEL": level})
    spider = crawler._create_spider("news")
    request = Request(URL)
    response = HtmlResponse(URL, request=request)
    messages = HeardMessages.from_crawler(crawler)
    assert (messages.crawled(request, response, spider) is not None) is said
    assert (messages.scraped({"url": URL}, response, spider) is not None) is said
