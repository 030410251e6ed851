"""An article, or one of its versions, as named values, in the order of the contract: the columns of every export. Pure.

Times are RFC 3339 with offset, a date without time stays one; what is unknown is None, never missing. Values are given
as they are: a title that begins with ``=`` is not changed for the sake of spreadsheets (docs/articles.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from archive.catalogue.documents import STRUCTURES, terse
from archive.model import Article, State

__all__ = ["ARTICLES", "COLUMNS", "VERSIONS", "VERSION_COLUMNS", "Table", "columns"]

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
    "translations",
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
    "wishes",
    "word_count",
    "origins",
    "reading",
    "capture",
)
VERSION_COLUMNS = (
    *COLUMNS,
    "version",
    "event",
    "first_seen",
    "first_capture",
    "last_seen",
    "as_version",
    "change",
)


def columns(article: Article) -> dict[str, Any]:
    """Plain values by column: text, numbers, None, and lists and dicts of them."""
    values: dict[str, Any] = msgspec.to_builtins(article)
    for name in STRUCTURES:
        values[name] = terse(values[name])
    return {name: list(values[name]) if isinstance(values[name], tuple) else values[name] for name in COLUMNS}


def _of_version(state: State) -> dict[str, Any]:
    values: dict[str, Any] = msgspec.to_builtins(state)
    return columns(state.article) | {name: values[name] for name in VERSION_COLUMNS[len(COLUMNS) :]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What the rows of an export are."""

    names: tuple[str, ...]
    values: Callable[[Any], dict[str, Any]]
    """Plain values of a row by name."""


ARTICLES: Final = Table(names=COLUMNS, values=columns)
VERSIONS: Final = Table(names=VERSION_COLUMNS, values=_of_version)
