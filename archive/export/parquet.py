"""Parquet, by pyarrow: lists and objects as such, times of captures timestamps, a thousand rows a row group."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO, Final

from archive.errors import ConfigError
from archive.export.columns import ARTICLES, Table

__all__ = ["write"]

_ROW_GROUP: Final = 1_000
_TIMES: Final = frozenset({"first_seen", "last_seen"})


def write(items: Iterable[Any], out: BinaryIO, table: Table = ARTICLES) -> int:
    """Writes rows a row group at a time: how many there were; ConfigError when pyarrow is not installed."""
    try:
        import pyarrow
        from pyarrow.parquet import ParquetWriter
    except ImportError as error:
        raise ConfigError("parquet needs pyarrow: pip install 'wirecopy[parquet]'") from error
    schema = _schema(pyarrow, table.names)
    waiting = iter(items)
    count = 0
    with ParquetWriter(out, schema, compression="zstd") as writer:
        while rows := [_row(table.values(item)) for item in islice(waiting, _ROW_GROUP)]:
            writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))
            count += len(rows)
    return count


def _row(row: dict[str, Any]) -> dict[str, Any]:
    for name in ("translations", "origins"):
        row[name] = list(row[name].items())
    row["reading"]["options"] = list(row["reading"]["options"].items())
    row["capture"]["date"] = datetime.fromisoformat(row["capture"]["date"])
    for wish in row["wishes"]:
        wish |= {name: datetime.fromisoformat(wish[name]) if wish[name] else None for name in ("since", "until")}
    for name in _TIMES & row.keys():
        row[name] = datetime.fromisoformat(row[name])
    return row


def _schema(pyarrow: Any, names: tuple[str, ...]) -> Any:
    text = pyarrow.string()
    number = pyarrow.int32()
    flag = pyarrow.bool_()
    time = pyarrow.timestamp("us", tz="UTC")
    texts = pyarrow.map_(text, text)
    special = {
        "schema": number,
        "authors": pyarrow.list_(text),
        "tags": pyarrow.list_(text),
        "labels": pyarrow.list_(text),
        "wishes": pyarrow.list_(
            pyarrow.struct({"label": text, "said": text, "since": time, "capture": text, "until": time})
        ),
        "word_count": number,
        "blocks": pyarrow.list_(
            pyarrow.struct(
                {
                    "kind": text,
                    "level": number,
                    "ordered": flag,
                    "quote": flag,
                    "header": flag,
                    "cells": pyarrow.list_(number),
                    "marks": pyarrow.list_(
                        pyarrow.struct({"kind": text, "start": number, "end": number, "href": text})
                    ),
                }
            )
        ),
        "figures": pyarrow.list_(pyarrow.struct({"url": text, "at": number, "caption": text, "alt": text})),
        "translations": texts,
        "origins": texts,
        "reading": pyarrow.struct({"id": text, "extractor": text, "version": text, "options": texts}),
        "capture": pyarrow.struct(
            {
                "id": text,
                "file": text,
                "offset": pyarrow.int64(),
                "digest": text,
                "date": time,
            }
        ),
        "version": number,
        "first_seen": time,
        "last_seen": time,
        "as_version": number,
        "change": pyarrow.struct(
            {
                "fields": pyarrow.list_(text),
                "weight": text,
                "growth": text,
                "live": flag,
                "paragraphs_added": number,
                "paragraphs_removed": number,
                "words_added": number,
                "words_removed": number,
                "notice": flag,
            }
        ),
    }
    return pyarrow.schema([(name, special.get(name, text)) for name in names])
