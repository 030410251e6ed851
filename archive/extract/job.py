"""What travels between the pool and its workers, which must not import each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.model import Discovery
from archive.readable import Readable

__all__ = ["OUT_OF_MEMORY", "Job"]

OUT_OF_MEMORY: Final = 71
"""Exit status of a worker whose page needed more memory than the cap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A page to extract: a record of a WARC file, or the bytes themselves."""

    url: str
    hint: Discovery | None = None
    path: Readable | None = None
    """The WARC file, by its final or its ``.open`` name, or the record at hand."""
    offset: int = 0
    length: int | None = None
    recipe: str | None = None
    """Id of the recipe that holds for it, of those the pool was given."""
    page: bytes = b""
    """The page without content encoding, where `path` is None."""
    charset: str | None = None
    captured: datetime | None = None
    """When that page was captured; a record has its own date."""
