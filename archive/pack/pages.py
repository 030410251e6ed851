"""``pages/pages.jsonl``: each page that was captured, with title and text, for readers to list and to search."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from archive.catalogue.pages import PageRead, pages
from archive.catalogue.store import Catalogue
from archive.model import KEPT_OUT

__all__ = ["page_lines"]


def page_lines(catalogue: Catalogue, is_packed: Callable[[str, int], bool], *, walls: bool) -> Iterator[bytes]:
    """The lines, in order of time; `is_packed` is asked for file and offset.

    What labels keep out of the text feed is listed without its text, unless `walls` asks for that.
    """
    yield msgspec.json.encode({"format": "json-pages-1.0", "id": "pages", "title": "Pages", "hasText": True}) + b"\n"
    for page in pages(catalogue):
        if is_packed(page.file, page.offset):
            yield _line(page, with_text=walls or not KEPT_OUT & page.labels)


def _line(page: PageRead, *, with_text: bool) -> bytes:
    line = {
        "id": page.capture_id.removeprefix("urn:uuid:"),
        "url": page.url,
        "ts": f"{page.date:%Y-%m-%dT%H:%M:%SZ}",
        "title": page.title or page.url,
    }
    if page.text and with_text:
        line["text"] = page.text
    if page.digest:
        line["digest"] = page.digest
    return msgspec.json.encode(line) + b"\n"
