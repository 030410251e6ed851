"""The writer: groups whole and in order, files rolled when they should be, names that never clash."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from pathlib import Path

import pytest

from archive.collection import Collection
from archive.disk import Disk
from archive.errors import StorageError
from archive.spool import SPOOL_LIMIT, Spool
from archive.warc.appender import Appender, Fsync, Group, Rolling, Written
from archive.warc.draft import RecordDraft
from archive.warc.files import FileNames, OpenFile
from archive.warc.reader import records
from archive.warc.records import Warcinfo, capture_group, conversion, examine
from tests.archive.warc.making import BEGAN, FaultyDisk, UnsyncedDisk, exchange, page, response

VALUES = Warcinfo(software="wirecopy/test")


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def appender(collection: Collection, clock: Clock, rolling: Rolling, fsync: Fsync | None = None) -> Appender:
    names = FileNames("news", "host")
    return Appender(
        collection.archive_shelf, names, VALUES, fsync=fsync or Fsync(policy="never"), rolling=rolling, clock=clock
    )


def group(number: int) -> Group:
    one = page(number)
    future: Future[Written] = Future()
    return Group(lambda: capture_group(one, examine(one)), future)


def test_no_group_is_split_when_files_roll(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path, disk=UnsyncedDisk())
    recorder = collection.recorder(crawl_id="1", user_agent="test", rolling=Rolling(size=2500))
    for future in [recorder.record(page(number)) for number in range(40)]:
        future.result(timeout=10)
    recorder.close()
    files = sorted(collection.archive_dir.iterdir())
    assert len(files) > 5
    for path in files:
        found = list(records(path))
        assert found[0].type == "warcinfo"
        assert found[0].get("WARC-Filename") == path.name
        assert [record.type for record in found[1:]] == ["response", "request", "metadata"] * (len(found) // 3)
        assert {record.get("WARC-Warcinfo-ID") for record in found[1:]} == {f"<{found[0].id}>"}
        for first in range(1, len(found), 3):
            assert {r.get("WARC-Concurrent-To") for r in found[first + 1 : first + 3]} == {f"<{found[first].id}>"}
    assert recorder.files == len(files)
    assert recorder.records == 120
    assert recorder.bytes == sum(r.length for path in files for r in records(path) if r.type != "warcinfo")


def test_a_file_is_closed_by_age_and_when_idle(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path)
    clock = Clock()
    writing = appender(collection, clock, Rolling(age=100, idle=30))
    assert writing.due_in() is None
    writing.write([group(1)])
    assert writing.due_in() == 30
    clock.now += 29
    writing.tick()
    assert writing.due_in() == 1
    clock.now += 1
    writing.tick()
    assert [path.suffix for path in collection.archive_dir.iterdir()] == [".gz"]
    for number in range(10):
        clock.now += 20
        writing.write([group(number)])
        writing.tick()
    assert writing.files == 3
    writing.finish()


def test_fsync_by_policy(tmp_path: Path) -> None:
    def syncs(fsync: Fsync, name: str) -> list[int]:
        disk = FaultyDisk()
        clock = Clock()
        Collection.create(tmp_path / name)
        writing = appender(Collection.open(tmp_path / name, disk=disk), clock, Rolling(), fsync)
        counts = []
        for number in range(4):
            writing.write([group(number)])
            clock.now += 0.5
            writing.tick()
            counts.append(disk.calls["sync"])
        writing.abandon()
        return counts

    assert syncs(Fsync(policy="never"), "never") == [0, 0, 0, 0]
    assert syncs(Fsync(policy="group"), "group") == [1, 2, 3, 4]
    assert syncs(Fsync(policy="interval", interval=1.0), "interval") == [0, 1, 1, 2]


def test_flush_makes_durable(tmp_path: Path) -> None:
    disk = FaultyDisk()
    Collection.create(tmp_path)
    recorder = Collection.open(tmp_path, disk=disk).recorder(
        crawl_id="1", user_agent="test", fsync=Fsync(policy="never")
    )
    future = recorder.record(page(1))
    assert disk.calls["sync"] == 0
    recorder.flush()
    assert future.done()
    assert disk.calls["sync"] == 1
    recorder.close()


def test_a_block_beyond_memory_goes_through_a_spool(tmp_path: Path) -> None:
    body = b"0123456789abcdef" * (SPOOL_LIMIT // 16 + 1)
    raw = response(body)
    spool = Spool(raw)
    collection = Collection.create(tmp_path)
    recorder = collection.recorder(crawl_id="1", user_agent="test")
    one = exchange(raw)
    spooled = exchange(raw, "http://news.example/other", number=1)
    spooled = type(spooled)(**{name: getattr(spooled, name) for name in spooled.__slots__} | {"response": spool})
    futures = [recorder.record(one), recorder.record(page(3)), recorder.record(spooled), recorder.record(page(4))]
    captures = [future.result(timeout=20) for future in futures]
    recorder.close()
    for capture, sent in zip(captures, [raw, page(3).response, raw, page(4).response], strict=True):
        assert capture is not None
        block = collection.read(capture.file, capture.offset, capture.length).block
        assert (b"".join(block.chunks()) if isinstance(block, Spool) else block) == sent
    assert captures[0] is not None
    assert captures[2] is not None
    assert captures[0].digest == captures[2].digest


def test_one_bad_group_fails_alone(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path)
    writer = collection.text_writer()

    def broken() -> list[RecordDraft]:
        raise ValueError("cannot be made")

    text = conversion(url="http://news.example/", refers_to="urn:uuid:1", text="Text", date=BEGAN)
    first, bad, last = writer.append([text]), writer.submit(broken), writer.append([text, text])
    assert len(first.result(timeout=10)) == 1
    assert isinstance(bad.exception(timeout=10), ValueError)
    places = last.result(timeout=10)
    writer.close()
    assert places[1].offset == places[0].offset + places[0].length
    assert collection.read(places[1].file, places[1].offset, places[1].length).block == b"Text"


def test_a_closed_writer_says_so(tmp_path: Path) -> None:
    recorder = Collection.create(tmp_path).recorder(crawl_id="1", user_agent="test")
    recorder.close()
    recorder.close()
    assert "closed" in str(recorder.record(page(1)).exception(timeout=10))
    with pytest.raises(StorageError):
        recorder.flush()
    assert list((tmp_path / "archive").iterdir()) == []


def test_many_threads_one_writer(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path)
    recorder = collection.recorder(crawl_id="1", user_agent="test")
    ids: dict[str, str] = {}

    def record(start: int) -> None:
        for number in range(start, start + 20):
            capture = recorder.record(page(number, size=100)).result(timeout=10)
            assert capture is not None
            ids[capture.url] = capture.id

    threads = [threading.Thread(target=record, args=(number * 100,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recorder.close()
    index = collection.index()
    assert {capture.url: capture.id for capture in index.under()} == ids
    assert len(ids) == 160
    index.close()


def test_names_are_passed_over_when_taken(tmp_path: Path) -> None:
    class Names(FileNames):
        def __init__(self) -> None:
            super().__init__("news", "host")
            self.left = ["a.warc.gz", "b.warc.gz", "c.warc.gz"]

        def next(self) -> str:
            return self.left.pop(0)

    (tmp_path / "a.warc.gz").write_bytes(b"closed")
    (tmp_path / "b.warc.gz.open").write_bytes(b"open")
    file = OpenFile.create(Disk(), tmp_path, Names())
    file.close()
    assert file.name == "c.warc.gz"
    assert (tmp_path / "a.warc.gz").read_bytes() == b"closed"
    assert (tmp_path / "b.warc.gz.open").read_bytes() == b"open"


def test_names_sort_by_time_and_tell_writers_apart() -> None:
    names, other = FileNames("my news", "web 1.example.org"), FileNames("my news", "web 1.example.org")
    first, second = names.next(), names.next()
    assert first.startswith("my_news-20")
    assert first < second
    prefix, stamp, serial, host = first.removesuffix(".warc.gz").split("-")
    assert (len(stamp), serial, host.rpartition("_")[0]) == (17, "00001", "web_1")
    assert prefix == "my_news"
    assert other.next().split("-")[3] != second.split("-")[3]
