"""CSV as in RFC 4180, UTF-8, with a header; lists and objects as JSON within their field."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import TextIOWrapper
from typing import Any, BinaryIO

import msgspec

from archive.export.columns import COLUMNS, columns
from archive.model import Article

__all__ = ["write"]


def write(articles: Iterable[Article], out: BinaryIO) -> int:
    """Writes the articles as they come: how many there were."""
    text = TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    count = 0
    try:
        rows = csv.writer(text)
        rows.writerow(COLUMNS)
        for article in articles:
            rows.writerow(map(_field, columns(article).values()))
            count += 1
    finally:
        text.detach()
    return count


def _field(value: Any) -> Any:
    return msgspec.json.encode(value).decode() if isinstance(value, list | dict) else value
