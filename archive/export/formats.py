"""The formats of an export: a name, whether it is text, and who writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from archive.errors import ConfigError
from archive.export import csv, jsonl, markdown, parquet, tei
from archive.export.columns import ARTICLES, Table
from archive.export.output import whole_file

__all__ = ["FORMATS", "Format", "export"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    suffix: str
    text: bool
    """Whether it may go to standard output."""
    write: Callable[..., int]
    """Writes articles, or what a table has, as they come: how many there were."""
    tables: bool = True
    """Whether it is written from a table's rows."""


FORMATS: Final[Mapping[str, Format]] = {
    "jsonl": Format(suffix=".jsonl", text=True, write=jsonl.write),
    "csv": Format(suffix=".csv", text=True, write=csv.write),
    "markdown": Format(suffix=".md", text=True, write=markdown.write, tables=False),
    "tei": Format(suffix=".xml", text=True, write=tei.write, tables=False),
    "parquet": Format(suffix=".parquet", text=False, write=parquet.write),
}


def export(items: Iterable[Any], name: str, output: Path | None = None, table: Table = ARTICLES) -> int:
    """Write articles, or what another table has, in the format `name` to a file, or to standard output: how many.

    The file is whole or absent. ConfigError for what is no format, or cannot go to standard output.
    """
    if name not in FORMATS:
        raise ConfigError(f"no format {name!r}: there are {', '.join(FORMATS)}")
    chosen = FORMATS[name]
    if output is None and not chosen.text:
        raise ConfigError(f"{name} is not text: name a file with -o, such as -o articles{chosen.suffix}")
    if table is not ARTICLES and not chosen.tables:
        able = ", ".join(name for name, each in FORMATS.items() if each.tables)
        raise ConfigError(f"{name} has articles only, not their versions: take one of {able}")
    with whole_file(output) as out:
        return chosen.write(items, out, table) if chosen.tables else chosen.write(items, out)
