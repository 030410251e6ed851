"""What a spider yields, a page that was fetched and is in the archive; and what it came to for a source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from archive.catalogue.texts import Texts
from archive.model import Capture, Discovery

__all__ = ["PageItem", "PageKind", "SourceResult"]

PageKind = Literal["feed", "sitemap", "section", "article", "other", "robots", "error"]
"""``article``: to be read as one; ``other``: no page of text, or not known to be one; ``error``: status not 200."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageItem:
    """One answer, after its record exists. The text is read from the archive, not from here."""

    url: str
    status: int
    kind: PageKind
    capture: Capture | None
    """Where its record is; None when nothing is being archived."""
    discovery: Discovery


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceResult:
    """What a crawl came to for one of its sources."""

    source: str
    """Its id."""
    answered: int
    """Seeds that answered with status 200."""
    failed: int
    """Requests for it that got no answer, and answers of 400 and more to those that began it."""
    found: int
    """Article candidates that its listings named and nobody knew …"""
    known: int
    """… and those that earlier crawls have."""
    new: int
    """Pages archived as articles for the first time."""
    changed: int
    """Pages seen again that were another."""
    gone: int
    """Pages seen again that answered 404 or 410."""
    left: int = 0
    """Article candidates left for a later crawl, as `max_pages` was reached."""
    feeds: tuple[str, ...] = ()
    """URLs of the feeds that answered …"""
    sitemaps: tuple[str, ...] = ()
    """… and of the sitemaps; the first hundred of each."""
    wanted: tuple[str, ...] = ()
    """Of a dry run, the pages that it would have asked for; the first thousand."""
    moved: tuple[tuple[str, str], ...] = ()
    """Seeds that have moved for good (301 and 308 all the way), and where to."""
    published: tuple[float, ...] = ()
    """When the new ones came out, as listings say, else when they were found: seconds since 1970."""
    texts: Texts = field(default_factory=Texts)
    """What came of reading the new pages."""
