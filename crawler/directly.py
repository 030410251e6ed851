"""Downloader middlewares called directly: what Scrapy does around each call costs more than most of them do.

A page goes through twenty-odd methods here, nearly all of them plain functions that say None or hand the response on.
Scrapy makes an awaitable of each result, and looks up each method's full name for a warning that it never gives. Here
only what is neither None nor a message goes that way. Order, results and errors are the same, for Scrapy's own
middlewares and a user's alike.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from scrapy import Request
from scrapy.core.downloader.middleware import DownloaderMiddlewareManager
from scrapy.http import Response
from scrapy.utils.defer import ensure_awaitable
from scrapy.utils.python import global_object_name

__all__ = ["DirectMiddlewares"]

_MESSAGES = (Response, Request)


class DirectMiddlewares(DownloaderMiddlewareManager):
    async def _process_request(
        self, request: Request, download_func: Callable[[Request], Coroutine[Any, Any, Response]]
    ) -> Response | Request:
        if self._mw_methods_requiring_spider:
            return await super()._process_request(request, download_func)
        for method in self.methods["process_request"]:
            assert method is not None
            result = method(request=request)
            if result is None:
                continue
            result = await _message(method, result)
            if result is not None:
                return result
        return await download_func(request)

    async def _process_response(self, response: Response | Request, request: Request) -> Response | Request:
        if self._mw_methods_requiring_spider or not isinstance(response, Response):
            return await super()._process_response(response, request)
        for method in self.methods["process_response"]:
            assert method is not None
            result = method(request=request, response=response)
            if result is response:
                continue
            result = await _message(method, result)
            if result is None:
                raise TypeError(f"Middleware {method.__qualname__} must return Response or Request, got None")
            if isinstance(result, Request):
                return result
            response = result
        return response


async def _message(method: Callable[..., Any], result: Any) -> Response | Request | None:
    """What a middleware's method gave, awaited where it is to be."""
    if not isinstance(result, _MESSAGES):
        result = await ensure_awaitable(result, _warn=global_object_name(method))
    if result is None or isinstance(result, _MESSAGES):
        return result
    raise TypeError(f"Middleware {method.__qualname__} must return Response or Request, got {type(result)}")
