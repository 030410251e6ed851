"""Old captures and a newer extractor: which pages to read again, and what came out otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

from archive.catalogue import documents
from archive.catalogue.schema import explained, statements
from archive.catalogue.store import Catalogue
from archive.catalogue.times import from_micros, to_micros
from archive.model import Extraction
from archive.surt import surt

__all__ = ["Comparison", "Selection", "compared", "queue_again"]

_SQL: Final = statements("again")
_EARLIEST: Final = -(1 << 62)
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
        least = to_micros(self.since) if self.since else _EARLIEST
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
    """The older reading's extractor, with its version."""
    after: str
    changed: tuple[str, ...]
    """Fields that differ."""
    words_before: int
    words_after: int


def queue_again(catalogue: Catalogue, selection: Selection, extractor: str, version: str, *, failed: bool) -> int:
    """Put pages into the queue that were read, and not by this extractor; how many.

    With `failed`, those too that it gave up on.
    """
    with catalogue.transaction() as connection:
        return connection.execute(_SQL["queue"], (*selection.bounds, extractor, version, failed)).rowcount


def compared(catalogue: Catalogue, selection: Selection, extractor: str, version: str) -> Iterator[Comparison]:
    """Every page that this extractor and another one read, each one's last reading of it; by date of capture."""
    with explained(catalogue.path):
        for url, capture_id, date, old, new in catalogue.connection.execute(
            _SQL["pairs"], (*selection.bounds, extractor, version)
        ):
            yield _comparison(url, capture_id, from_micros(date), documents.decode(old)[1], documents.decode(new)[1])


def _comparison(url: str, capture_id: str, date: datetime, old: Extraction, new: Extraction) -> Comparison:
    names = (field.name for field in fields(Extraction) if field.name not in _WHO)
    return Comparison(
        url=url,
        capture_id=capture_id,
        date=date,
        before=f"{old.extractor} {old.version}",
        after=f"{new.extractor} {new.version}",
        changed=tuple(name for name in names if getattr(old, name) != getattr(new, name)),
        words_before=old.word_count,
        words_after=new.word_count,
    )
