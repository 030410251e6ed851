"""From when until when articles are wanted, and what listings and addresses say of when they are from. Pure.

What tells no date is let through: its own page may tell one, and a gap in an archive cannot be filled later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from crawler.discovery.candidates import Candidate

__all__ = ["ALWAYS", "Period"]

_DATED = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[/\-_.]?(0[1-9]|1[0-2])(?:[/\-_.]?(0[1-9]|[12]\d|3[01]))?)?(?!\d)")
_Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Both ends count; without one it is open there."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, candidate: Candidate) -> bool:
        """Whether a page may be from this period: by the date it is listed with, else by its address."""
        if self.since is None and self.until is None:
            return True
        span = _said(candidate.published) or _named(candidate.url) or _said(candidate.lastmod)
        return span is None or self._meets(span)

    def may_list(self, child: Candidate) -> bool:
        """Whether a sitemap may name pages of this period: by the month or day in its name, else by its last change."""
        if self.since is None and self.until is None:
            return True
        named = _named(child.url)
        if named is not None:
            return self._meets(named)
        changed = _said(child.lastmod)
        return changed is None or self.since is None or changed[1] > self.since

    def _meets(self, span: _Span) -> bool:
        first, end = span
        return (self.since is None or end > self.since) and (self.until is None or first <= self.until)


ALWAYS = Period()


def _said(text: str | None) -> _Span | None:
    """A moment, or a whole day, in RFC 3339."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment, moment + (timedelta(days=1) if len(text or "") == 10 else timedelta(seconds=1))


def _named(url: str) -> _Span | None:
    """The day, month or year in the path of an address; the longest of several."""
    spans = [span for found in _DATED.finditer(urlsplit(url).path) if (span := _span(*found.groups()))]
    return min(spans, key=lambda span: span[1] - span[0], default=None)


def _span(year: str, month: str | None, day: str | None) -> _Span | None:
    try:
        first = datetime(int(year), int(month or 1), int(day or 1), tzinfo=UTC)
    except ValueError:
        return None
    if day:
        return first, first + timedelta(days=1)
    if month:
        return first, (first + timedelta(days=31)).replace(day=1)
    return first, first.replace(year=first.year + 1)
