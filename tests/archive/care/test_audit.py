"""The self-audit: files take turns within a budget of bytes, and what changed under them is named."""

from __future__ import annotations

import gzip
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from archive.care.audit import AUDIT_NAME, SelfAudit, audited
from archive.collection import Collection
from archive.disk import Disk
from archive.warc.files import ClosedFile, add_line


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    made = Collection.create(tmp_path / "news")
    for number in range(3):
        data = gzip.compress(bytes([number]) * 1000)
        name = f"news-{number}.warc.gz"
        (made.archive_dir / name).write_bytes(data)
        line = ClosedFile(name=name, size=len(data), sha256=sha256(data).hexdigest(), records=1, where="archive")
        add_line(Disk(), made.files_path, msgspec.json.encode(line))
    return made


def run(collection: Collection, budget: int) -> SelfAudit:
    audit = SelfAudit(collection, budget)
    audit.start()
    audit.join()
    return audit


def read(collection: Collection) -> list[str]:
    lines = (collection.path / AUDIT_NAME).read_bytes().splitlines()
    return [msgspec.json.decode(line)["file"] for line in lines]


def test_files_take_turns(collection: Collection) -> None:
    for _ in range(4):
        assert run(collection, 1).files == 1
    first = [f"archive/news-{number}.warc.gz" for number in (0, 1, 2)]
    assert read(collection) == [*first, first[0]]
    assert all(result.ok for result in audited(collection).values())
    assert run(collection, 10**9).files == 3


def test_a_changed_byte_and_a_lost_file_are_named(collection: Collection) -> None:
    changed, lost = (collection.archive_dir / f"news-{number}.warc.gz" for number in (0, 2))
    data = bytearray(changed.read_bytes())
    data[len(data) // 2] ^= 1
    changed.write_bytes(data)
    lost.unlink()
    found = {result.file: result.why for result in run(collection, 10**9).defects}
    assert found.keys() == {"archive/news-0.warc.gz", "archive/news-2.warc.gz"}
    assert "SHA-256" in (found["archive/news-0.warc.gz"] or "")
    assert found["archive/news-2.warc.gz"] == "is gone"


def test_halted_it_ends_and_leaves_no_half_result(collection: Collection) -> None:
    audit = SelfAudit(collection, 10**9)
    audit.halt()
    audit.start()
    audit.join()
    assert audit.files == 0
    assert audited(collection) == {}


def test_results_that_cannot_be_written_are_told(collection: Collection) -> None:
    (collection.path / AUDIT_NAME).mkdir()
    error = run(collection, 10**9).error
    assert error is not None
    assert AUDIT_NAME in str(error)
