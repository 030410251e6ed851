"""A disk that fails, and a process that is killed, at every call of a repair: all is old or all is new, and a second
repair finishes."""

from __future__ import annotations

import gzip
import shutil
from collections import Counter
from pathlib import Path

import pytest

from archive import changeover
from archive.care.repair import repair
from archive.catalogue.follow import follow
from archive.catalogue.store import Catalogue
from archive.collection import Collection
from archive.errors import StorageError
from archive.warc.appender import Fsync, Rolling
from tests.archive.care.breaking import load, offsets
from tests.archive.care.collections import defects
from tests.archive.care.test_takedown_faults import Killed, KilledDisk, Unsynced
from tests.archive.warc.making import page

OPERATIONS = ("create", "write", "sync", "sync_directory", "replace", "remove", "open", "open_or_create")


def snapshot(path: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(path)): file.read_bytes()
        for folder in ("archive", "text", "indexes", "quarantine")
        for file in sorted((path / folder).glob("*"))
    }


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file with damage in the middle, one of a single member, one not listed; an index that has lost its order."""
    path = tmp_path_factory.mktemp("broken") / "news"
    collection = Collection.create(path)
    recorder = collection.recorder(
        crawl_id="1", user_agent="test", fsync=Fsync(policy="never"), rolling=Rolling(size=1)
    )
    captures = [recorder.record(page(number, size=400)).result(10) for number in range(3)]
    recorder.close()
    damaged, single, _ = [collection.archive_dir / capture.file for capture in captures if capture]
    with Catalogue(collection.catalogue_path, create=True) as catalogue:
        follow(catalogue, collection.indexes_dir)
    data = bytearray(damaged.read_bytes())
    data[offsets(damaged)[3] + 30] ^= 0x55
    damaged.write_bytes(data)
    single.write_bytes(gzip.compress(gzip.decompress(single.read_bytes())))
    *listed, _ = collection.files_path.read_bytes().splitlines(keepends=True)
    collection.files_path.write_bytes(b"".join(listed))
    return path


@pytest.fixture(scope="module")
def sites(broken: Path, tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    """How often each call is made by a repair without faults."""
    path = tmp_path_factory.mktemp("sites") / "news"
    shutil.copytree(broken, path)
    disk = Unsynced()
    repaired = repair(path, jobs=1, disk=disk)
    assert {remedy.kind for remedy, _ in repaired.done} >= {"mend", "list"}
    assert repaired.left == ()
    assert set(disk.calls) - {"make_directory"} == set(OPERATIONS)
    return disk.calls


def check_old_or_new(path: Path, broken: Path) -> None:
    before = snapshot(broken)
    Collection.open(path)
    assert not changeover.is_unfinished(path)
    assert not [file for file in path.rglob(".*") if file.is_file()]
    after = snapshot(path)
    if after != before:  # what the journal held was completed
        assert defects(path) == []
    repair(path, jobs=1, disk=Unsynced())
    assert defects(path) == []
    kept = {file.name: file.read_bytes() for file in (path / "quarantine").iterdir()}
    damaged, single, unlisted = sorted(broken.glob("archive/*"))
    assert kept == {file.name: file.read_bytes() for file in (damaged, single)}
    assert len(load(path / "archive" / damaged.name)) == 3
    assert len(load(path / "archive" / single.name)) == 4
    assert (path / "archive" / unlisted.name).read_bytes() == unlisted.read_bytes()
    with Catalogue(path / "catalogue.sqlite") as catalogue:
        assert catalogue.counts().captures == 3


# Killed at a sync is as killed at the call that follows it.
@pytest.mark.parametrize("operation", [name for name in OPERATIONS if "sync" not in name])
def test_killed_at_every_call(broken: Path, sites: Counter[str], operation: str, tmp_path: Path) -> None:
    for at in range(sites[operation]):
        path = tmp_path / f"{at}" / "news"
        shutil.copytree(broken, path)
        with pytest.raises(Killed):
            repair(path, jobs=1, disk=KilledDisk(operation, at))
        check_old_or_new(path, broken)
        shutil.rmtree(path)


@pytest.mark.parametrize("operation", ["create", "write", "sync", "replace", "remove"])
def test_a_disk_that_refuses(broken: Path, sites: Counter[str], operation: str, tmp_path: Path) -> None:
    for at in range(0, sites[operation], 3):
        path = tmp_path / f"{at}" / "news"
        shutil.copytree(broken, path)
        with pytest.raises(StorageError):
            repair(path, jobs=1, disk=Unsynced(operation, at, "ENOSPC"))
        check_old_or_new(path, broken)
        shutil.rmtree(path)
