"""Questions to the catalogue: articles as a stream, one by name, its versions, and full text.

Everything is read as it is asked for, from the state of the catalogue at the first row: a write that comes meanwhile
is not seen, and does not wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from archive.catalogue import documents
from archive.catalogue.schema import explained, statements
from archive.catalogue.snippets import Snippet, snippet
from archive.catalogue.store import Catalogue
from archive.catalogue.times import EARLIEST, from_micros, published_micros, to_micros
from archive.catalogue.words import Phrase, match_expression, phrases
from archive.errors import ArticleNotFound, NotFound
from archive.model import KEPT_OUT, Article, CaptureRef, Extraction, ReadingRef, Version
from archive.urls import canonical

__all__ = [
    "Hit",
    "Row",
    "article",
    "article_of",
    "articles",
    "articles_under",
    "is_kept_out",
    "place_of_capture",
    "place_of_reading",
    "search",
    "versions",
]

_SQL: Final = statements("query")
_SHARED: Final = [f.name for f in fields(Article) if f.name in {e.name for e in fields(Extraction)}]

Row = tuple[str, str, str, str, str, int, str | None, int, str, str | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article in which the words stand, and where."""

    article: Article
    title: Snippet
    text: Snippet


def articles(
    catalogue: Catalogue, since: datetime | None = None, *, read: bool = False, walls: bool = False
) -> Iterator[Article]:
    """Articles by the time of their last change, oldest first; `since`: only what is new or changed from then on.

    `read`: also what was read since, whenever it was captured. What is labelled as one of KEPT_OUT is left out unless
    `walls` asks for it.
    """
    now = to_micros(datetime.now(UTC))
    start = to_micros(since) if since else EARLIEST
    with explained(catalogue.path):
        for row in catalogue.connection.execute(_SQL["articles_to_copy" if read else "articles"], (start,)):
            found = article_of(row)
            if walls or not is_kept_out(found, now):
                yield found


def article(catalogue: Catalogue, name: str) -> Article:
    """The article with this id, or the only one whose id begins so, or at this URL; else ArticleNotFound."""
    with explained(catalogue.path):
        row = catalogue.connection.execute(_SQL["article"], (_id_of(catalogue, name),)).fetchone()
    if row is None:
        raise ArticleNotFound(name)
    return article_of(row)


def articles_under(catalogue: Catalogue, url: str, limit: int) -> Iterator[Article]:
    """Articles of a host, or below a path, the newest first."""
    key = canonical(url).removesuffix("/")
    with explained(catalogue.path):
        for row in catalogue.connection.execute(_SQL["articles_under"], (key, f"{key}/", f"{key}0", limit)):
            yield article_of(row)


def versions(catalogue: Catalogue, article_id: str) -> list[Version]:
    """The versions of an article, oldest first; none of one that is not there."""
    with explained(catalogue.path):
        return [
            Version(
                article_id=article_id,
                number=number,
                date=from_micros(date),
                reading_id=reading_id,
                capture_id=capture_id,
                title=title,
                text=text,
            )
            for number, date, reading_id, capture_id, title, text in catalogue.connection.execute(
                _SQL["versions"], (article_id,)
            )
        ]


def place_of_capture(catalogue: Catalogue, capture_id: str) -> tuple[str, int]:
    """File and offset of a capture's record; NotFound when there is none."""
    return _place(catalogue, "place_of_capture", capture_id)


def place_of_reading(catalogue: Catalogue, reading_id: str) -> tuple[str, int]:
    """File and offset of a reading's record, which has all that was read; NotFound when there is none."""
    return _place(catalogue, "place_of_reading", reading_id)


def _place(catalogue: Catalogue, question: str, record_id: str) -> tuple[str, int]:
    with explained(catalogue.path):
        row: tuple[str, int] | None = catalogue.connection.execute(_SQL[question], (record_id,)).fetchone()
    if row is None:
        raise NotFound(f"{catalogue.path} knows no record {record_id}")
    return row


def search(catalogue: Catalogue, query: str, limit: int = 20, offset: int = 0, *, walls: bool = False) -> Iterator[Hit]:
    """Articles in which all the words of `query` stand, newest first. Whatever a person types is a query.

    What is labelled as one of KEPT_OUT is left out unless `walls` asks for it.
    """
    wanted = phrases(query)
    if not wanted:
        return
    now = to_micros(datetime.now(UTC))
    with explained(catalogue.path):
        found_all = (
            found for found in _matches(catalogue, wanted, limit + offset) if walls or not is_kept_out(found, now)
        )
        for found in islice(found_all, offset, offset + limit):
            yield Hit(
                article=found,
                title=snippet(found.title or "", wanted, width=len(found.title or "")),
                text=snippet(found.text or "", wanted),
            )


def is_kept_out(found: Article, now: int) -> bool:
    """Whether it stays out of the text feed; of what is withheld from a day on (archive.extract.wishes), from then."""
    kept_out = KEPT_OUT.intersection(found.labels)
    if kept_out == {"withheld"} and (day := found.origins.get("labels.withheld", "")).startswith("from "):
        return (published_micros(day.removeprefix("from ")) or 0) <= now
    return bool(kept_out)


def _matches(catalogue: Catalogue, wanted: list[Phrase], at_once: int) -> Iterator[Article]:
    at = 0
    while rows := catalogue.connection.execute(_SQL["search"], (match_expression(wanted), at_once, at)).fetchall():
        yield from map(article_of, rows)
        at += at_once


def _id_of(catalogue: Catalogue, name: str) -> str:
    execute = catalogue.connection.execute
    if "/" in name:
        url = name if "//" in name else f"//{name}"
        alias = execute(_SQL["id_of_alias"], (canonical(url),)).fetchone()
        return alias[0] if alias else name
    begins_so = execute(_SQL["ids_from"], (name, name)).fetchall()
    return begins_so[0][0] if name and len(begins_so) == 1 else name


def article_of(row: Row) -> Article:
    """The article of a row of this module's statements."""
    article_id, reading_id, document, capture_id, file, offset, digest, date, wishes, labels, origins = row
    extraction = documents.decode(document)[1]
    if labels is not None and origins is not None:
        asked = tuple(sorted(documents.load_labels(labels)))
        extraction = replace(extraction, labels=asked, origins=documents.load_origins(origins))
    return Article(
        article_id=article_id,
        wishes=documents.load_wishes(wishes),
        **{name: getattr(extraction, name) for name in _SHARED},
        reading=ReadingRef(
            id=reading_id, extractor=extraction.extractor, version=extraction.version, options=extraction.options
        ),
        capture=CaptureRef(id=capture_id, file=file, offset=offset, digest=digest, date=from_micros(date)),
    )
