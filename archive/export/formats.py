"""The formats of an export: a name, whether it is text, and who writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from archive.errors import ConfigError
from archive.export import csv, jsonl, markdown, parquet, tei
from archive.export.output import whole_file
from archive.model import Article

__all__ = ["FORMATS", "Format", "export"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    suffix: str
    text: bool
    """Whether it may go to standard output."""
    write: Callable[[Iterable[Article], BinaryIO], int]
    """Writes articles as they come: how many there were."""


FORMATS: Final[Mapping[str, Format]] = {
    "jsonl": Format(suffix=".jsonl", text=True, write=jsonl.write),
    "csv": Format(suffix=".csv", text=True, write=csv.write),
    "markdown": Format(suffix=".md", text=True, write=markdown.write),
    "tei": Format(suffix=".xml", text=True, write=tei.write),
    "parquet": Format(suffix=".parquet", text=False, write=parquet.write),
}


def export(articles: Iterable[Article], name: str, output: Path | None = None) -> int:
    """Write articles in the format `name` to the file `output`, or to standard output: how many there were.

    The file is whole or absent. ConfigError for what is no format, or cannot go to standard output.
    """
    if name not in FORMATS:
        raise ConfigError(f"no format {name!r}: there are {', '.join(FORMATS)}")
    chosen = FORMATS[name]
    if output is None and not chosen.text:
        raise ConfigError(f"{name} is not text: name a file with -o, such as -o articles{chosen.suffix}")
    with whole_file(output) as out:
        return chosen.write(articles, out)
