"""Middlewares called directly give what Scrapy's own manager makes of them: held against it, method by method."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from scrapy import Request
from scrapy.core.downloader.middleware import DownloaderMiddlewareManager
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.directly import DirectMiddlewares

URL = "https://news.example/a"
_LATE = Response(URL, status=203)


class Plain:
    def process_request(self, request: Request) -> None:
        request.meta.setdefault("seen", []).append("plain")

    def process_response(self, request: Request, response: Response) -> Response:
        request.meta["seen"].append("plain back")
        return response


class Awaited(Plain):
    async def process_request(self, request: Request) -> None:  # type: ignore[override]
        await asyncio.sleep(0)
        request.meta.setdefault("seen", []).append("awaited")

    async def process_response(self, request: Request, response: Response) -> Response:  # type: ignore[override]
        return response.replace(status=202)


class Answers:
    def process_request(self, request: Request) -> Response:
        return _LATE


class AsksAgain:
    async def process_response(self, request: Request, response: Response) -> Request:
        return request.replace(url=URL + "/again")


class Refuses:
    def process_request(self, request: Request) -> None:
        raise IgnoreRequest("no")


class Mends:
    def process_exception(self, request: Request, exception: Exception) -> Response:
        return _LATE


class Breaks:
    def process_response(self, request: Request, response: Response) -> Response:
        raise IgnoreRequest("broken")


class GivesNumber:
    def process_request(self, request: Request) -> Any:
        return 7


class GivesNothing:
    def process_response(self, request: Request, response: Response) -> Any:
        return None


class OfOld(Plain):
    def process_request(self, request: Request, spider: Any) -> None:  # type: ignore[override]
        request.meta.setdefault("seen", []).append(spider.name)


@pytest.mark.filterwarnings("ignore:.*requires a spider argument")
@pytest.mark.parametrize(
    "chain",
    [
        [],
        [Plain, Awaited, Plain],
        [Plain, Answers, Plain],
        [Plain, AsksAgain, Plain],
        [Plain, Refuses],
        [Mends, Plain, Refuses],
        [Plain, Breaks, Awaited],
        [Plain, GivesNumber],
        [Plain, GivesNothing],
        [OfOld, Awaited],
    ],
    ids=lambda chain: "-".join(middleware.__name__ for middleware in chain) or "none",
)
def test_the_outcome_is_that_of_scrapys_own_manager(chain: list[type]) -> None:
    assert _outcome(DirectMiddlewares, chain) == _outcome(DownloaderMiddlewareManager, chain)


def _outcome(manager: type[DownloaderMiddlewareManager], chain: list[type]) -> tuple[Any, ...]:
    crawler = get_crawler()
    crawler.spider = crawler._create_spider("news")
    request = Request(URL)

    async def download(request: Request) -> Response:
        return Response(request.url, status=200)

    middlewares = manager(*(middleware() for middleware in chain), crawler=crawler)
    try:
        result = asyncio.run(middlewares.download_async(download, request))
    except (IgnoreRequest, TypeError) as error:
        return isinstance(error, TypeError), request.meta
    return type(result), result.url, getattr(result, "status", None), request.meta
