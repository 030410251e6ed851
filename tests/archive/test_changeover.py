"""Files replaced as one: the parts of it that a takedown's own tests do not reach."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.changeover import JOURNAL, Changeover, complete, is_unfinished
from archive.disk import Disk
from archive.errors import Locked, StorageError


def database(path: Path, word: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE words (word)")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO words VALUES (?)", [(f"{word} {number}",) for number in range(500)])
        connection.execute("COMMIT")


def committed(root: Path) -> None:
    change = Changeover(Disk(), root, "test")
    database(change.replace_database(root / "words.sqlite"), "new")
    change.replace(root / "file").write_bytes(b"new")
    change.remove(root / "gone")
    change.append(root / "log", b"a line")
    change.commit()


def holds_old(root: Path) -> bool:
    return any(b"old 7" in path.read_bytes() for path in root.glob("words.sqlite*"))


def test_a_reader_of_the_old_database_is_waited_for(tmp_path: Path) -> None:
    database(tmp_path / "words.sqlite", "old")
    (tmp_path / "gone").write_bytes(b"")
    committed(tmp_path)
    with closing(sqlite3.connect(tmp_path / "words.sqlite", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT word FROM words LIMIT 1").fetchone() == ("old 0",)
        with pytest.raises(Locked, match="somebody who reads it"):
            complete(Disk(), tmp_path, patience=0.05)
        assert is_unfinished(tmp_path)
        assert reader.execute("SELECT count(*) FROM words WHERE word LIKE 'old%'").fetchone() == (500,)
        reader.execute("COMMIT")
        assert reader.execute("SELECT word FROM words LIMIT 1").fetchone() == ("new 0",)
        complete(Disk(), tmp_path, patience=0.05)
        assert not holds_old(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir() if "sqlite-" not in path.name) == [
        "file",
        "log",
        "words.sqlite",
    ]
    assert (tmp_path / "file").read_bytes() == b"new"
    assert (tmp_path / "log").read_bytes() == b"a line\n"
    complete(Disk(), tmp_path)


def test_a_writer_of_the_old_database_is_waited_for(tmp_path: Path) -> None:
    database(tmp_path / "words.sqlite", "old")
    committed(tmp_path)
    with closing(sqlite3.connect(tmp_path / "words.sqlite", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(Locked):
            complete(Disk(), tmp_path, patience=0.05)
        writer.execute("ROLLBACK")
    complete(Disk(), tmp_path, patience=0.05)
    assert not holds_old(tmp_path)


def test_what_was_not_committed_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_bytes(b"old")
    change = Changeover(Disk(), tmp_path, "test")
    change.replace(tmp_path / "folder" / "file").write_bytes(b"new")
    complete(Disk(), tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "folder" / "file"]
    assert (tmp_path / "folder" / "file").read_bytes() == b"old"


def test_a_journal_that_cannot_be_read_is_told_of_and_left(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_bytes(b"{")
    with pytest.raises(StorageError, match="cannot be read"):
        complete(Disk(), tmp_path)
    assert is_unfinished(tmp_path)
