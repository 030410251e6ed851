"""A small site for tests of politeness: paths to answers, served by the newsroom's server with its log of times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Self

from tests.newsroom.answers import Answer, Page, Request, answer, http_date, simple
from tests.newsroom.log import Log, Served
from tests.newsroom.server import Server

__all__ = ["Site", "article", "http_date", "listing", "robots", "simple"]

Response = Page | Callable[[int], Page]
"""A page, or what makes one from how often the path was asked for before."""


class Site:
    """`with Site({"/": page}) as site: site.url`. What it does not know is 404."""

    def __init__(self, pages: Mapping[str, Response], *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.pages = dict(pages)
        self._log = Log()
        self._server = Server(self._respond, self._log, host, port, None)
        self.port = self._server.port
        self.url = f"http://{host}:{self.port}"
        self._asked: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.stop()

    @property
    def log(self) -> list[Served]:
        return self._log.settled()

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [served.path for served in sorted(self.log, key=lambda served: served.began)]

    def _respond(self, request: Request) -> Answer:
        page = self.pages.get(request.path, simple(404, "Not found"))
        before = self._asked.get(request.path, 0)
        self._asked[request.path] = before + 1
        return answer(page(before) if callable(page) else page, request, datetime.now(UTC))


def article(number: int | str, *headers: tuple[str, str], head: str = "") -> Page:
    text = (
        f"Paragraph of story {number}: the harbour was quiet, and nobody asked for more than one page at a time. " * 8
    )
    body = (
        f"<!doctype html><html><head><title>Story {number}</title>{head}</head><body><article><h1>Story {number}</h1>"
    )
    return Page(body=f"{body}<p>{text}</p></article></body></html>".encode(), headers=headers)


def listing(*urls: str, changed: datetime | None = None) -> Page:
    """A sitemap: all that it names is fetched, wherever it is, and again if it was `changed` since."""
    at = f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
    places = "".join(f"<url><loc>{url}</loc>{at}</url>" for url in urls)
    body = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'
    return Page(body=body.encode(), type="application/xml")


def robots(text: str, *headers: tuple[str, str]) -> Page:
    return Page(body=text.encode(), type="text/plain; charset=utf-8", headers=headers)
