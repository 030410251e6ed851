"""Merging indexes: the same lines in fewer files, whatever happens in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import pytest

from archive.disk import Disk
from archive.errors import StorageError
from archive.index import cdxj
from archive.index.files import sorted_paths, write_sorted
from archive.index.lookup import Index
from archive.index.merge import MANY, MERGED, merge
from tests.archive.index.test_lookup import captures
from tests.archive.warc.making import Fault, FaultyDisk, UnsyncedDisk


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A folder of closed WARC files, with an index each in ``indexes``."""
    archive, indexes = tmp_path / "archive", tmp_path / "indexes"
    archive.mkdir()
    indexes.mkdir()
    for number in range(MANY):
        (archive / f"{number:03}.warc.gz").touch()
        lines = [cdxj.line(capture).encode() for capture in captures(20, number)]
        write_sorted(UnsyncedDisk(), indexes / f"{number:03}.cdxj", lines)
    return archive


@contextmanager
def same_lines(directory: Path) -> Iterator[None]:
    index = Index(directory)
    before = list(index.lines())
    assert len(before) == MANY * 20
    yield
    assert list(index.lines()) == before
    index.close()


def test_many_become_one_with_the_same_lines(archive: Path) -> None:
    directory = archive.parent / "indexes"
    with same_lines(directory):
        merged = merge(Disk(), directory, archive, age=0)
        assert sorted_paths(directory) == [merged]
    assert merged is not None
    assert merged.read_bytes().splitlines() == sorted(merged.read_bytes().splitlines())
    assert merge(Disk(), directory, archive, age=0) is None


def test_what_is_young_open_or_few_is_left(archive: Path) -> None:
    directory = archive.parent / "indexes"
    assert merge(Disk(), directory, archive) is None
    assert merge(Disk(), directory, archive, many=MANY + 1, age=0) is None
    (archive / "000.warc.gz").rename(archive / "000.warc.gz.open")
    assert merge(Disk(), directory, archive, age=0) is None
    with same_lines(directory):
        merge(Disk(), directory, archive, many=2, age=0)
        assert [path.name[: len(MERGED)] for path in sorted_paths(directory)] == ["000.cdx", MERGED]


def test_one_merges_at_a_time(archive: Path) -> None:
    directory = archive.parent / "indexes"
    disk = Disk()
    fd = disk.open_or_create(directory / ".merge")
    assert disk.lock(fd)
    assert merge(disk, directory, archive, age=0) is None
    disk.close(fd)
    assert merge(disk, directory, archive, age=0) is not None


@pytest.mark.parametrize(
    "operation", ["open_or_create", "create", "write", "sync", "rename", "sync_directory", "remove"]
)
@pytest.mark.parametrize("at", [0, 1])
def test_a_fault_loses_no_line(operation: str, at: int, archive: Path) -> None:
    directory = archive.parent / "indexes"
    with same_lines(directory):
        for fault in get_args(Fault):
            if fault == "short" and operation != "write":
                continue
            disk = FaultyDisk(operation, at, fault)
            try:
                merge(disk, directory, archive, many=2, age=0)
            except (OSError, StorageError):
                assert disk.failed
        merge(Disk(), directory, archive, many=2, age=0)
        assert len(sorted_paths(directory)) == 1
    assert {path.name for path in directory.iterdir() if path.name.startswith(".")} == {".merge"}
