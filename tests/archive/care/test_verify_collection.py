"""A collection as a whole: files against index, list and catalogue, and records of different files."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.care.verify import CODES, Verification
from archive.catalogue.store import Catalogue
from archive.errors import NoCollection
from tests.archive.care import test_verify_files as files_broken
from tests.archive.care import test_verify_records as records_broken
from tests.archive.care.breaking import Rec, load, offsets, save
from tests.archive.care.collections import defects

Change = Callable[[Path], tuple[str, int | None]]
"""Breaks a collection; the file that is wrong, and where."""


def only(folder: Path, pattern: str = "*") -> Path:
    (path,) = folder.glob(pattern)
    return path


def texts(collection: Path) -> Path:
    """The file of readings, without the tombstone's."""
    return max((collection / "text").iterdir(), key=lambda path: path.stat().st_size)


def relist(collection: Path, path: Path, **values: object) -> None:
    """Another line for a file in files.jsonl, as if it had always been so."""
    listing = collection / "files.jsonl"
    lines = [json.loads(line) for line in listing.read_text().splitlines()]
    for line in lines:
        if line["name"] == path.name:
            line.update(values)
    listing.write_text("".join(json.dumps(line) + "\n" for line in lines))


def rewrite(collection: Path, path: Path, records: list[Rec]) -> None:
    """A file of other records, listed as it is; the catalogue, whose rows it might not fit, goes."""
    save(path, records)
    data = path.read_bytes()
    relist(collection, path, size=len(data), sha256=hashlib.sha256(data).hexdigest(), records=len(records))
    for name in collection.glob("catalogue.sqlite*"):
        name.unlink()


def relabel(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def edit_index(change: Callable[[list[bytes]], list[bytes]], wrong: int) -> Change:
    def apply(collection: Path) -> tuple[str, int | None]:
        index = only(collection / "indexes")
        lines = change(index.read_bytes().splitlines(keepends=True))
        index.write_bytes(b"".join(lines))
        return relabel(index), sum(map(len, lines[:wrong]))

    return apply


def line_lost(collection: Path) -> tuple[str, int | None]:
    index, warc = only(collection / "indexes"), only(collection / "archive")
    lines = index.read_bytes().splitlines(keepends=True)
    index.write_bytes(b"".join(lines[1:]))
    return relabel(warc), int(json.loads(lines[0].split(b" ", 2)[2])["offset"])


def index_lost(collection: Path) -> tuple[str, int | None]:
    only(collection / "indexes").unlink()
    return relabel(only(collection / "archive")), 0


def other(name: str, old: bytes, new: bytes) -> Callable[[list[bytes]], list[bytes]]:
    def change(lines: list[bytes]) -> list[bytes]:
        assert old in lines[2], (name, lines[2])
        return [*lines[:2], lines[2].replace(old, new), *lines[3:]]

    return change


def file_lost(collection: Path) -> tuple[str, int | None]:
    path = texts(collection)
    path.unlink()
    for name in collection.glob("catalogue.sqlite*"):
        name.unlink()
    return relabel(path), None


def listed_as(**values: object) -> Change:
    def apply(collection: Path) -> tuple[str, int | None]:
        path = only(collection / "archive")
        relist(collection, path, **values)
        return relabel(path), None

    return apply


def unlisted(collection: Path) -> tuple[str, int | None]:
    listing = collection / "files.jsonl"
    lines = listing.read_text().splitlines(keepends=True)
    listing.write_text("".join(lines[1:]))
    return f"archive/{json.loads(lines[0])['name']}", None


def cut_between_records(collection: Path) -> tuple[str, int | None]:
    path = texts(collection)
    os.truncate(path, offsets(path)[-1])
    relist(collection, path, size=path.stat().st_size)
    for name in collection.glob("catalogue.sqlite*"):
        name.unlink()
    return relabel(path), None


def row(statement: str) -> Change:
    def apply(collection: Path) -> tuple[str, int | None]:
        database = sqlite3.connect(collection / "catalogue.sqlite")
        with database:
            database.execute(statement)
        database.close()
        return "catalogue.sqlite", None

    return apply


def catalogue_of_noise(collection: Path) -> tuple[str, int | None]:
    for name in collection.glob("catalogue.sqlite-*"):
        name.unlink()
    (collection / "catalogue.sqlite").write_bytes(b"noise" * 4096)
    return "catalogue.sqlite", None


def left_open(collection: Path) -> tuple[str, int | None]:
    path = texts(collection)
    opened = path.with_name(path.name + ".open")
    path.rename(opened)
    return relabel(opened), None


def refers_to_nothing(collection: Path) -> tuple[str, int | None]:
    path = texts(collection)
    records = load(path)
    number = next(n for n, r in enumerate(records) if r.get("WARC-Type") == "conversion")
    records[number].put("WARC-Refers-To", "<urn:uuid:00000000-0000-4000-8000-00000000dead>")
    rewrite(collection, path, records)
    return relabel(path), offsets(path)[number]


def id_of_another_file(collection: Path) -> tuple[str, int | None]:
    path, first = texts(collection), load(only(collection / "archive"))[0]
    records = load(path)
    number = next(n for n, r in enumerate(records) if r.get("WARC-Type") == "metadata")
    records[number].put("WARC-Record-ID", first.get("WARC-Record-ID"))
    rewrite(collection, path, records)
    return relabel(path), offsets(path)[number]


def not_removed(collection: Path) -> tuple[str, int | None]:
    tombs = min((collection / "text").iterdir(), key=lambda path: path.stat().st_size)
    kept = load(texts(collection))
    number = next(n for n, r in enumerate(kept) if r.get("WARC-Type") == "conversion")
    records = load(tombs)
    records[1].put("WARC-Refers-To", kept[number].get("WARC-Record-ID"))
    rewrite(collection, tombs, records)
    return relabel(texts(collection)), offsets(texts(collection))[number]


def unresolvable(collection: Path) -> tuple[str, int | None]:
    path = only(collection / "archive")
    records = load(path)
    number = next(n for n, r in enumerate(records) if r.get("WARC-Type") == "revisit")
    records[number].put("WARC-Refers-To", "<urn:uuid:00000000-0000-4000-8000-00000000dead>")
    rewrite(collection, path, records)
    only(collection / "indexes").unlink()
    return relabel(path), offsets(path)[number]


BROKEN: dict[str, tuple[Change, str, set[str]]] = {
    "line of no record": (
        edit_index(
            lambda lines: [*lines, b"zz)/ 2026" + lines[-1].split(b" 2026", 1)[1].replace(b'set":"', b'set":"9')], -1
        ),
        "line-without-record",
        set(),
    ),
    "line of no file": (
        edit_index(lambda lines: [lines[0].replace(b'name":"', b'name":"x'), *lines], 0),
        "line-without-record",
        {"index-unsorted"},
    ),
    "line lost": (line_lost, "record-without-line", set()),
    "other status": (edit_index(other("status", b'"status":"200"', b'"status":"404"'), 2), "line-differs", set()),
    "other length": (edit_index(other("length", b'"length":"', b'"length":"1'), 2), "line-differs", set()),
    "other spelling": (edit_index(other("spelling", b'{"url"', b'{ "url"'), 2), "line-differs", set()),
    "two lines swapped": (edit_index(lambda lines: [lines[1], lines[0], *lines[2:]], 1), "index-unsorted", set()),
    "line cut": (edit_index(lambda lines: [*lines[:-1], lines[-1][:-30]], -1), "index-line", {"record-without-line"}),
    "no index": (index_lost, "index-missing", set()),
    "a file lost": (file_lost, "file-missing", set()),
    "a file not listed": (unlisted, "file-unlisted", set()),
    "listed with another size": (listed_as(size=7), "file-size", set()),
    "listed with another digest": (listed_as(sha256="0" * 64), "file-sha256", set()),
    "listed with more records": (listed_as(records=99), "file-records", set()),
    "cut between records": (cut_between_records, "file-records", {"file-sha256"}),
    "capture of no record": (
        row("UPDATE captures SET offset = offset + 1 WHERE number = 2"),
        "row-without-record",
        set(),
    ),
    "capture of no file": (
        row("UPDATE captures SET file = 'gone.warc.gz' WHERE number = 2"),
        "row-without-record",
        set(),
    ),
    "reading of no record": (row("UPDATE readings SET offset = 3 WHERE number = 1"), "row-without-record", set()),
    "no database": (catalogue_of_noise, "catalogue-damaged", set()),
    "left open": (left_open, "unclosed", set()),
    "refers to nothing": (refers_to_nothing, "dangling-refers", set()),
    "id of another file": (id_of_another_file, "duplicate-id", set()),
    "tombstone of what is there": (not_removed, "not-removed", set()),
    "revisit of nothing": (unresolvable, "unresolvable-revisit", {"index-missing"}),
}


def test_a_sound_collection_has_no_defects(sound: Path) -> None:
    assert defects(sound) == []


@pytest.mark.parametrize("name", BROKEN)
def test_names_what_is_wrong_in_a_collection(name: str, collection: Path) -> None:
    change, code, besides = BROKEN[name]
    file, offset = change(collection)
    found = defects(collection)
    assert {defect.code for defect in found} == {code, *besides}, found
    assert (file, offset) in {(defect.file, defect.offset) for defect in found if defect.code == code}, found


def test_every_code_is_tried() -> None:
    tried = {code for _, code, _ in BROKEN.values()} | {
        code for _, codes in records_broken.RECORDS.values() for code in codes
    }
    tried |= {code for _, code, _ in files_broken.WHOLE.values()}
    notes = {code for code, rule in CODES.items() if "defect" not in (rule.ours, rule.foreign)}
    only_foreign = {"framed-digest"}
    shipped = {"copy-missing", "copy-differs", "copy-unreachable"}  # tried in test_ship
    assert tried | notes | only_foreign | shipped | {"unreadable"} == set(CODES)


def test_a_file_in_use_is_a_note_and_its_last_record_may_be_incomplete(collection: Path) -> None:
    path = texts(collection)
    opened = path.with_name(path.name + ".open")
    path.rename(opened)
    os.truncate(opened, opened.stat().st_size - 20)
    with opened.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        found = list(Verification(collection, jobs=1))
    assert [defect for defect in found if defect.severity == "defect"] == []
    assert ("in-use", relabel(opened)) in {(note.code, note.file) for note in found}


def test_a_merge_cut_short_is_a_note(collection: Path) -> None:
    index = only(collection / "indexes")
    shutil.copy(index, index.with_name("merged-0.cdxj"))
    found = list(Verification(collection, jobs=1))
    assert [defect for defect in found if defect.severity == "defect"] == []
    duplicates = [note for note in found if note.code == "index-duplicate"]
    assert len(duplicates) == len(index.read_bytes().splitlines())


def test_a_line_that_differs_says_in_what(collection: Path) -> None:
    BROKEN["other status"][0](collection)
    (defect,) = defects(collection)
    assert "status is 404, the record's 200" in defect.what


def test_several_processes_find_the_same(collection: Path) -> None:
    for change in (line_lost, refers_to_nothing):
        change(collection)
    one, many = Verification(collection, jobs=1), Verification(collection, jobs=3)
    assert sorted(map(str, one)) == sorted(map(str, many))
    assert one.sums == many.sums
    assert one.sums.files == 3


def test_progress_ends_with_all_bytes(sound: Path) -> None:
    told: list[tuple[int, int]] = []
    list(Verification(sound, jobs=1, progress=lambda done, total: told.append((done, total))))
    size = sum(path.stat().st_size for folder in ("archive", "text") for path in (sound / folder).iterdir())
    assert told[0] == (0, size)
    assert told[-1] == (size, size)
    assert told == sorted(told)


def test_a_directory_that_is_no_collection_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoCollection):
        Verification(tmp_path)


def test_reads_only(collection: Path) -> None:
    with Catalogue(collection / "catalogue.sqlite"):
        pass
    before = {path: path.read_bytes() for path in collection.rglob("*") if path.is_file()}
    assert defects(collection) == []
    after = {path: path.read_bytes() for path in collection.rglob("*") if path.is_file()}
    assert {path.name for path in after.keys() - before.keys()} <= {"catalogue.sqlite-shm", "catalogue.sqlite-wal"}
    assert all(after[path] == data for path, data in before.items() if "-shm" not in path.name)


CHILD = """
import sys
from pathlib import Path
from archive.care.verify import Verification
if __name__ == "__main__":
    for found in Verification(Path(sys.argv[1]), jobs=2, progress=lambda done, total: print(done, flush=True)):
        pass
"""


def test_children_end_with_a_parent_that_is_killed(collection: Path, tmp_path: Path) -> None:
    warc = only(collection / "archive")
    for number in range(3):
        copy = warc.with_name(f"copy-{number}.warc.gz")
        copy.write_bytes(warc.read_bytes() * 150)
    script = tmp_path / "child.py"
    script.write_text(CHILD)
    parent = subprocess.Popen(
        [sys.executable, str(script), str(collection)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"0\n"
    parent.stdout.readline()  # a child has sent something
    children = _children(parent.pid)
    assert children
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while any(_alive(pid) for pid in children) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(_alive(pid) for pid in children)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_collection_moved_elsewhere_verifies(sound: Path, tmp_path: Path) -> None:
    shutil.copytree(sound, tmp_path / "elsewhere")
    assert defects(tmp_path / "elsewhere") == []
