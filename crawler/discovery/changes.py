"""What a listing says by differing from what it was: pages that changed, and pages that are gone. Pure.

Lists of the newest pages drop the oldest as they grow, which says nothing; a page that is missing from among the others
was taken out.
"""

from __future__ import annotations

from dataclasses import dataclass

from archive.catalogue.times import published_micros
from archive.urls import canonical
from crawler.discovery import classify
from crawler.discovery.candidates import Candidate, Listing

__all__ = ["Changes", "changed", "compare", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Canonical keys of pages that are not as they were."""

    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    of: int = 0
    """How many pages the listing named before."""


def compare(before: bytes | None, now: Listing | None, *, url: str) -> Changes:
    """What there is to say of a listing, with the bytes that were at its address before."""
    old = classify.listing(before, url=url) if before and now else None
    if now is None or old is None:
        return Changes()
    return Changes(changed=tuple(changed(old, now)), gone=tuple(gone(old, now)), of=len(old.candidates))


def changed(before: Listing, now: Listing) -> list[str]:
    """Pages whose date of change is a later one than before."""
    dates = {canonical(page.url): published_micros(page.lastmod) for page in before.candidates if page.lastmod}
    found = []
    for page in now.candidates:
        key = canonical(page.url)
        old, new = dates.get(key), published_micros(page.lastmod)
        if old is not None and new is not None and new > old:
            found.append(key)
    return found


def gone(before: Listing, now: Listing) -> list[str]:
    """Pages that were named, and still would be, were they there; none when either could be read only in part."""
    if before.faults or now.faults:
        return []
    here = {canonical(page.url) for page in now.candidates}
    keys = [canonical(page.url) for page in before.candidates]
    kept = [key in here for key in keys]
    if not any(kept):
        return []
    first, last = kept.index(True), len(kept) - 1 - kept[::-1].index(True)
    oldest = min(filter(None, map(_date, now.candidates)), default=None)
    return [
        keys[place]
        for place, page in enumerate(before.candidates)
        if not kept[place] and (first < place < last or (oldest and (_date(page) or 0) > oldest))
    ]


def _date(page: Candidate) -> int | None:
    return published_micros(page.published) or published_micros(page.lastmod)
