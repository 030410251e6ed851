"""Files left open by a crash: cut wherever, torn, zero-filled, damaged; what was whole stays, byte for byte."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.collection import Collection
from archive.warc.appender import Fsync
from archive.warc.files import OPEN
from archive.warc.members import members
from archive.warc.recover import CUT, recover
from tests.archive.warc.making import UnsyncedDisk, exchange, page, response


@dataclass(frozen=True)
class Whole:
    """A sound file, where its records end, and its index."""

    name: str
    data: bytes
    ends: tuple[int, ...]
    lines: tuple[str, ...]

    def lines_within(self, size: int) -> list[str]:
        def end(line: str) -> int:
            fields = json.loads(line.split(" ", 2)[2])
            return int(fields["offset"]) + int(fields["length"])

        return [line for line in self.lines if end(line) <= size]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    collection = Collection.create(tmp_path_factory.mktemp("whole") / "news")
    recorder = collection.recorder(crawl_id="1", user_agent="test", fsync=Fsync(policy="never"))
    for number in range(2):
        url = f"http://news.example/{number}"
        capture = recorder.record(exchange(response(b"<p>%d" % number), url, number=number)).result()
    recorder.close()
    assert capture is not None
    path = collection.locate(capture.file)
    with path.open("rb") as file:
        ends = tuple(member.offset + member.length for member in members(file))
    index = collection.index()
    lines = tuple(index.lines())
    index.close()
    return Whole(capture.file, path.read_bytes(), ends, lines)


def recovered(path: Path, whole: Whole, left: bytes) -> Collection:
    """A collection in which a crash left these bytes and nothing else, opened again."""
    if not path.exists():
        Collection.create(path)
    for file in (*(path / "archive").iterdir(), *(path / "indexes").iterdir()):
        file.unlink()
    (path / "files.jsonl").unlink(missing_ok=True)
    (path / "archive" / (whole.name + OPEN)).write_bytes(left)
    (path / "indexes" / f"{whole.name.removesuffix('.warc.gz')}.cdxj.open").write_bytes(b"torn li")
    return Collection.open(path, disk=UnsyncedDisk())


def check(collection: Collection, whole: Whole, kept: int, size: int) -> None:
    [recovery] = collection.recovered
    assert recovery.file == whole.name
    assert recovery.cut_bytes == size - kept
    assert not list(collection.path.rglob(f"*{OPEN}"))
    index = collection.index()
    lines = list(index.lines())
    index.close()
    if kept <= whole.ends[0]:
        assert recovery.kept_bytes == 0
        assert not list(collection.archive_dir.iterdir())
        assert lines == []
        return
    assert collection.locate(whole.name).read_bytes() == whole.data[:kept]
    assert lines == whole.lines_within(kept)
    listed = collection.closed_files()[whole.name]
    assert (listed.size, listed.records) == (kept, whole.ends.index(kept) + 1)


def test_cut_at_every_byte(whole: Whole, tmp_path: Path) -> None:
    for size in range(len(whole.data) + 1):
        collection = recovered(tmp_path / "news", whole, whole.data[:size])
        check(collection, whole, max((end for end in whole.ends if end <= size), default=0), size)


@pytest.mark.parametrize("tail", ["zeros", "garbage"])
def test_a_tail_that_was_never_written(whole: Whole, tail: str, tmp_path: Path) -> None:
    seeded = random.Random(3)
    for cut in range(0, len(whole.data), 13):
        size = len(whole.data) - cut
        rest = bytes(size) if tail == "zeros" else seeded.randbytes(size)
        if rest[:1] == whole.data[cut : cut + 1]:
            continue  # the first byte that differs decides
        collection = recovered(tmp_path / "news", whole, whole.data[:cut] + rest)
        check(collection, whole, max((end for end in whole.ends if end <= cut), default=0), len(whole.data))


def test_bytes_behind_the_last_record(whole: Whole, tmp_path: Path) -> None:
    for tail in [bytes(4096), b"\x00", b"\x1f", b"\x1f\x8b", b"\x1f\x8b\x08" * 50, b"\r\n"]:
        collection = recovered(tmp_path / "news", whole, whole.data + tail)
        check(collection, whole, len(whole.data), len(whole.data) + len(tail))


def test_whole_records_behind_the_damage_are_kept_beside_the_file(whole: Whole, tmp_path: Path) -> None:
    damaged = bytearray(whole.data)
    damaged[whole.ends[3] + 40] ^= 0xFF
    collection = recovered(tmp_path / "news", whole, bytes(damaged))
    [recovery] = collection.recovered
    assert recovery.kept_bytes == whole.ends[3]
    assert recovery.saved_as == collection.archive_dir / (whole.name + CUT)
    assert recovery.saved_as.read_bytes() == damaged[whole.ends[3] :]
    assert str(recovery.cut_bytes) in str(recovery)
    assert f"({recovery.why})" in str(recovery)


def test_a_crash_between_the_new_name_and_the_old(whole: Whole, tmp_path: Path) -> None:
    collection = Collection.create(tmp_path)
    path = collection.archive_dir / whole.name
    path.write_bytes(whole.data)
    os.link(path, path.with_name(whole.name + OPEN))
    recover(collection.archive_shelf)
    assert [file.name for file in collection.archive_dir.iterdir()] == [whole.name]
    assert path.read_bytes() == whole.data


def test_another_file_has_the_name(whole: Whole, tmp_path: Path) -> None:
    collection = Collection.create(tmp_path)
    (collection.archive_dir / whole.name).write_bytes(b"somebody else's")
    (collection.archive_dir / (whole.name + OPEN)).write_bytes(whole.data)
    [recovery] = recover(collection.archive_shelf)
    assert recovery.file == whole.name.replace(".warc.gz", "_2.warc.gz")
    assert (collection.archive_dir / whole.name).read_bytes() == b"somebody else's"
    assert (collection.archive_dir / recovery.file).read_bytes() == whole.data
    index = collection.index()
    assert {capture.file for capture in index.under()} == {recovery.file}
    index.close()


def test_a_file_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path)
    recorder = collection.recorder(crawl_id="1", user_agent="test")
    recorder.record(page(1)).result()
    assert Collection.open(tmp_path).recovered == ()
    capture = recorder.record(page(2)).result()
    recorder.close()
    assert capture is not None
    assert collection.read(capture.file, capture.offset).block == page(2).response


def test_files_in_text_are_repaired_too(tmp_path: Path, whole: Whole) -> None:
    collection = Collection.create(tmp_path)
    (collection.text_dir / (whole.name + OPEN)).write_bytes(whole.data[:-1])
    [recovery] = Collection.open(tmp_path).recovered
    assert (collection.text_dir / whole.name).stat().st_size == recovery.kept_bytes == whole.ends[-2]
    assert list(collection.indexes_dir.iterdir()) == []
    assert collection.closed_files()[whole.name].where == "text"


def test_two_processes_repair_each_file_once(whole: Whole, tmp_path: Path) -> None:
    collection = Collection.create(tmp_path)
    names = [whole.name.replace("-00001-", f"-{number:05}-") for number in range(12)]
    for name in names:
        (collection.archive_dir / (name + OPEN)).write_bytes(whole.data[:-1])
    script = (
        "import sys; from archive.collection import Collection; sys.stdin.read(1);"
        "print(*(r.file for r in Collection.open(sys.argv[1]).recovered))"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"!")
        process.stdin.flush()
    done = [process.communicate()[0].decode().split() for process in processes]
    assert sorted(done[0] + done[1]) == names
    assert set(collection.closed_files()) == set(names)
