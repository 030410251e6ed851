"""Closed files to another directory and back: what must be proven before one goes, and that all is read from there."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from archive.api import Collection
from archive.care.back import bring_back
from archive.care.imports import import_file
from archive.care.rebuild import rebuild
from archive.care.repair import repair
from archive.care.retention import Here, Rules, expendable
from archive.care.ship import ship
from archive.care.takedown import content_target
from archive.care.verify import Verification
from archive.digest import digest
from archive.errors import ConfigError, NotFound, StoreError
from archive.ingest import ingest
from archive.storage.address import parse
from archive.storage.manifest import read_lines
from tests.archive.care.collections import defects
from tests.archive.care.removing import OTHER, PAGE, SECRET, URL, crawl, holding, page, read, take_down
from tests.archive.care.shipping import DROP, nothing_lost, sent, shipped_to, warcs
from tests.archive.care.test_takedown_faults import Killed, KilledDisk
from tests.archive.catalogue.rows import rows


@pytest.fixture
def cold(tmp_path: Path) -> Path:
    return tmp_path / "cold"


def test_shipped_files_are_whole_there_gone_here_and_read_all_the_same(path: Path, cold: Path) -> None:
    before = warcs(path)
    done = shipped_to(path, cold)
    assert (sorted(done.shipped), sorted(done.dropped), done.failed) == (
        sorted(name.partition("/")[2] for name in before),
        sorted(done.shipped),
        [],
    )
    assert warcs(path) == {}
    assert warcs(cold) == before
    nothing_lost(path, warcs(cold))
    with Collection.open(path) as collection:
        for url in (URL, "http://news.example/copy", "http://news.example/chunked"):  # two of them are revisits
            assert collection.payload(collection.captures(url)[0]) == PAGE
        assert collection.discovery(collection.captures(URL)[0]).hops == ""
        assert len(list(collection.search(SECRET))) == 1
    assert defects(path) == []
    assert list(Verification(path, jobs=1, remote=False)) == []
    whole = Verification(path, jobs=2, remote=True)
    assert [each for each in whole if each.severity == "defect"] == []
    assert whole.sums.files == len(before)
    again = shipped_to(path, cold)
    assert (again.shipped, again.dropped, again.failed) == ([], [], [])


def test_everything_derived_is_rebuilt_from_files_that_are_elsewhere(path: Path, cold: Path) -> None:
    before = rows(path / "catalogue.sqlite")
    lines = {file.name: file.read_bytes() for file in (path / "indexes").glob("*")}
    shipped_to(path, cold)
    shutil.rmtree(path / "indexes")
    (path / "catalogue.sqlite").unlink()
    assert rebuild(Collection.open(path)).damaged == ()
    assert rows(path / "catalogue.sqlite") == before
    assert {file.name: file.read_bytes() for file in (path / "indexes").glob("*")} == lines


def test_what_is_in_a_store_is_enough_to_begin_anew_on_another_machine(path: Path, cold: Path) -> None:
    shipped_to(path, cold)
    before = rows(path / "catalogue.sqlite")
    fresh = path.with_name("fresh")
    fresh.mkdir()
    for name in ("files.jsonl", "shipped.jsonl"):
        shutil.copy(cold / name, fresh)
    shutil.copy(path / "collection.toml", fresh)
    assert rebuild(Collection.open(fresh)).damaged == ()
    assert rows(fresh / "catalogue.sqlite") == before
    assert [each for each in Verification(fresh, jobs=1, remote=True) if each.severity == "defect"] == []


def test_files_that_are_there_are_found_again_when_the_list_is_lost(path: Path, cold: Path) -> None:
    shipped_to(path, cold)
    then = sent(path)
    (path / "shipped.jsonl").unlink()
    assert {each.code for each in defects(path)} >= {"file-missing"}
    done = ship(Collection.open(path), parse(str(cold), base=path), DROP, recheck=True)
    assert done.failed == []
    assert sent(path) == then
    assert defects(path) == []


def test_files_that_are_shipped_while_they_are_verified_are_no_defects(path: Path, cold: Path) -> None:
    verification = Verification(path, jobs=1)  # it has looked what there is
    shipped_to(path, cold)
    crawl(path, [page("http://news.example/new", OTHER + b"?", number=9)])
    shipped_to(path, cold)
    assert list(verification) == []
    assert verification.sums.files == 5


def test_an_import_takes_no_name_of_a_shipped_file(path: Path, cold: Path, tmp_path: Path) -> None:
    shipped_to(path, cold)
    name = min(key for key in sent(path) if key.startswith("archive/")).partition("/")[2]
    (same,) = import_file(Collection.open(path), cold / "archive" / name)
    assert (same.how, same.file) == ("known", name)
    (tmp_path / "others").mkdir()
    other = tmp_path / "others" / name
    crawl(tmp_path / "others-news", [page("http://other.example/", OTHER)])
    shutil.copy(next((tmp_path / "others-news" / "archive").glob("*.warc.gz")), other)
    (taken,) = import_file(Collection.open(path), other, copy=True)
    assert taken.file != name
    nothing_lost(path, warcs(cold))


def test_repair_leaves_a_damaged_file_to_its_copy(path: Path, cold: Path) -> None:
    shipped_to(path, cold, Rules())
    file = min((path / "archive").glob("*.warc.gz"))
    whole = file.read_bytes()
    file.write_bytes(whole[:-10])
    done = repair(path)
    assert file.read_bytes() == whole[:-10]
    assert any("--back" in each.why for each in done.left)
    bring_back(Collection.open(path), [f"archive/{file.name}"])
    assert file.read_bytes() == whole
    assert repair(path).left == ()


def test_a_crawl_after_shipping_goes_on_and_its_pages_are_read(path: Path, cold: Path) -> None:
    shipped_to(path, cold)
    _, again = crawl(path, [page("http://news.example/new", OTHER + b"?", number=9), page(number=10)])
    assert again.mime == "text/html", "no revisit of what is only there: a crawl does not wait for a store"
    assert defects(path) == []
    assert len(shipped_to(path, cold).shipped) == 2
    with Collection.open(path) as collection:
        assert collection.article("http://news.example/new").title == "Council meets"


def test_pages_that_nobody_has_read_yet_are_read_from_there(path: Path, cold: Path) -> None:
    with Collection.open(path) as collection:
        recorder = collection.recorder(crawl_id="test", user_agent="test")
        recorder.record(page("http://news.example/late", PAGE + b"!", number=9)).result(10)
        recorder.close()
    shipped_to(path, cold)
    ingest(Collection.open(path), workers=1)
    with Collection.open(path) as collection:
        assert collection.article("http://news.example/late").title == "Bridge opens"


def test_a_damaged_file_is_not_shipped_and_stays(path: Path, cold: Path) -> None:
    broken = sorted((path / "archive").glob("*.warc.gz"))[1]
    data = bytearray(broken.read_bytes())
    data[len(data) // 2] ^= 1
    broken.write_bytes(data)
    done = shipped_to(path, cold)
    assert [failure.file for failure in done.failed] == [broken.name]
    assert broken.read_bytes() == data
    assert not (cold / "archive" / broken.name).exists()


def test_a_copy_that_was_touched_since_is_read_again_before_the_file_goes(path: Path, cold: Path) -> None:
    shipped_to(path, cold, Rules())
    one, other = sorted((cold / "archive").glob("*.warc.gz"))[:2]
    os.utime(one)  # the same bytes
    other.write_bytes(b"x" * other.stat().st_size)
    done = shipped_to(path, cold)
    assert [failure.file for failure in done.failed] == [other.name]
    assert one.name in done.dropped
    assert (path / "archive" / other.name).exists()
    assert other.name in shipped_to(path, cold).dropped  # sent again, as it is ours
    nothing_lost(path, warcs(cold))


def test_a_copy_that_is_not_what_was_shipped_is_told_by_verify(path: Path, cold: Path) -> None:
    shipped_to(path, cold, Rules())
    longer, other = sorted((cold / "archive").glob("*.warc.gz"))[:2]
    longer.write_bytes(longer.read_bytes() + b"x")
    other.write_bytes(b"x" * other.stat().st_size)
    assert [each.code for each in Verification(path, jobs=1, remote=False)] == ["copy-differs", "copy-touched"]
    assert [each.code for each in Verification(path, jobs=1, remote=True)] == ["copy-differs", "copy-differs"]
    (path / "archive" / other.name).unlink()
    found = {each.code for each in Verification(path, jobs=1, remote=True) if each.file == f"archive/{other.name}"}
    assert {"not-warc", "file-sha256"} <= found, "what is read from there is judged as what is here"


def test_a_copy_that_went_is_told_by_verify_and_shipped_again_when_asked(path: Path, cold: Path) -> None:
    shipped_to(path, cold, Rules())
    gone = min((cold / "text").glob("*.warc.gz"))
    gone.unlink()
    assert [each.code for each in Verification(path, jobs=1, remote=False)] == ["copy-missing"]
    done = ship(Collection.open(path), parse(str(cold), base=path), Rules(), recheck=True)
    assert done.shipped == [gone.name]
    assert list(Verification(path, jobs=1, remote=True)) == []


def test_a_file_of_that_name_which_is_not_ours_is_never_overwritten(path: Path, cold: Path) -> None:
    name = min((path / "archive").glob("*.warc.gz")).name
    theirs = cold / "archive" / name
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"somebody's only copy")
    done = shipped_to(path, cold)
    assert [failure.file for failure in done.failed] == [name]
    assert theirs.read_bytes() == b"somebody's only copy"
    assert (path / "archive" / name).exists()


def test_a_directory_that_is_empty_by_now_is_taken_for_one_that_is_not_mounted(path: Path, cold: Path) -> None:
    shipped_to(path, cold, Rules())
    shutil.rmtree(cold)
    cold.mkdir()
    with pytest.raises(StoreError, match="mounted"):
        shipped_to(path, cold)
    assert len(warcs(path)) == 5
    assert warcs(cold) == {}


def test_files_come_back_proven_and_a_damaged_one_is_replaced_when_named(path: Path, cold: Path) -> None:
    before = warcs(path)
    shipped_to(path, cold)
    assert len(bring_back(Collection.open(path))) == len(before)
    assert warcs(path) == before
    name = min(before)
    (path / name).write_bytes(b"broken")
    assert bring_back(Collection.open(path), [name]) == [name.partition("/")[2]]
    assert warcs(path) == before
    assert (path / "quarantine" / name.partition("/")[2]).read_bytes() == b"broken"
    (path / name).unlink()
    (cold / name).write_bytes(b"x" * len(before[name]))
    with pytest.raises(StoreError, match="SHA-256"):
        bring_back(Collection.open(path))
    assert not (path / name).exists()
    with pytest.raises(ConfigError, match=r"none\.warc\.gz"):
        bring_back(Collection.open(path), ["none.warc.gz"])


def test_what_is_taken_down_goes_from_shipped_files_too(path: Path, cold: Path) -> None:
    shipped_to(path, cold)
    assert len(holding(cold, SECRET)) >= 2, "captures, and readings"
    for file in sorted(holding(cold, SECRET)):  # and what killed passes left, of both directions
        whole = cold / file
        shutil.copy(whole, whole.with_name(f".{whole.name}.part"))
        shutil.copy(whole, (path / file).with_name(f".{whole.name}.back"))
    take_down(path, content_target(digest(PAGE)))
    assert holding(path, SECRET) == set()
    assert holding(cold, SECRET) == set(), "the old copies are erased"
    assert defects(path) == []
    shipped_to(path, cold)
    assert holding(cold, SECRET) == set()
    nothing_lost(path, warcs(cold))
    with Collection.open(path) as collection:
        assert collection.captures(URL) == []
        assert {each.title for each in collection.articles()} == {"Council meets"}
    assert list(Verification(path, jobs=1, remote=True)) == []


def test_a_takedown_whose_store_is_away_then_is_finished_by_the_next_pass(path: Path, cold: Path) -> None:
    shipped_to(path, cold, Rules())  # the files are here as well: nothing needs to be read there
    away = cold.with_name("away")
    cold.rename(away)
    cold.write_bytes(b"in the way")
    with pytest.raises(StoreError, match="wirecopy ship"):
        take_down(path, content_target(digest(PAGE)))
    assert holding(path, SECRET) == set()
    assert defects(path) == []
    cold.unlink()
    away.rename(cold)
    assert holding(cold, SECRET)
    done = shipped_to(path, cold)
    assert done.erased >= 3
    assert holding(cold, SECRET) == set()
    nothing_lost(path, warcs(cold))


def test_a_store_that_is_away_is_named_and_what_is_here_goes_on(tmp_path: Path, cold: Path) -> None:
    path = tmp_path / "another"  # of which no block was read yet
    crawl(path, [page()])
    shipped_to(path, cold)
    shutil.rmtree(cold)
    crawl(path, [page("http://news.example/new", OTHER + b"?", number=9)])
    with Collection.open(path) as collection:
        (new,) = collection.captures("http://news.example/new")
        assert collection.payload(new) == OTHER + b"?"
        with pytest.raises(StoreError, match=str(cold)):
            collection.payload(collection.captures(URL)[0])
        with pytest.raises(NotFound):
            collection.locate(collection.captures(URL)[0].file)
        read(collection)
    found = [each for each in Verification(path, jobs=1, remote=False) if each.severity == "defect"]
    assert {each.code for each in found} == {"copy-unreachable"}


@pytest.mark.parametrize("operation", ["open_or_create", "create", "write", "sync", "sync_directory", "remove"])
def test_killed_at_any_step_each_file_is_whole_here_or_proven_there(tmp_path: Path, operation: str) -> None:
    made, number = tmp_path / "made", 0
    crawl(made, [page()])
    while True:
        path, cold = tmp_path / f"news-{number}", tmp_path / f"cold-{number}"
        shutil.copytree(made, path)
        disk = KilledDisk(operation, number)
        with suppress(Killed):
            ship(Collection.open(path, disk=disk), parse(str(cold), base=path), DROP)
        nothing_lost(path, warcs(cold))
        if not disk.failed:
            break
        done = shipped_to(path, cold)
        assert done.failed == []
        assert (warcs(path), warcs(cold)) == ({}, warcs(made)), (operation, number)
        nothing_lost(path, warcs(cold))
        number += 1
    assert number >= 2


def test_rules_let_the_oldest_go_and_no_more_than_they_ask_for() -> None:
    files = [Here(name=name, size=10, age=age) for name, age in (("new", 1.0), ("old", 300.0), ("middle", 100.0))]

    def going(rules: Rules, free: int = 0) -> list[str]:
        return [file.name for file in expendable(files, rules, free)]

    assert going(Rules()) == []
    assert going(DROP) == ["old", "middle", "new"]
    assert going(Rules(keep=100.0)) == ["old", "middle"]
    assert going(Rules(free=15)) == ["old", "middle"]
    assert going(Rules(free=15), free=15) == []
    assert going(Rules(keep=200.0, free=25), free=10) == ["old", "middle"]


def test_lines_that_a_crash_left_unfinished_are_passed_over(path: Path, cold: Path) -> None:
    shipped_to(path, cold)
    whole = sent(path)
    with (path / "shipped.jsonl").open("ab") as file:
        file.write(b'{"step":"che')
    assert sent(path) == whole
    assert shipped_to(path, cold).failed == []
    assert len(read_lines(path / "shipped.jsonl")) == len(whole)
