"""Which captures are pages to be read. Pure."""

from __future__ import annotations

from typing import Final

__all__ = ["is_page"]

_PAGES: Final = frozenset({"text/html", "application/xhtml+xml", "application/pdf", "unk"})
"""Media types that are read; one that says nothing may be a page, and the extractor looks into it."""

_SUCCESSES: Final = frozenset({200, 203})


def is_page(mime: str, status: int | None) -> bool:
    """Whether a capture of this media type and status is to be read."""
    return mime in _PAGES and status in _SUCCESSES
