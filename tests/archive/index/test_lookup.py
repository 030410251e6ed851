"""Look-ups over many index files: the same answers as reading every line, in the order of LC_ALL=C sort."""

from __future__ import annotations

import os
import random
import subprocess
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.disk import Disk
from archive.errors import StorageError
from archive.index import cdxj
from archive.index.files import GrowingIndex, write_sorted
from archive.index.lookup import Index, SortedFile
from archive.model import Capture
from tests.archive.index.test_cdxj import CAPTURE
from tests.archive.warc.making import FaultyDisk

PATHS = ["", "a", "a/b", "A", "aa", "~", "é", "b?x=1", "b?x=10", "z" * 300, "z" * 300 + "y"]
HOSTS = [
    "http://a.example/",
    "https://a.example/",
    "http://www.a.example/",
    "http://ab.example/",
    "http://a.b.example/",
]


def captures(count: int, seed: int) -> list[Capture]:
    seeded = random.Random(seed)
    return [
        replace(
            CAPTURE,
            id=f"urn:uuid:{seed}-{number}",
            url=seeded.choice(HOSTS) + seeded.choice(PATHS),
            date=CAPTURE.date + timedelta(seconds=seeded.randrange(10_000)),
            digest=f"sha1:{seeded.randrange(count // 4 + 1):032}",
            offset=number,
        )
        for number in range(count)
    ]


@pytest.fixture
def everything(tmp_path: Path) -> list[Capture]:
    """Two finished indexes of several stretches each, a tiny one, an empty one, and one that grows."""
    found = []
    for seed, count in enumerate([700, 900, 3, 0]):
        some = captures(count, seed)
        write_sorted(Disk(), tmp_path / f"f{seed}.cdxj", (cdxj.line(capture).encode() for capture in some))
        found += some
    growing = GrowingIndex(Disk(), tmp_path, "growing.warc.gz")
    more = captures(50, 99)
    growing.append(more)
    growing.close()
    (tmp_path / ".hidden.cdxj").write_bytes(b"not an index")
    return found + more


def test_by_url(tmp_path: Path, everything: list[Capture]) -> None:
    index = Index(tmp_path)
    for url in sorted({capture.url for capture in everything}):
        expected = sorted((c for c in everything if c.url == url), key=lambda c: (c.date, c.id))
        assert index.captures(url) == expected
        assert index.closed_captures(url) == [c for c in expected if not c.id.startswith("urn:uuid:99-")]
    for absent in ["http://a.example/nothing", "http://a.exampl/", "http://zz.example/", "http://0.example/", "x"]:
        assert index.captures(absent) == []
    index.close()


def test_by_prefix_and_all_in_order(tmp_path: Path, everything: list[Capture]) -> None:
    index = Index(tmp_path)
    lines = list(index.lines())
    assert [c.id for c in index.under("example,a)")] == [
        capture.id for capture in map(cdxj.parse, lines) if cdxj.key(capture.url).startswith("example,a)")
    ]
    index.close()
    by_sort = subprocess.run(
        ["sort"],
        input="".join(f"{cdxj.line(capture)}\n" for capture in everything).encode(),
        env={**os.environ, "LC_ALL": "C"},
        capture_output=True,
        check=True,
    )
    assert lines == by_sort.stdout.decode().splitlines()


def test_by_digest(tmp_path: Path, everything: list[Capture]) -> None:
    index = Index(tmp_path)
    closed = [capture for capture in everything if not capture.id.startswith("urn:uuid:99-")]
    for digest in {capture.digest for capture in closed if capture.digest}:
        assert {c.id for c in index.with_digest(digest)} == {c.id for c in closed if c.digest == digest}
    assert list(index.with_digest("sha1:" + "Z" * 32)) == []
    index.close()


def test_files_that_come_change_and_go_are_noticed(tmp_path: Path) -> None:
    index = Index(tmp_path / "later")
    assert index.captures(CAPTURE.url) == []
    (tmp_path / "later").mkdir()
    path = tmp_path / "later" / "a.cdxj"
    write_sorted(Disk(), path, [cdxj.line(CAPTURE).encode()])
    assert index.captures(CAPTURE.url) == [CAPTURE]
    other = replace(CAPTURE, id="urn:uuid:other")
    write_sorted(Disk(), path, [cdxj.line(other).encode()])
    assert index.captures(CAPTURE.url) == [other]
    path.unlink()
    assert index.captures(CAPTURE.url) == []
    index.close()


def test_an_index_is_found_while_it_grows_and_when_it_is_finished(tmp_path: Path) -> None:
    index = Index(tmp_path)
    growing = GrowingIndex(Disk(), tmp_path, "a.warc.gz")
    assert index.captures(CAPTURE.url) == []
    growing.append([CAPTURE])
    assert index.captures(CAPTURE.url) == [CAPTURE]
    growing.finish()
    assert index.captures(CAPTURE.url) == [CAPTURE]
    assert [path.name for path in tmp_path.iterdir()] == ["a.cdxj"]
    index.close()


def test_a_finished_index_is_in_the_order_of_sort(tmp_path: Path) -> None:
    """Captures of one page in one second, and pages whose keys go on where another's ends, among them."""
    some = captures(2500, 7)
    some += [replace(capture, id=f"{capture.id}-again", offset=9999 - capture.offset) for capture in some[:200]]
    some += [replace(capture, url=capture.url + tail) for capture in some[:50] for tail in ("!", "a", "%20b", "?q=1")]
    growing = GrowingIndex(Disk(), tmp_path, "a.warc.gz")
    growing.append(some)
    lines = growing.path.read_bytes().splitlines(keepends=True)
    growing.finish()
    assert (tmp_path / "a.cdxj").read_bytes() == b"".join(sorted(lines))


def test_no_capture_is_missed_while_files_are_finished(tmp_path: Path) -> None:
    some = [replace(CAPTURE, id=f"urn:uuid:{number}", offset=number) for number in range(60)]
    told: list[int] = []
    missed: list[tuple[int, int]] = []

    def write() -> None:
        for start in range(0, 60, 5):
            growing = GrowingIndex(Disk(), tmp_path, f"{start:03}.warc.gz")
            for number in range(start, start + 5):
                growing.append([some[number]])
                told.append(number)
            growing.finish()

    thread = threading.Thread(target=write)
    thread.start()
    index = Index(tmp_path)
    while thread.is_alive():
        expected = len(told)
        found = len(index.captures(CAPTURE.url))
        if found < expected:
            missed.append((expected, found))
    thread.join()
    index.close()
    assert missed == []


def test_an_unfinished_last_line_is_no_line_yet(tmp_path: Path) -> None:
    line = cdxj.line(CAPTURE).encode()
    (tmp_path / "a.cdxj.open").write_bytes(line + b"\n" + line[:40])
    index = Index(tmp_path)
    assert index.captures(CAPTURE.url) == [CAPTURE]
    index.close()


def test_a_finished_file_without_a_last_line_end(tmp_path: Path) -> None:
    path = tmp_path / "a.cdxj"
    path.write_bytes(cdxj.line(CAPTURE).encode())
    file = SortedFile(path)
    assert len(list(file.matching(b""))) == len(list(file.with_digest(CAPTURE.digest or ""))) == 1
    file.close()


def test_a_disk_that_refuses_leaves_the_old_index(tmp_path: Path) -> None:
    path = tmp_path / "a.cdxj"
    write_sorted(Disk(), path, [b"old"])
    for operation in ("create", "write", "sync", "replace"):
        with pytest.raises(OSError, match="No space"):
            write_sorted(FaultyDisk(operation), path, [b"new"])
        assert path.read_bytes() == b"old\n"
    with pytest.raises(StorageError):
        write_sorted(FaultyDisk("write", fault="short"), path, [b"new"])
    assert path.read_bytes() == b"old\n"
