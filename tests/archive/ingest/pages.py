"""Pages put into a collection as a crawl would, without any network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from archive import http
from archive.collection import Collection
from archive.model import Capture, Discovery, Exchange

__all__ = ["START", "article", "exchange", "record"]

START = datetime(2026, 3, 1, 8, tzinfo=UTC)

SENTENCES = (
    "The council met on Tuesday and agreed on a budget for the coming year. ",
    "Members of the opposition asked for more time to read the report. ",
    "A spokeswoman said that the new bridge would open before the summer. ",
    "Residents had complained about the noise for more than two years. ",
)


def article(title: str, text: str = "", *, paragraphs: int = 6) -> str:
    body = "".join(f"<p>{text} {''.join(SENTENCES)}</p>" for _ in range(paragraphs))
    return (
        f"<!doctype html><html lang=en><head><title>{title} - The Daily Test</title>"
        f"<meta property='og:type' content='article'><meta property='og:title' content='{title}'></head>"
        f"<body><nav><a href='/'>Home</a></nav><article><h1>{title}</h1>{body}</article></body></html>"
    )


def exchange(
    url: str,
    body: str,
    *,
    minutes: int = 0,
    status: int = 200,
    mime: str = "text/html",
    location: str | None = None,
    hint: Discovery | None = None,
    fields: Sequence[str] = (),
) -> Exchange:
    payload = body.encode()
    response = (
        f"HTTP/1.1 {status} Whatever\r\nContent-Type: {mime}; charset=utf-8\r\n"
        + (f"Location: {location}\r\n" if location else "")
        + "".join(f"{field}\r\n" for field in fields)
        + f"Content-Length: {len(payload)}\r\n\r\n"
    ).encode() + payload
    return Exchange(
        url=url,
        began=START + timedelta(minutes=minutes),
        elapsed_ms=12,
        request=b"GET / HTTP/1.1\r\nHost: news.example\r\n\r\n",
        response=response,
        head=http.parse_head(response),
        ip="127.0.0.1",
        discovery=hint or Discovery(),
    )


def record(collection: Collection, pages: Mapping[str, str], *, minutes: int = 0) -> list[Capture]:
    """Archives each page, a second apart, and closes the file."""
    recorder = collection.recorder(crawl_id="test", user_agent="test")
    try:
        futures = [
            recorder.record(exchange(url, body, minutes=minutes + number))
            for number, (url, body) in enumerate(pages.items())
        ]
        return [capture for future in futures if (capture := future.result(10))]
    finally:
        recorder.close()
