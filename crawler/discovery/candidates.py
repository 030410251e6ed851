"""What a listing yields: candidates, further listings, and what in it could not be read. Pure values.

Bounds are part of reading: a listing can name more than anyone wants, and what is left out is said in `faults`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Literal
from urllib.parse import urljoin

from archive.extract.dates import parse
from archive.urls import request_uri

__all__ = [
    "MAX_BYTES",
    "MAX_CANDIDATES",
    "Candidate",
    "Gathering",
    "Listing",
    "ListingKind",
    "address",
    "authors",
    "date",
    "joined",
    "plain",
]

MAX_BYTES = 64 * 1024 * 1024
"""A listing is read this far: the sitemap protocol allows 50 MB."""
MAX_CANDIDATES = 50_000
"""As many as the sitemap protocol allows in one file."""
MAX_URL = 2048
_ABSOLUTE = re.compile("https?://", re.IGNORECASE)
_MAX_TEXT = 1000
_MAX_FAULTS = 20

ListingKind = Literal["feed", "sitemap", "section", "list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A URL that may be an article's, and what the listing says of it."""

    url: str
    """Absolute, in the form in which it is asked for."""
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    """RFC 3339, or a bare date, or as written where it could not be read."""
    language: str | None = None
    lastmod: str | None = None
    """When the listing says the page last changed; written as `published` is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """All that one document lists."""

    kind: ListingKind
    candidates: tuple[Candidate, ...] = ()
    listings: tuple[Candidate, ...] = ()
    """Sitemaps that a sitemap index names."""
    pages: tuple[str, ...] = ()
    """Where the same listing goes on."""
    faults: tuple[str, ...] = ()
    """What could not be read, for the log and for people."""

    def parts(self, size: int) -> list[Listing]:
        """The same in parts of at most so many candidates; the last has all that is not candidates."""
        last = (max(0, len(self.candidates) - 1)) // size * size
        starts = range(0, last, size)
        head = [Listing(kind=self.kind, candidates=self.candidates[start : start + size]) for start in starts]
        return [*head, replace(self, candidates=self.candidates[last:])]


class Gathering:
    """Collects a listing while it is read: each URL once, no more than there may be, faults told once."""

    def __init__(self, kind: ListingKind, base: str) -> None:
        self._kind = kind
        self._base = base
        self._candidates: dict[str, Candidate] = {}
        self._listings: dict[str, Candidate] = {}
        self._pages: list[str] = []
        self._faults: list[str] = []

    @property
    def full(self) -> bool:
        return len(self._candidates) + len(self._listings) >= MAX_CANDIDATES

    def candidate(self, href: str | None, base: str | None = None, **said: object) -> None:
        """Add what `href` leads to; `said` are the other fields of Candidate."""
        self._add(self._candidates, href, base, said)

    def listing(self, href: str | None, base: str | None = None, **said: object) -> None:
        self._add(self._listings, href, base, said)

    def page(self, href: str | None) -> None:
        if (url := address(self._base, href)) and url not in self._pages:
            self._pages.append(url)

    def fault(self, text: str) -> None:
        if text not in self._faults and len(self._faults) < _MAX_FAULTS:
            self._faults.append(text)

    def done(self) -> Listing:
        return Listing(
            kind=self._kind,
            candidates=tuple(self._candidates.values()),
            listings=tuple(self._listings.values()),
            pages=tuple(self._pages),
            faults=tuple(self._faults),
        )

    def _add(self, into: dict[str, Candidate], href: str | None, base: str | None, said: dict[str, object]) -> None:
        if not href or not href.strip():
            self.fault("an entry without a link")
        elif (url := address(base or self._base, href)) is None:
            self.fault(f"not a link to fetch: {href.strip()[:200]!r}")
        elif self.full and url not in into:
            self.fault(f"more than {MAX_CANDIDATES} entries: the rest is left out")
        elif url not in into:
            into[url] = Candidate(url=url, **said)  # type: ignore[arg-type]  # callers name Candidate's own fields


def address(base: str, href: str | None) -> str | None:
    """Where a link leads, in the form in which it is asked for; None when that is nowhere http can go."""
    if href is None:
        return None
    href = re.sub(r"[\t\r\n]+ *", "", href.strip())  # links wrapped over lines are common in hand-made feeds
    try:
        url = request_uri(href if _ABSOLUTE.match(href) else urljoin(base, href))
    except ValueError:
        return None
    return url if len(url) <= MAX_URL else None


def joined(base: str, href: str | None) -> str:
    """A base for other links; the one there was, where the new one makes no sense."""
    try:
        return urljoin(base, (href or "").strip())
    except ValueError:
        return base


def plain(text: str | None) -> str | None:
    """Text as a person reads it: tags and references resolved, twice where it was escaped twice, one space each."""
    text = text or ""
    for _ in range(2):
        if "<" in text or "&" in text:
            text = html.unescape(re.sub(r"<[a-zA-Z/!][^<>]*>", " ", text))
    return " ".join(text.split())[:_MAX_TEXT].strip() or None


def date(text: str | None) -> str | None:
    """A date in RFC 3339; as written, where it cannot be read."""
    written = " ".join((text or "").split())[:100]
    if moment := parse(written):
        return moment.value
    try:
        mail = parsedate_to_datetime(written)  # RFC 822 as it was: years of two digits
    except (ValueError, TypeError, IndexError, OverflowError):  # the library minds what it is given
        return written or None
    return (mail if mail.tzinfo else mail.replace(tzinfo=UTC)).isoformat()


def authors(names: Iterable[str | None]) -> tuple[str, ...]:
    """Names without repetition, at most twenty."""
    found = dict.fromkeys(name for text in names if (name := plain(text)))
    return tuple(found)[:20]
