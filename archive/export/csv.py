"""CSV as in RFC 4180, UTF-8, with a header; lists and objects as JSON within their field."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import TextIOWrapper
from typing import Any, BinaryIO

import msgspec

from archive.export.columns import ARTICLES, Table

__all__ = ["write"]


def write(items: Iterable[Any], out: BinaryIO, table: Table = ARTICLES) -> int:
    """Writes rows as they come: how many there were."""
    text = TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    count = 0
    try:
        rows = csv.writer(text)
        rows.writerow(table.names)
        for item in items:
            rows.writerow(map(_field, table.values(item).values()))
            count += 1
    finally:
        text.detach()
    return count


def _field(value: Any) -> Any:
    return msgspec.json.encode(value).decode() if isinstance(value, list | dict) else value
