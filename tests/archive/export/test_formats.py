"""Exports, read back by other people's programs."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pyarrow import parquet

from archive.errors import ConfigError, StorageError
from archive.export.columns import COLUMNS
from archive.export.formats import FORMATS, export
from archive.model import Article
from tests.archive.export.made import AWKWARD, article

EXPECTED = {
    "schema": 1,
    "article_id": "a0000000000000000001",
    "url": "https://news.example/1",
    "canonical_url": None,
    "title": AWKWARD,
    "authors": ["Ann Ant", "Bo, Jr."],
    "published": "2026-03-01",
    "published_precision": "day",
    "modified": None,
    "language": "en",
    "language_declared": None,
    "translations": {},
    "site": "The Daily Test",
    "section": None,
    "tags": [],
    "description": None,
    "image": None,
    "text": AWKWARD,
    "text_format": "plain",
    "blocks": [],
    "figures": [],
    "kind": "article",
    "labels": ["thin"],
    "wishes": [],
    "word_count": 7,
    "origins": {"title": "json-ld"},
    "reading": {"id": "urn:uuid:r", "extractor": "wirecopy", "version": "1", "options": {"a": "b"}},
    "capture": {
        "id": "urn:uuid:c",
        "file": "A.warc.gz",
        "offset": 5_000_000_000,
        "digest": None,
        "date": "2026-03-01T08:00:00.123456Z",
    },
}


def test_jsonl(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    assert export([article(), article(2)], "jsonl", path) == 2
    first, second = path.read_bytes().split(b"\n")[:-1]
    assert json.loads(first) == EXPECTED
    assert list(json.loads(second)) == list(COLUMNS) == list(EXPECTED)


def test_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert export([article(), article(2)], "csv", path) == 2
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(COLUMNS)
    assert rows[0]["title"] == AWKWARD
    assert rows[0]["canonical_url"] == ""
    for column in ("authors", "tags", "labels", "origins", "reading", "capture"):
        assert json.loads(rows[0][column]) == EXPECTED[column]


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    assert export((article(number) for number in range(1, 2_502)), "parquet", path) == 2_501
    file = parquet.ParquetFile(path)
    assert file.metadata.num_row_groups == 3
    assert file.schema_arrow.names == list(COLUMNS)
    row = file.read(use_threads=False).slice(0, 1).to_pylist(maps_as_pydicts="strict")[0]
    assert row["capture"].pop("date") == datetime(2026, 3, 1, 8, 0, 0, 123456, tzinfo=UTC)
    expected = EXPECTED | {"capture": {k: v for k, v in EXPECTED["capture"].items() if k != "date"}}  # type: ignore[attr-defined]
    assert row == expected


def test_markdown(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    assert export([article(title="1. *Bold* claims"), article(2, title="# 2")], "markdown", path) == 2
    tokens = MarkdownIt().parse(path.read_text("utf-8"))
    titles = [tokens[i + 1] for i, token in enumerate(tokens) if token.type == "heading_open"]
    assert [plain(title.children) for title in titles] == ["1. *Bold* claims", "# 2"]
    assert [token.type for token in tokens].count("hr") == 1
    assert "A.warc.gz` at byte 5000000000" in path.read_text("utf-8")


@given(st.text("ab*_`#[]<>&!-+=|~\\.)1 \n", max_size=60))
def test_markdown_shows_plain_text_as_it_is(text: str) -> None:
    out = io.BytesIO()
    FORMATS["markdown"].write([article(title="T", text=text)], out)
    tokens = MarkdownIt().enable("table").enable("strikethrough").parse(out.getvalue().decode())
    inline = [token for token in tokens if token.type == "inline" and token.level == 1]
    shown = [plain(token.children) for token in inline[1:]]
    assert shown == [line.strip() for line in text.splitlines() if line.strip()]


def plain(children: Sequence[Token] | None) -> str:
    assert all(child.type in ("text", "text_special") for child in children or [])
    return "".join(child.content for child in children or [])


@pytest.mark.parametrize("name", FORMATS)
def test_no_articles_are_an_empty_file_that_can_be_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / "empty"
    assert export([], name, path) == 0
    assert path.exists()
    if name == "parquet":
        assert parquet.read_table(path).num_rows == 0
    if name == "csv":
        assert path.read_bytes() == ",".join(COLUMNS).encode() + b"\r\n"


def broken() -> Iterator[Article]:
    for number in range(3_000):
        yield article(number)
    raise KeyboardInterrupt


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("before", [None, b"the export of yesterday"])
def test_a_file_is_whole_or_as_it_was(tmp_path: Path, name: str, before: bytes | None) -> None:
    path = tmp_path / "articles"
    if before:
        path.write_bytes(before)
    with pytest.raises(KeyboardInterrupt):
        export(broken(), name, path)
    assert [entry.name for entry in tmp_path.iterdir()] == (["articles"] if before else [])
    assert not before or path.read_bytes() == before


def test_streams_as_articles_come(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    lines: list[bytes] = []
    more = threading.Event()

    def slowly() -> Iterator[Article]:
        yield article(title="x" * 100_000)
        assert more.wait(10)
        yield article(2)

    def read() -> None:
        with pipe.open("rb") as file:
            lines.append(file.readline())
            more.set()
            lines.append(file.readline())

    reader = threading.Thread(target=read)
    reader.start()
    assert export(slowly(), "jsonl", pipe) == 2
    reader.join(10)
    assert [json.loads(line)["article_id"][-1] for line in lines] == ["1", "2"]
    assert pipe.is_fifo()


def test_bad_wishes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="jsonl, csv"):
        export([], "xlsx", tmp_path / "x")
    with pytest.raises(ConfigError, match="-o"):
        export([], "parquet")
    with pytest.raises(StorageError):
        export([], "jsonl", tmp_path / "no" / "such" / "x")


def test_parquet_says_what_to_install(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from pathlib import Path\nfrom archive.errors import ConfigError\nfrom archive.export.formats import export\n"
        f"try: export([], 'parquet', Path({str(tmp_path / 'x')!r}))\n"
        "except ConfigError as error: print(error)"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert "wirecopy[parquet]" in said
    assert not (tmp_path / "x").exists()


def test_sqlite_reads_the_json(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    export([article()], "jsonl", path)
    line = path.read_text("utf-8")
    with closing(sqlite3.connect(":memory:")) as connection:
        found = connection.execute("SELECT ? ->> '$.capture.offset'", (line,)).fetchone()
    assert found == (5_000_000_000,)
