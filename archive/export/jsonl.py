"""JSON Lines: a row a line, UTF-8."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

import msgspec

from archive.export.columns import ARTICLES, Table

__all__ = ["write"]


def write(items: Iterable[Any], out: BinaryIO, table: Table = ARTICLES) -> int:
    """Writes rows as they come: how many there were."""
    count = 0
    for item in items:
        out.write(msgspec.json.encode(table.values(item)) + b"\n")
        count += 1
    return count
