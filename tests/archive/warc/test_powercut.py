"""Power cuts: a crawl's trace of writes, fsyncs and renames, cut after each event, what was not synced lost or torn.

The model is strict: of a file, only what was there at its last fsync is sure; of a directory, only the names that were
in it at its last fsync. For the rest, each cut tries what file systems are known to do: lose all of it, keep the names
but half of the bytes, or keep the length and fill it with zeros or garbage.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from archive.collection import Collection
from archive.disk import Disk
from archive.model import Capture, Exchange
from archive.warc.appender import Fsync, FsyncPolicy, Rolling
from tests.archive.warc.making import UnsyncedDisk, page

GROUPS = 10


@dataclass
class Content:
    """A file's bytes: those on the platter, and those the system has."""

    sure: bytes = b""
    held: bytes = b""


@dataclass
class State:
    """Files by a number of their own, and names for them."""

    files: dict[int, Content] = field(default_factory=dict)
    sure: dict[Path, int] = field(default_factory=dict)
    held: dict[Path, int] = field(default_factory=dict)


Event = Callable[[State], object]


class TracedDisk(Disk):
    """Does everything, and notes it as something that can be done again to a State."""

    def __init__(self, root: Path) -> None:
        self.events: list[Event] = []
        self._root = root
        self._numbers: dict[int, int] = {}
        self._count = 0
        self._by_path: dict[Path, int] = {}
        self._gate = threading.Lock()

    def _opened(self, fd: int, path: Path) -> int:
        path = path.relative_to(self._root)
        with self._gate:
            if path not in self._by_path:
                self._count += 1
                number = self._by_path[path] = self._count

                def make(state: State) -> None:
                    state.files[number] = Content()
                    state.held[path] = number

                self.events.append(make)
            self._numbers[fd] = self._by_path[path]
        return fd

    def make_directory(self, path: Path) -> None:
        """Durable from the start: the tests begin with a collection that is there."""
        path.mkdir(parents=True, exist_ok=True)

    def create(self, path: Path) -> int:
        return self._opened(super().create(path), path)

    def open_or_create(self, path: Path) -> int:
        return self._opened(super().open_or_create(path), path)

    def write(self, fd: int, data: bytes) -> int:
        number = self._numbers[fd]

        def write(state: State) -> None:
            state.files[number].held += data

        self.events.append(write)
        return super().write(fd, data)

    def sync(self, fd: int) -> None:
        number = self._numbers[fd]

        def sync(state: State) -> None:
            state.files[number].sure = state.files[number].held

        super().sync(fd)
        self.events.append(sync)

    def sync_directory(self, path: Path) -> None:
        folder = path.relative_to(self._root)

        def sync(state: State) -> None:
            state.sure = {name: number for name, number in state.sure.items() if name.parent != folder}
            state.sure |= {name: number for name, number in state.held.items() if name.parent == folder}

        super().sync_directory(path)
        self.events.append(sync)

    def rename(self, source: Path, target: Path) -> None:
        super().rename(source, target)
        old, new = source.relative_to(self._root), target.relative_to(self._root)
        number = self._by_path[new] = self._by_path.pop(old)
        self.events.append(lambda state: state.held.update({new: number}))
        self.events.append(lambda state: state.held.pop(old))

    def replace(self, source: Path, target: Path) -> None:
        super().replace(source, target)
        old, new = source.relative_to(self._root), target.relative_to(self._root)
        self._by_path[new] = self._by_path.pop(old)
        self.events.append(lambda state: state.held.update({new: state.held.pop(old)}))

    def remove(self, path: Path) -> None:
        super().remove(path)
        name = path.relative_to(self._root)
        self._by_path.pop(name)
        self.events.append(lambda state: state.held.pop(name))


@dataclass(frozen=True)
class Crawl:
    events: list[Event]
    durable: list[tuple[int, Exchange, Capture]]
    """From which event on a capture must outlast a power cut."""


def crawl(path: Path, policy: FsyncPolicy) -> Crawl:
    Collection.create(path)
    disk = TracedDisk(path)
    collection = Collection.open(path, disk=disk)
    recorder = collection.recorder(
        crawl_id="1", user_agent="test", fsync=Fsync(policy=policy, interval=3600), rolling=Rolling(size=4000)
    )
    durable = []
    for number in range(GROUPS):
        one = page(number, size=1000)
        capture = recorder.record(one).result(timeout=10)
        if policy == "interval":
            recorder.flush()
        assert capture is not None
        durable.append((len(disk.events), one, capture))
    recorder.close()
    return Crawl(disk.events, durable)


def put(state: State, how: str, place: Path, seeded: random.Random) -> None:
    """Puts down what is on the disk when the power comes back, one file under all of its names."""
    names = state.sure if how == "lost" else {**state.sure, **state.held} if how == "names of both" else state.held
    made: dict[int, Path] = {}
    for name, number in names.items():
        path = place / name
        path.parent.mkdir(exist_ok=True)
        if number in made:
            path.hardlink_to(made[number])
            continue
        content = state.files[number]
        unsure = content.held[len(content.sure) :]
        left = {"lost": b"", "zeros": bytes(len(unsure)), "garbage": seeded.randbytes(len(unsure))}
        path.write_bytes(content.sure + left.get(how, unsure[: len(unsure) // 2]))
        made[number] = path


@pytest.mark.parametrize("how", ["lost", "torn", "zeros", "garbage", "names of both"])
@pytest.mark.parametrize("policy", ["group", "interval"])
def test_what_was_durable_is_there_after_any_cut(policy: FsyncPolicy, how: str, tmp_path: Path) -> None:
    done = crawl(tmp_path / "crawled", policy)
    seeded = random.Random(5)
    state = State()
    for number, event in enumerate(done.events, start=1):
        event(state)
        path = tmp_path / "cut"
        collection = Collection.create(path, disk=UnsyncedDisk())
        for file in path.rglob("*"):
            if file.is_file() and file.name != "collection.toml":
                file.unlink()
        put(state, how, path, seeded)

        collection = Collection.open(path, disk=UnsyncedDisk())
        assert not list(path.rglob("*.open"))
        index = collection.index()
        for since, one, capture in done.durable:
            if since <= number:
                assert collection.read(capture.file, capture.offset, capture.length).block == one.response
                assert index.captures(one.url) == [capture]
        for capture in index.under():
            record = collection.read(capture.file, capture.offset, capture.length)
            assert record.id == capture.id, "the index tells of a record that is not there"
        index.close()
        for name, listed in collection.closed_files().items():
            assert collection.locate(name).stat().st_size == listed.size
