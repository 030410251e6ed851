"""A disk that fails, and a process that is killed, at every call: after the next start all is gone, or nothing."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Literal

import pytest

from archive import changeover
from archive.api import Collection
from archive.care.takedown import AUDIT, capture_target, content_target
from archive.digest import digest
from archive.errors import StorageError
from tests.archive.care.collections import defects
from tests.archive.care.removing import PAGE, SECRET, URL, holding, read, take_down
from tests.archive.warc.making import Fault, FaultyDisk

CONTENT = content_target(digest(PAGE))
OPERATIONS = ("create", "open_or_create", "open", "write", "sync", "sync_directory", "replace", "remove")


class Unsynced(FaultyDisk):
    """Without the waiting: no power is cut here."""

    def sync(self, fd: int) -> None:
        self._fails("sync")

    def sync_directory(self, path: Path) -> None:
        self._fails("sync_directory", path)


class Killed(BaseException):
    """What no code of ours handles."""


class KilledDisk(Unsynced):
    """From one call on nothing happens any more, as after a SIGKILL."""

    dead = False

    def _fails(self, operation: str, path: Path | None = None) -> bool:
        number = self.calls[operation]
        self.calls[operation] += 1
        if (operation, number) == (self._operation, self._at):
            self.dead = self.failed = True
        if self.dead:
            raise Killed
        return False


@pytest.fixture(scope="module")
def logged(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a log of a crawl."""
    path = Path(shutil.copytree(made, tmp_path_factory.mktemp("logged") / "news"))
    log = path / "crawls" / "1" / "crawl.log"
    log.parent.mkdir(parents=True)
    log.write_text(f"fetched {URL}\n")
    return path


@pytest.fixture(scope="module")
def sites(logged: Path, tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    """How often each call is made by a takedown without faults."""
    path = tmp_path_factory.mktemp("sites") / "news"
    shutil.copytree(logged, path)
    disk = Unsynced()
    take_down(path, CONTENT, url_too=True, disk=disk)
    assert set(disk.calls) == set(OPERATIONS)
    return disk.calls


def state(path: Path) -> dict[str, bytes]:
    kept = ("archive", "text", "indexes", "crawls")
    return {
        str(file.relative_to(path)): file.read_bytes()
        for folder in kept
        for file in sorted((path / folder).rglob("*"))
        if file.is_file()
    }


def is_all_or_nothing(path: Path, before: dict[str, bytes]) -> bool:
    """After the next start: whether it was all."""
    read(Collection.open(path))  # as any crawl does next
    assert not changeover.is_unfinished(path)
    assert not [file for file in path.rglob(".*") if file.is_file()]
    assert defects(path) == []
    if (path / AUDIT).exists():
        assert len((path / AUDIT).read_text().splitlines()) == 1
        assert holding(path, SECRET) == set()
        assert URL not in (path / "crawls" / "1" / "crawl.log").read_text()
        return True
    assert state(path) == before
    return False


@pytest.mark.parametrize(
    ("operation", "fault"),
    [*((operation, fault) for operation in OPERATIONS for fault in ("killed", "ENOSPC")), ("write", "short")],
)
def test_all_or_nothing(
    logged: Path, sites: Counter[str], operation: str, fault: Fault | Literal["killed"], tmp_path: Path
) -> None:
    before = state(logged)
    for at in range(sites[operation]):
        path = tmp_path / f"{at}" / "news"
        shutil.copytree(logged, path)
        disk = KilledDisk(operation, at) if fault == "killed" else Unsynced(operation, at, fault)
        with pytest.raises((Killed, StorageError)):
            take_down(path, CONTENT, url_too=True, disk=disk)
        assert disk.failed
        was_removed = is_all_or_nothing(path, before)
        if not was_removed:
            take_down(path, CONTENT, url_too=True)
            assert holding(path, SECRET) == set()
        shutil.rmtree(path)


@pytest.mark.parametrize("at", [0, 3, 7])
def test_killed_again_while_it_is_completed(logged: Path, at: int, tmp_path: Path) -> None:
    path = tmp_path / "news"
    shutil.copytree(logged, path)
    with pytest.raises(Killed):
        take_down(path, capture_target(URL), url_too=True, disk=KilledDisk("replace", 3))
    assert changeover.is_unfinished(path)
    with pytest.raises(Killed):
        Collection.open(path, disk=KilledDisk("sync_directory", at))
    assert changeover.is_unfinished(path)
    collection = Collection.open(path)
    assert not changeover.is_unfinished(path)
    assert defects(path) == []
    assert len((path / AUDIT).read_text().splitlines()) == 1
    with collection.exclusive("test"):
        pass


def test_a_writer_that_opened_it_before_completes_it_first(logged: Path, tmp_path: Path) -> None:
    path = tmp_path / "news"
    shutil.copytree(logged, path)
    earlier = Collection.open(path)
    with pytest.raises(Killed):
        take_down(path, CONTENT, disk=KilledDisk("replace", 3))
    with earlier.shared("wirecopy crawl"):
        assert not changeover.is_unfinished(path)
        assert holding(path, SECRET) == set()
