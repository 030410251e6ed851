"""Redirects that lead nowhere: in circles, on and on, or to what is no address. Scrapy's own classes do the rest."""

from __future__ import annotations

from collections.abc import Callable

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware, RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.heldback import ledger_of
from crawler.limits.patience import Patience
from crawler.middlewares import Outcomes

__all__ = ["MetaRedirects", "Redirects"]

_COOKIE = "; it sets a cookie on the way, and --set COOKIES_ENABLED=True would bring that back"

_HEAD = 64 * 1024
"""Bytes that hold the 4,096 characters that Scrapy looks at, in any encoding."""
_NO_ASCII = (b"\0", b"\x1b")
"""UTF-16, UTF-32, and encodings that change in between: there a word may look otherwise."""


class Redirects(RedirectMiddleware):
    """HTTP's redirects. What is wrong with a chain is told as a failure of the page that it began at."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        return _bounded(self, super().process_response, request, response)


class MetaRedirects(MetaRefreshMiddleware):
    """The same, for redirects in a page's head. Where the bytes do not say so, nothing is decoded to look for one."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        head = response.body[:_HEAD].lower()
        if b"refresh" not in head and not any(byte in head for byte in _NO_ASCII):
            return response
        return _bounded(self, super().process_response, request, response)


def _bounded(
    middleware: RedirectMiddleware | MetaRefreshMiddleware,
    follow: Callable[[Request, Response], Request | Response],
    request: Request,
    response: Response,
) -> Request | Response:
    try:
        result = follow(request, response)
    except ValueError:  # such as http://[ for a target: then the answer is a page like any other
        return response
    except IgnoreRequest:
        _lost(middleware, request, f"more than {middleware.max_redirect_times} redirects")
        raise
    if not isinstance(result, Request):
        return result
    # Some servers set a cookie and send the reader to the same address, to see whether it comes back.
    sets = b"Set-Cookie" in response.headers
    kept = sets and middleware.crawler.settings.getbool("COOKIES_ENABLED")
    if result.meta.get("redirect_urls", []).count(result.url) > kept:
        _lost(middleware, request, "redirects in a circle" + (_COOKIE if sets and not kept else ""))
        raise IgnoreRequest("redirects in a circle")
    return result


def _lost(middleware: RedirectMiddleware | MetaRefreshMiddleware, request: Request, why: str) -> None:
    """What is raised from here no other middleware sees."""
    crawler = middleware.crawler
    first = request.meta.get("redirect_urls", [request.url])[0]
    ledger_of(crawler).note("redirects", first)
    if (outcomes := crawler.get_downloader_middleware(Outcomes)) is not None:
        outcomes.failed(request, why, first)
    if (patience := crawler.get_downloader_middleware(Patience)) is not None:
        patience.failed(request.url)
