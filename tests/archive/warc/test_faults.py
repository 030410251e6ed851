"""Every fault at every call that changes a file: what was promised is there after the next start, byte for byte."""

from __future__ import annotations

import errno
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

import pytest

from archive.collection import Collection
from archive.errors import StorageError
from archive.model import Capture, Exchange
from archive.warc.appender import Fsync, FsyncPolicy, Rolling
from tests.archive.warc.making import Fault, FaultyDisk, page

PAGES = 3
SIZE = 3000  # two pages fill a file, so that files are closed and begun in between


@dataclass
class Promised:
    """What callers were told is written, and the bytes that were on the disk when they were told."""

    captures: list[tuple[Exchange, Capture]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    error: StorageError | None = None


def crawl(path: Path, disk: FaultyDisk, fsync: FsyncPolicy) -> Promised:
    """Records pages one by one until the disk refuses."""
    promised = Promised()
    try:
        collection = Collection.create(path, disk=disk)
        recorder = collection.recorder(
            crawl_id="1", user_agent="test", fsync=Fsync(policy=fsync, interval=0), rolling=Rolling(size=SIZE)
        )
    except StorageError as error:
        promised.error = error
        return promised
    for number in range(PAGES):
        one = page(number)
        try:
            capture = recorder.record(one).result(timeout=10)
        except StorageError as error:
            promised.error = error
            break
        assert capture is not None
        promised.captures.append((one, capture))
        promised.files[capture.file] = collection.locate(capture.file).read_bytes()
    try:
        recorder.close()
    except StorageError as error:
        promised.error = error
    if promised.error is not None:
        with pytest.raises(StorageError):
            recorder.record(page(99)).result(timeout=10)
    return promised


def sites() -> list[tuple[str, int]]:
    """Each call that a crawl without faults makes."""
    disk = FaultyDisk()
    with tempfile.TemporaryDirectory() as directory:
        promised = crawl(Path(directory) / "news", disk, "group")
    assert len(promised.captures) == PAGES
    assert promised.error is None
    return [(operation, at) for operation, count in sorted(disk.calls.items()) for at in range(count)]


@pytest.mark.parametrize(("operation", "at"), sites())
def test_a_fault_costs_nothing_that_was_promised(operation: str, at: int, tmp_path: Path) -> None:
    faults = [fault for fault in get_args(Fault) if operation == "write" or fault != "short"]
    for fault in faults:
        path = tmp_path / fault
        disk = FaultyDisk(operation, at, fault)
        promised = crawl(path, disk, "group")
        assert disk.failed
        assert promised.error is not None, "a refusing disk went unnoticed"
        assert f"cannot write {tmp_path}" in str(promised.error)

        again = Collection.create(path)
        index = again.index()
        for one, capture in promised.captures:
            record = again.read(capture.file, capture.offset, capture.length)
            assert record.id == capture.id
            assert record.block == one.response
            assert [found.id for found in index.captures(one.url)] == [capture.id]
        index.close()
        for name, before in promised.files.items():
            assert again.locate(name).read_bytes()[: len(before)] == before
        assert not list(path.rglob("*.open"))
        listed = again.closed_files()
        assert {file.name for file in again.archive_dir.iterdir()} == set(listed)

        more = crawl(path, FaultyDisk(), "never")
        assert more.error is None
        assert len(more.captures) == PAGES


def test_what_cannot_be_cut_back_is_cut_at_the_next_start(tmp_path: Path) -> None:
    class Broken(FaultyDisk):
        def truncate(self, fd: int, size: int) -> None:
            raise OSError(errno.EIO, "Input/output error")

    promised = crawl(tmp_path, Broken("write", 5, "short"), "group")
    assert promised.error is not None
    again = Collection.open(tmp_path)
    assert sum(recovery.cut_bytes for recovery in again.recovered) > 0
    for one, capture in promised.captures:
        assert again.read(capture.file, capture.offset).block == one.response


def test_all_who_wait_are_told_when_the_disk_refuses(tmp_path: Path) -> None:
    disk = FaultyDisk("write", 2, "ENOSPC")
    recorder = Collection.create(tmp_path, disk=disk).recorder(crawl_id="1", user_agent="test")
    futures = [recorder.record(page(number)) for number in range(50)]
    errors = [future.exception(timeout=10) for future in futures]
    assert any(errors)
    assert all(isinstance(error, StorageError) for error in errors if error)
    assert "No space left" in str(next(error for error in errors if error))
    with pytest.raises(StorageError):
        recorder.flush()
    with pytest.raises(StorageError):
        recorder.close()
