"""Each way in which verify knows a collection to be broken, repaired: what can be is right again, the rest is named."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path

import fastwarc.warc
import pytest

from archive.care.defects import CODES
from archive.care.remedies import LEFT, REMEDIES
from archive.care.repair import Repaired, planned, repair
from archive.catalogue.query import article, search
from archive.catalogue.store import Catalogue
from archive.collection import Collection
from archive.errors import ConfigError, Locked, NoCollection
from tests.archive.care import test_verify_files as files_broken
from tests.archive.care import test_verify_records as records_broken
from tests.archive.care.breaking import load, members, offsets, save
from tests.archive.care.collections import defects
from tests.archive.care.test_verify_collection import BROKEN, Change, edit_index, index_lost, only, row, texts
from tests.archive.warc.making import UnsyncedDisk, page

REMAINS = {
    "a file lost": "file-missing",
    "refers to nothing": "dangling-refers",
    "id of another file": "duplicate-id",
    "tombstone of what is there": "not-removed",
    "revisit of nothing": "unresolvable-revisit",
}


def mend(path: Path, *files: str) -> Repaired:
    return repair(path, files, jobs=1, disk=UnsyncedDisk())


def tree(path: Path, *folders: str) -> dict[str, bytes]:
    return {
        str(file.relative_to(path)): file.read_bytes()
        for folder in folders
        for file in sorted((path / folder).glob("*"))
        if file.is_file()
    }


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """What the catalogue says, without the numbers that it counts by."""
    with Catalogue(path / "catalogue.sqlite") as catalogue:
        run = catalogue.connection.execute
        return {
            "captures": sorted(run('SELECT id, file, "offset", url, status FROM captures')),
            "readings": sorted(run('SELECT id, file, "offset", capture_id FROM readings')),
            "articles": sorted(run("SELECT article_id FROM article_states")),
        }


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_collection(name: str, collection: Path, sound: Path) -> None:
    change, code, _ = BROKEN[name]
    change(collection)
    had_catalogue = (collection / "catalogue.sqlite").exists()
    before = tree(collection, "archive", "text")
    repaired = mend(collection)

    assert [left.defect.code for left in repaired.left] == ([REMAINS[name]] if name in REMAINS else [])
    assert [str(defect) for defect in defects(collection)] == [str(left.defect) for left in repaired.left]
    assert {name.removesuffix(".open"): data for name, data in before.items()} == tree(collection, "archive", "text")
    if name not in REMAINS:
        assert bool(repaired.recovered) == (code == "unclosed")
        assert code in {code for remedy, _ in repaired.done for code in remedy.codes} or code == "unclosed"
        assert tree(collection, "indexes") == tree(sound, "indexes")
        assert not had_catalogue or rows(collection) == rows(sound)
    assert not list(collection.rglob(".*"))
    again = mend(collection)
    assert (again.done, again.recovered) == ((), ())
    assert again.left == repaired.left


def damage_a_middle(path: Path) -> None:
    """The metadata record of the first capture: nothing points to it."""
    data = bytearray(path.read_bytes())
    data[offsets(path)[3] + 40] ^= 0x55
    path.write_bytes(data)


def test_damage_in_the_middle(collection: Path, warc: Path, sound: Path) -> None:
    whole = members(warc.read_bytes())
    damage_a_middle(warc)
    damaged = warc.read_bytes()
    repaired = mend(collection)

    assert repaired.left == ()
    assert defects(collection) == []
    assert members(warc.read_bytes()) == [*whole[:3], *whole[4:]]
    assert (collection / "quarantine" / warc.name).read_bytes() == damaged
    [(remedy, what)] = repaired.done
    assert remedy.codes == ("damaged-member",)
    assert "44 records kept" in what
    assert f"of the {len(whole[3])} bytes at {sum(map(len, whole[:3]))} none" in what
    assert f"quarantine/{warc.name}" in what

    before, after = rows(sound), rows(collection)
    assert after["articles"] == before["articles"]
    assert after["readings"] == before["readings"]
    assert [each[0] for each in after["captures"]] == [each[0] for each in before["captures"]]
    assert after["captures"] != before["captures"]  # those behind the damage moved up
    with Catalogue(collection / "catalogue.sqlite") as catalogue:
        (hit,) = search(catalogue, "bridge", limit=1)
        assert article(catalogue, hit.article.article_id).title == "Bridge opens"
    closed = Collection.open(collection).closed_files()[warc.name]
    assert (closed.records, closed.size) == (44, warc.stat().st_size)
    history = [json.loads(line) for line in (collection / "files.jsonl").read_text().splitlines()]
    assert [line["records"] for line in history if line["name"] == warc.name] == [45, 44]


@pytest.mark.parametrize("name", files_broken.WHOLE)
def test_a_broken_file(name: str, collection: Path, warc: Path) -> None:
    change, code, _ = files_broken.WHOLE[name]
    whole = warc.read_bytes()
    broken = change(whole, offsets(warc))
    warc.write_bytes(broken)
    repaired = mend(collection)

    assert (collection / "quarantine" / warc.name).read_bytes() == broken
    assert {left.defect.code for left in repaired.left} <= {
        *("dangling-concurrent", "dangling-refers", "unresolvable-revisit")
    }
    assert [str(defect) for defect in defects(collection)] == [str(left.defect) for left in repaired.left]
    if code in ("empty-file", "not-warc"):
        assert not warc.exists()
        assert tree(collection, "indexes") == {}
        assert rows(collection)["captures"] == []
    elif code == "whole-file-gzip":
        assert load(warc) == records_of(whole, warc)
        assert repaired.left == ()
    else:
        kept, before = members(warc.read_bytes()), members(whole)
        # The member that was cut may have lost its checksum only: its record is whole then, and packed anew.
        assert all(one in before or zlib.decompress(one, 31) == zlib.decompress(before[-1], 31) for one in kept)
        assert len(kept) >= len(before) - 1
    assert mend(collection).done == ()


def records_of(data: bytes, beside: Path) -> list[object]:
    path = beside.with_suffix(".whole")
    path.write_bytes(data)
    try:
        return list(load(path))
    finally:
        path.unlink()


def test_a_foreign_whole_file_gzip_becomes_a_member_a_record(collection: Path, tmp_path: Path) -> None:
    """As somebody would put it there: not listed, not indexed, of another version, with faults that are its own."""
    records = load(only(collection / "archive"))
    foreign = [record for record in records if "/chunked" not in record.get("WARC-Target-URI")][1:9]
    for number, record in enumerate(foreign):
        record.version = b"WARC/1.0"
        for field in ("WARC-Record-ID", "WARC-Concurrent-To", "WARC-Refers-To", "WARC-Warcinfo-ID"):
            if record.get(field):
                record.put(field, record.get(field).replace("urn:uuid:", "urn:uuid:f")[:-2] + ">")
        record.put("WARC-Target-URI", f"http://foreign.example/{number // 3}")
    path = collection / "archive" / "theirs.warc.gz"
    save(path, foreign)
    single = path.read_bytes()

    path.write_bytes(gzip.compress(gzip.decompress(single)))
    repaired = mend(collection)
    assert {left.defect.code for left in repaired.left} <= {"bad-id"}
    assert [record.raw for record in load(path)] == [record.raw for record in foreign]
    with path.open("rb") as file:
        read = [record.record_id for record in fastwarc.warc.ArchiveIterator(file, parse_http=False)]
    assert read == [record.get("WARC-Record-ID") for record in foreign]
    index = Collection.open(collection).index()
    assert len(index.captures("http://foreign.example/0")) == 1
    index.close()


def test_foreign_files_keep_their_bytes(collection: Path) -> None:
    records = load(only(collection / "archive"))[:3]
    records[1].put("WARC-Date", "yesterday").add("X-Strange", "1")
    path = collection / "archive" / "theirs.warc.gz"
    save(path, [record.put("WARC-Record-ID", f"<urn:theirs:{n}>") for n, record in enumerate(records[1:])])
    before = path.read_bytes()
    repaired = mend(collection)
    assert path.read_bytes() == before
    assert {remedy.kind for remedy, _ in repaired.done} <= {"list", "index"}
    assert "bad-date" in {left.defect.code for left in repaired.left}
    assert "theirs.warc.gz" in Collection.open(collection).closed_files()


def test_what_a_recovery_cut_off_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "news"
    collection = Collection.create(path)
    recorder = collection.recorder(crawl_id="1", user_agent="test")
    captures = [recorder.record(page(number)).result(10) for number in range(4)]
    opened = only(path / "archive")
    data = bytearray(opened.read_bytes())
    recorder.close()
    closed = only(path / "archive")
    assert captures[1] is not None
    data[captures[1].offset + 40] ^= 0x55
    closed.unlink()
    only(path / "indexes").unlink()
    (path / "files.jsonl").unlink()
    opened.write_bytes(data)

    repaired = mend(path)
    assert [recovery.saved_as for recovery in repaired.recovered] == [closed.with_name(f"{closed.name}.cut")]
    assert {remedy.kind for remedy, _ in repaired.done} == {"salvage"}
    assert {left.defect.code for left in repaired.left} == {
        "dangling-concurrent"
    }  # request and metadata of the lost one
    again = closed.with_name(closed.name.replace(".warc", "_cut.warc"))
    assert sorted((path / "archive").iterdir()) == sorted([closed, again])
    assert load(again)[0].get("WARC-Filename") == again.name
    assert bytes(data).endswith((path / "quarantine" / f"{closed.name}.cut").read_bytes())
    collection = Collection.open(path)
    index = collection.index()
    for number, capture in enumerate(captures):
        assert capture is not None
        found = index.captures(capture.url)
        assert [each.id for each in found] == ([] if number == 1 else [capture.id])
        for each in found:
            assert collection.read(each.file, each.offset, each.length).block == page(number).response
    index.close()


def test_a_file_damaged_twice_is_kept_twice(collection: Path, warc: Path) -> None:
    damage_a_middle(warc)
    first = warc.read_bytes()
    mend(collection)
    damage_a_middle(warc)
    second = warc.read_bytes()
    mend(collection)
    assert sorted(tree(collection, "quarantine").values()) == sorted([first, second])


def test_merged_indexes(collection: Path, sound: Path) -> None:
    """Lines of several files in one index, out of order, and one of them wrong."""
    index = only(collection / "indexes")
    lines = index.read_bytes().splitlines(keepends=True)
    merged = index.with_name("merged-20260301000000-1.cdxj")
    wrong = lines[2].replace(b'"status":"200"', b'"status":"404"')
    merged.write_bytes(b"".join([lines[1], lines[0], wrong, b"no line\n"]))
    index.write_bytes(b"".join(lines[3:]))
    repaired = mend(collection)
    assert repaired.left == ()
    assert defects(collection) == []
    assert tree(collection, "indexes") == tree(sound, "indexes")
    assert rows(collection) == rows(sound)


def test_a_sound_collection_is_left_alone(collection: Path) -> None:
    before = tree(collection, "archive", "text", "indexes", "quarantine"), (collection / "files.jsonl").read_bytes()
    repaired = mend(collection)
    assert (repaired.recovered, repaired.done, repaired.left) == ((), (), ())
    after = tree(collection, "archive", "text", "indexes", "quarantine"), (collection / "files.jsonl").read_bytes()
    assert after == before


def test_faults_of_a_file_are_named_and_its_bytes_left(collection: Path, warc: Path) -> None:
    records = load(warc)
    records_broken.changed_block(records)
    save(warc, records)
    before = warc.read_bytes()
    repaired = mend(collection)
    assert warc.read_bytes() == before
    whys = {left.defect.code: left.why for left in repaired.left}
    assert whys.keys() >= {"block-digest", "file-sha256"}
    assert "nobody can say" in whys["file-sha256"]


def test_only_the_files_named(collection: Path) -> None:
    change: list[Change] = [index_lost, row("UPDATE readings SET offset = 3 WHERE number = 1")]
    for each in change:
        each(collection)
    catalogue = (collection / "catalogue.sqlite").read_bytes()
    warc = only(collection / "archive")
    plan = planned(collection, [f"archive/{warc.name}"], jobs=1)
    assert [remedy.kind for remedy in plan.remedies] == ["index"]
    assert [remedy.kind for remedy, _ in mend(collection, "catalogue.sqlite").done] == ["catalogue"]
    assert (collection / "catalogue.sqlite").read_bytes() != catalogue
    assert list((collection / "indexes").iterdir()) == []
    assert [remedy.kind for remedy, _ in mend(collection, str(warc)).done] == ["index"]
    assert defects(collection) == []
    with pytest.raises(ConfigError):
        mend(collection, "archive/gone.warc.gz")


def test_planning_changes_nothing(collection: Path) -> None:
    for change in (index_lost, row("UPDATE captures SET offset = 3 WHERE number = 1")):
        change(collection)
    path = texts(collection)
    path.rename(path.with_name(f"{path.name}.open"))
    before = tree(collection, "archive", "text", "indexes", "quarantine", "")
    plan = planned(collection, jobs=1)
    assert {remedy.kind for remedy in plan.remedies} == {"index", "close", "catalogue"}
    after = tree(collection, "archive", "text", "indexes", "quarantine", "")
    assert {name: data for name, data in after.items() if name in before} == before
    assert after.keys() - before.keys() <= {"catalogue.sqlite-shm", "catalogue.sqlite-wal"}


def test_not_beside_a_writer(collection: Path) -> None:
    index_lost(collection)
    with Collection.open(collection).shared("wirecopy crawl"), pytest.raises(Locked, match="wirecopy crawl"):
        mend(collection)
    with pytest.raises(NoCollection):
        mend(collection.parent)


def test_a_collection_without_a_catalogue_gets_none(collection: Path, sound: Path) -> None:
    for file in collection.glob("catalogue.sqlite*"):
        file.unlink()
    edit_index(lambda lines: lines[::-1], 0)(collection)
    assert mend(collection).left == ()
    assert not (collection / "catalogue.sqlite").exists()
    assert tree(collection, "indexes") == tree(sound, "indexes")


def test_every_defect_has_a_remedy_or_a_reason() -> None:
    told = {code for code, rule in CODES.items() if "defect" in (rule.ours, rule.foreign)}
    assert LEFT.keys() | REMEDIES.keys() == told | {"cut-kept"}
    assert not LEFT.keys() & REMEDIES.keys()
