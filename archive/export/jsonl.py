"""JSON Lines: an article a line, UTF-8."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

import msgspec

from archive.export.columns import columns
from archive.model import Article

__all__ = ["write"]


def write(articles: Iterable[Article], out: BinaryIO) -> int:
    """Writes the articles as they come: how many there were."""
    count = 0
    for article in articles:
        out.write(msgspec.json.encode(columns(article)) + b"\n")
        count += 1
    return count
