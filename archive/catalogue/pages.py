"""Every page that was captured, with what its newest reading says: title, text, labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.catalogue.documents import load_labels
from archive.catalogue.schema import explained, statements
from archive.catalogue.store import Catalogue
from archive.catalogue.times import from_micros
from archive.pages import is_page

__all__ = ["PageRead", "pages"]

_SQL: Final = statements("pages")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    capture_id: str
    url: str
    date: datetime
    digest: str | None
    file: str
    offset: int
    title: str | None
    """None, like the text, of a page that nobody has read yet."""
    text: str | None
    labels: frozenset[str]


def pages(catalogue: Catalogue) -> Iterator[PageRead]:
    """The pages in order of time. Only their numbers are sorted, so that no text is held but the one at hand."""
    with explained(catalogue.path):
        one = catalogue.connection.cursor()
        for (number,) in catalogue.connection.execute(_SQL["pages"]):
            row = one.execute(_SQL["page_by_number"], (number,)).fetchone()
            if row is None:  # removed meanwhile
                continue
            capture_id, url, date, status, mime, digest, file, offset, title, text, labels = row
            if is_page(mime, status):
                yield PageRead(
                    capture_id=capture_id,
                    url=url,
                    date=from_micros(date),
                    digest=digest,
                    file=file,
                    offset=offset,
                    title=title,
                    text=text,
                    labels=load_labels(labels or "[]"),
                )
