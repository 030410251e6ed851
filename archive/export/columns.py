"""An article as named values, in the order of the contract: the columns of every export. Pure.

Times are RFC 3339 with offset, a date without time stays one; what is unknown is None, never missing. Values are given
as they are: a title that begins with ``=`` is not changed for the sake of spreadsheets (docs/articles.md).
"""

from __future__ import annotations

from typing import Any

import msgspec

from archive.catalogue.documents import STRUCTURES, terse
from archive.model import Article

__all__ = ["COLUMNS", "columns"]

COLUMNS = (
    "schema",
    "article_id",
    "url",
    "canonical_url",
    "title",
    "authors",
    "published",
    "published_precision",
    "modified",
    "language",
    "language_declared",
    "site",
    "section",
    "tags",
    "description",
    "image",
    "text",
    "text_format",
    "blocks",
    "figures",
    "kind",
    "labels",
    "word_count",
    "origins",
    "reading",
    "capture",
)


def columns(article: Article) -> dict[str, Any]:
    """Plain values by column: text, numbers, None, and lists and dicts of them."""
    values: dict[str, Any] = msgspec.to_builtins(article)
    for name in STRUCTURES:
        values[name] = terse(values[name])
    return {name: list(values[name]) if isinstance(values[name], tuple) else values[name] for name in COLUMNS}
