"""From a page to the bytes that go out: encodings, framing, validators. Pure.

An `Answer` is a script for the server: bytes to send, pauses to make, and what to do with the connection after.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cached_property
from http import HTTPStatus
from typing import Literal

__all__ = ["Answer", "Delivery", "Page", "Request", "Then", "answer", "chunked", "http_date", "parse_request", "simple"]

Then = Literal["keep", "close", "drop", "reset"]
Delivery = Literal["plain", "gzip", "deflate", "chunked", "chunked+gzip"]
"""How a page likes to travel; content encodings only to clients that accept them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    method: str
    path: str
    query: str
    headers: dict[str, str]
    """Names in lower case; of a repeated one the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    steps: Iterable[bytes | float]
    """Bytes to send as they are, or seconds to wait."""
    then: Then = "keep"
    case: str = ""
    """What is special about it, for the log."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a path holds. Its bytes are made once for each encoding."""

    body: bytes
    type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    modified: datetime | None = None
    delivery: Delivery = "plain"
    case: str = ""

    @cached_property
    def etag(self) -> str:
        return f'"{hashlib.sha1(self.body).hexdigest()[:16]}"'

    @cached_property
    def gzip(self) -> bytes:
        return gzip.compress(self.body, 6, mtime=0)

    @cached_property
    def deflate(self) -> bytes:
        return zlib.compress(self.body, 6)


def parse_request(head: bytes) -> Request:
    """A request's head; ValueError when it is none. Takes the absolute form that proxies are sent, too."""
    first, *lines = head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    method, target, _version = first.split(" ")
    if "://" in target:
        target = "/" + target.split("://", 1)[1].partition("/")[2]
    path, _, query = target.partition("?")
    pairs = (line.partition(":") for line in lines if line)
    return Request(method=method, path=path, query=query, headers={n.lower(): v.strip() for n, _, v in pairs})


def http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def head(status: int, headers: Iterable[tuple[str, str]]) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def chunked(body: bytes, size: int = 2000) -> bytes:
    pieces = (body[at : at + size] for at in range(0, len(body), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def simple(status: int, text: str, *headers: tuple[str, str], case: str = "") -> Page:
    """A small page that says what is the matter, as redirects and errors carry."""
    body = f"<!doctype html><html><head><title>{status}</title></head><body><h1>{text}</h1></body></html>"
    return Page(body=body.encode(), status=status, headers=headers, case=case)


def _unchanged(page: Page, request: Request) -> bool:
    """RFC 9110, section 13.2.2: If-None-Match decides alone where it is present."""
    if tags := request.headers.get("if-none-match"):
        return tags.strip() == "*" or page.etag in (tag.strip().removeprefix("W/") for tag in tags.split(","))
    since = request.headers.get("if-modified-since")
    if since and page.modified:
        try:
            return page.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
        except ValueError:
            return False
    return False


def answer(page: Page, request: Request, now: datetime) -> Answer:
    """The exact bytes with which a well-behaved server serves `page` to this request."""
    headers = [("Server", "courier/1.0"), ("Date", http_date(now))]
    if page.status == 200:
        headers += [("ETag", page.etag), ("Cache-Control", "max-age=60")]
        if page.modified:
            headers.append(("Last-Modified", http_date(page.modified)))
        if _unchanged(page, request):
            return Answer(steps=(head(304, headers),), case="not-modified")
    accepted = request.headers.get("accept-encoding", "")
    body, encoding = page.body, ""
    if page.delivery in ("gzip", "chunked+gzip") and "gzip" in accepted:
        body, encoding = page.gzip, "gzip"
    elif page.delivery == "deflate" and "deflate" in accepted:
        body, encoding = page.deflate, "deflate"
    headers.append(("Content-Type", page.type))
    if page.delivery != "plain":
        headers.append(("Vary", "Accept-Encoding"))
    if encoding:
        headers.append(("Content-Encoding", encoding))
    if page.delivery.startswith("chunked"):
        body = chunked(body)
        headers.append(("Transfer-Encoding", "chunked"))
    else:
        headers.append(("Content-Length", str(len(body))))
    closing = request.headers.get("connection", "").lower() == "close"
    headers += [*page.headers, ("Connection", "close" if closing else "keep-alive")]
    sent = head(page.status, headers) + (b"" if request.method == "HEAD" else body)
    return Answer(steps=(sent,), then="close" if closing else "keep", case=page.case)
