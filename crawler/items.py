"""What a spider yields: a page that was fetched, and is in the archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from archive.model import Capture, Discovery

__all__ = ["PageItem", "PageKind"]

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
