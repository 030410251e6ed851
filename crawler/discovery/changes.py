"""What a listing says by differing from what it was: pages that changed, and pages that are gone. Pure.

Lists of the newest pages drop the oldest as they grow, which says nothing; a page that is missing from among the others
was taken out.
"""

from __future__ import annotations

from dataclasses import dataclass

from archive.catalogue.times import published_micros
from archive.urls import canonical
from crawler.discovery import classify, links
from crawler.discovery.candidates import Candidate, Listing
from crawler.discovery.page import Page

__all__ = ["Changes", "changed", "compare", "gone", "section"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Canonical keys of pages that are not as they were."""

    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    of: int = 0
    """How many pages the listing named before."""


def compare(before: bytes | None, now: Listing | None, *, url: str, loaded: bool = False) -> Changes:
    """What there is to say of a listing, with the bytes that were at its address before; `loaded`: as in `classify`."""
    old = classify.listing(before, url=url, loaded=loaded) if before and now else None
    if now is None or old is None:
        return Changes()
    return Changes(changed=tuple(changed(old, now)), gone=tuple(gone(old, now)), of=len(old.candidates))


def changed(before: Listing, now: Listing) -> list[str]:
    """Pages whose date of change is a later one than before, or that go by another title now."""
    known = {canonical(page.url): page for page in before.candidates if page.lastmod or page.title}
    found = []
    for page in now.candidates:
        old = known.get(key := canonical(page.url))
        if old is not None and (_is_later(page.lastmod, old.lastmod) or _is_other(page.title, old.title)):
            found.append(key)
    return found


def section(before: Page | None, now: Page) -> Changes:
    """What a page of links says by naming other articles than it did. Its wording is no sign: teasers come and go."""
    if before is None:
        return Changes()
    old, new = (Listing(kind="section", candidates=links.articles(page)) for page in (before, now))
    return Changes(gone=tuple(gone(old, new)), of=len(old.candidates))


def _is_later(now: str | None, before: str | None) -> bool:
    new, old = published_micros(now), published_micros(before)
    return new is not None and old is not None and new > old


def _is_other(now: str | None, before: str | None) -> bool:
    return now is not None and before is not None and now != before


def gone(before: Listing, now: Listing) -> list[str]:
    """Pages that were named, and still would be, were they there; none when either could be read only in part."""
    if before.faults or now.faults:
        return []
    here = {canonical(page.url) for page in now.candidates}
    keys = [canonical(page.url) for page in before.candidates]
    kept = [key in here for key in keys]
    first, last = (kept.index(True), len(kept) - 1 - kept[::-1].index(True)) if any(kept) else (0, 0)
    oldest = min(filter(None, map(_date, now.candidates)), default=None)
    return [
        keys[place]
        for place, page in enumerate(before.candidates)
        if not kept[place] and (first < place < last or (oldest and (_date(page) or 0) > oldest))
    ]


def _date(page: Candidate) -> int | None:
    return published_micros(page.published) or published_micros(page.lastmod)
