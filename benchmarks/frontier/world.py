"""A collection that knows many pages, and the sitemaps that name them. Rows only: nothing is read from its archive."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path

from archive.catalogue.store import Catalogue
from archive.catalogue.times import DAY, to_micros
from archive.collection import Collection

__all__ = ["PER_SITEMAP", "make", "serving", "url"]

PER_SITEMAP = 50_000
"""As many as the sitemap protocol allows."""

_NOW = to_micros(datetime.now(UTC))


def url(number: int) -> str:
    """The address of a page, as long as addresses of articles are."""
    slug = f"what-the-harbour-said-of-the-ferry-and-the-bridge-{number}"
    return f"https://www.news-{number % 20}.example/politics/{2000 + number % 25}/{number % 12 + 1:02}/{slug}.html"


def make(path: Path, count: int) -> None:
    """A collection with a capture of each page, each an article that was seen at its last age."""
    collection = Collection.create(path)
    with Catalogue(collection.catalogue_path, create=True) as catalogue, catalogue.transaction() as connection:
        numbers = iter(range(count))
        while some := list(islice(numbers, 10_000)):
            connection.executemany(
                "INSERT INTO captures (number, id, urlkey, url, key, date, status, mime, digest, file, offset, length,"
                " unread) VALUES (?, ?, ?, ?, ?, ?, 200, 'text/html', ?, 'news-20260101000000000-0001-x.warc.gz', ?,"
                " 9000, 0)",
                ((n + 1, _id(n), _key(n), url(n), _key(n), _date(n), f"sha1:{n:032}", n * 9000) for n in some),
            )
            connection.executemany(
                "INSERT INTO article_states (article_id, key, reading_id, capture_id, first_seen, changed, dated,"
                " looked, wishes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '[]')",
                (
                    (f"{n:020}", _key(n), _id(n), _id(n), _date(n), _date(n), _date(n), _date(n) + 30 * DAY)
                    for n in some
                ),
            )


def _id(number: int) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-{number:012}"


def _key(number: int) -> str:
    return url(number).removeprefix("https:").replace("//www.", "//")


def _date(number: int) -> int:
    return _NOW - (number % 3000) * DAY // 24


@contextmanager
def serving(count: int) -> Iterator[str]:
    """The address of a sitemap index that names them all."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = _body(self.path, count, f"http://{self.headers['Host']}").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sitemap.xml"
    finally:
        server.shutdown()
        server.server_close()


def _body(path: str, count: int, base: str) -> str:
    if path == "/sitemap.xml":
        maps = (f"<sitemap><loc>{base}/{start}.xml</loc></sitemap>" for start in range(0, count, PER_SITEMAP))
        return f"<sitemapindex>{''.join(maps)}</sitemapindex>"
    start = path.removeprefix("/").removesuffix(".xml")
    if not start.isdecimal():
        return ""
    numbers = range(int(start), min(int(start) + PER_SITEMAP, count))
    pages = (f"<url><loc>{url(n)}</loc><lastmod>2001-02-03</lastmod></url>" for n in numbers)
    return f"<urlset>{''.join(pages)}</urlset>"
