"""Parquet, by pyarrow: lists and objects as such, the capture's date a timestamp, a thousand articles a row group."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO, Final

from archive.errors import ConfigError
from archive.export.columns import COLUMNS, columns
from archive.model import Article

__all__ = ["write"]

_ROW_GROUP: Final = 1_000


def write(articles: Iterable[Article], out: BinaryIO) -> int:
    """Writes the articles a row group at a time: how many there were; ConfigError when pyarrow is not installed."""
    try:
        import pyarrow
        from pyarrow.parquet import ParquetWriter
    except ImportError as error:
        raise ConfigError("parquet needs pyarrow: pip install 'wirecopy[parquet]'") from error
    schema = _schema(pyarrow)
    waiting = iter(articles)
    count = 0
    with ParquetWriter(out, schema, compression="zstd") as writer:
        while rows := [_row(article) for article in islice(waiting, _ROW_GROUP)]:
            writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))
            count += len(rows)
    return count


def _row(article: Article) -> dict[str, Any]:
    row = columns(article)
    row["origins"] = list(row["origins"].items())
    row["reading"]["options"] = list(row["reading"]["options"].items())
    row["capture"]["date"] = datetime.fromisoformat(row["capture"]["date"])
    return row


def _schema(pyarrow: Any) -> Any:
    text = pyarrow.string()
    number = pyarrow.int32()
    texts = pyarrow.map_(text, text)
    special = {
        "schema": number,
        "authors": pyarrow.list_(text),
        "tags": pyarrow.list_(text),
        "labels": pyarrow.list_(text),
        "word_count": number,
        "blocks": pyarrow.list_(
            pyarrow.struct(
                {
                    "kind": text,
                    "level": number,
                    "ordered": pyarrow.bool_(),
                    "quote": pyarrow.bool_(),
                    "header": pyarrow.bool_(),
                    "cells": pyarrow.list_(number),
                    "marks": pyarrow.list_(
                        pyarrow.struct({"kind": text, "start": number, "end": number, "href": text})
                    ),
                }
            )
        ),
        "figures": pyarrow.list_(pyarrow.struct({"url": text, "at": number, "caption": text, "alt": text})),
        "origins": texts,
        "reading": pyarrow.struct({"id": text, "extractor": text, "version": text, "options": texts}),
        "capture": pyarrow.struct(
            {
                "id": text,
                "file": text,
                "offset": pyarrow.int64(),
                "digest": text,
                "date": pyarrow.timestamp("us", tz="UTC"),
            }
        ),
    }
    return pyarrow.schema([(name, special.get(name, text)) for name in COLUMNS])
