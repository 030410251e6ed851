"""Old captures and a newer extractor, or another recipe: which pages to read again, and what came out otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

from archive.catalogue import documents
from archive.catalogue.schema import explained, statements
from archive.catalogue.store import Catalogue
from archive.catalogue.times import EARLIEST, from_micros, to_micros
from archive.model import Extraction
from archive.recipes.book import Book
from archive.surt import surt

__all__ = ["Comparison", "Reader", "Selection", "compared", "count_pdfs", "queue_again", "queue_pdfs"]

_SQL: Final = statements("again")
_LAST: Final = "\U0010ffff"
_WHO: Final = frozenset({"url", "extractor", "version", "options", "origins"})
"""Fields that say who read rather than what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which captures: all, or those since a time, of a host with its subdomains, or below a URL."""

    since: datetime | None = None
    source: str | None = None

    @property
    def bounds(self) -> tuple[int, str, str]:
        """The least date, and between which SURT keys: not below the first, below the second."""
        least = to_micros(self.since) if self.since else EARLIEST
        if not self.source:
            return least, "", _LAST
        if "/" in self.source:
            prefix = surt(self.source)
            return least, prefix, prefix + _LAST
        host = surt(f"http://{self.source}/").removesuffix(")/")
        return least, f"{host})", f"{host}-"  # a comma, before a subdomain, lies between the two


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One page as two extractors read it."""

    url: str
    capture_id: str
    date: datetime
    before: str
    """The older reading's extractor, with its version, and its recipe if it has one."""
    after: str
    changed: tuple[str, ...]
    """Fields that differ."""
    words_before: int
    words_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads today: an extractor, and the recipes by which it does."""

    extractor: str
    version: str
    recipes: Book

    def attend(self, catalogue: Catalogue) -> tuple[str, str]:
        """Name and version, as parameters of statements in which ``recipe_of`` from then on is this one's."""
        catalogue.connection.create_function("recipe_of", 2, self._recipe_of)
        return self.extractor, self.version

    def _recipe_of(self, url: str, date: int) -> str | None:
        recipe = self.recipes.find(url, from_micros(date).date())
        return recipe.id if recipe else None


def queue_again(catalogue: Catalogue, selection: Selection, reader: Reader, *, failed: bool) -> int:
    """Put pages into the queue that were read, and last not by this reader; how many.

    With `failed`, those too that it gave up on.
    """
    with catalogue.transaction() as connection:
        return connection.execute(_SQL["queue"], (*selection.bounds, *reader.attend(catalogue), failed)).rowcount


def queue_pdfs(catalogue: Catalogue) -> None:
    """Put PDFs into the queue that nobody could read yet: where there was no reader, or none was called for."""
    with catalogue.transaction() as connection:
        connection.execute(_SQL["queue_pdfs"])


def count_pdfs(catalogue: Catalogue) -> int:
    """How many PDFs nobody could read, and that wait for a reader."""
    (count,) = catalogue.connection.execute(_SQL["count_pdfs"]).fetchone()
    return int(count)


def compared(catalogue: Catalogue, selection: Selection, reader: Reader) -> Iterator[Comparison]:
    """Every page that this reader and another one read, each one's last reading of it; by date of capture."""
    with explained(catalogue.path):
        for url, capture_id, date, old, new in catalogue.connection.execute(
            _SQL["pairs"], (*selection.bounds, *reader.attend(catalogue))
        ):
            yield _comparison(url, capture_id, from_micros(date), documents.decode(old)[1], documents.decode(new)[1])


def _comparison(url: str, capture_id: str, date: datetime, old: Extraction, new: Extraction) -> Comparison:
    names = (field.name for field in fields(Extraction) if field.name not in _WHO)
    return Comparison(
        url=url,
        capture_id=capture_id,
        date=date,
        before=_who(old),
        after=_who(new),
        changed=tuple(name for name in names if getattr(old, name) != getattr(new, name)),
        words_before=old.word_count,
        words_after=new.word_count,
    )


def _who(said: Extraction) -> str:
    recipe = said.options.get("recipe")
    return f"{said.extractor} {said.version}" + (f" by {recipe}" if recipe else "")
