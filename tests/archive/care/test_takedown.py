"""What is taken down is in no byte of the collection, and all the rest is as it was."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from archive.api import Collection
from archive.care.takedown import AUDIT, capture_target, content_target, takedown
from archive.digest import digest
from archive.disk import Disk
from archive.errors import ArticleNotFound, ConfigError, Locked, NotFound
from archive.index.merge import merge
from archive.warc.fields import load
from archive.warc.reader import Record
from tests.archive.care.removing import (
    ELSEWHERE,
    OTHER,
    PAGE,
    SECRET,
    URL,
    all_records,
    check,
    crawl,
    everything,
    holding,
    packed,
    page,
    read,
    take_down,
)
from tests.archive.catalogue.rows import rows
from tests.archive.warc.making import exchange, response

CONTENT = content_target(digest(PAGE))


def tombstones(path: Path) -> dict[str, Record]:
    """By the id of what was removed."""
    return {
        (record.get("WARC-Refers-To") or "").strip("<>"): record
        for record in all_records(path)
        if record.type == "metadata" and isinstance(record.block, bytes) and b"taken down" in record.block
    }


def test_a_content_is_gone_with_all_its_copies(path: Path) -> None:
    before = everything(path)
    with Collection.open(path) as collection:
        assert len(list(collection.search(SECRET))) == 1
    plan = take_down(path, CONTENT)
    assert holding(path, SECRET) == set()
    check(path, before)
    assert len(plan.captures) == 4  # the page, two copies, and the 304 that said it was still so
    assert {held.url for held in plan.captures} == {URL, ELSEWHERE, "http://news.example/chunked"}
    assert (plan.heirs, plan.pointed) == ((), 0)
    with Collection.open(path) as collection:
        assert list(collection.search(SECRET)) == []
        assert {each.title for each in collection.articles()} == {"Council meets"}
        assert collection.captures(URL) == []
    text = b"".join(file.read_bytes() for file in path.rglob("*") if file.is_file())
    assert digest(PAGE).removeprefix("sha1:").encode() not in text
    assert not any(digest(PAGE) in str(record.headers) for record in all_records(path))


def test_a_tombstone_takes_the_place_of_each_record_and_an_audit_line_remains(path: Path) -> None:
    first = next(record for record in all_records(path) if record.type == "response")
    plan = take_down(path, CONTENT)
    stones = tombstones(path)
    assert len(stones) == 4 + 1  # captures and the conversion
    assert stones[first.id].url == URL
    assert stones[first.id].offset == first.offset
    stone = stones[first.id].block
    assert isinstance(stone, bytes)
    said = dict(load(stone))
    assert said["description"] == "taken down: a court order"
    (line,) = (path / AUDIT).read_text().splitlines()
    audit = json.loads(line)
    assert (audit["reason"], audit["kind"], audit["operator"]) == ("a court order", "content", "the tests")
    assert len(audit["removed"]) == plan.records
    assert set(stones) <= set(audit["removed"])
    assert audit["user"]
    assert "sha1" not in line
    assert URL not in line


def test_a_url_goes_and_its_copies_elsewhere_stay_whole(path: Path) -> None:
    before = everything(path)
    revisit = next(record for record in all_records(path) if record.type == "revisit" and record.url == ELSEWHERE)
    plan = take_down(path, capture_target(URL))
    check(path, before)
    assert [held.id for held in plan.heirs] == [revisit.id]
    found = {record.id: record for record in all_records(path)}
    heir = found[revisit.id]
    assert heir.type == "response"
    assert heir.block == page(ELSEWHERE).response, "just what came over the wire then"
    for name in ("WARC-Date", "WARC-Target-URI", "WARC-IP-Address", "WARC-Payload-Digest", "WARC-Warcinfo-ID"):
        assert heir.get(name) == revisit.get(name)
    assert heir.get("WARC-Truncated") is heir.get("WARC-Profile") is heir.get("WARC-Refers-To") is None
    (note,) = [r for r in found.values() if isinstance(r.block, bytes) and b"carried-over" in r.block]
    assert note.get("WARC-Refers-To") == f"<{heir.id}>"
    other = next(record for record in found.values() if record.type == "revisit")
    assert other.url == "http://news.example/chunked"
    assert other.get("WARC-Refers-To") == f"<{heir.id}>"
    assert other.get("WARC-Refers-To-Target-URI") == ELSEWHERE
    assert other.get("WARC-Refers-To-Date") == heir.get("WARC-Date")
    with Collection.open(path) as collection:
        for url in (ELSEWHERE, "http://news.example/chunked"):
            (capture,) = collection.captures(url)
            assert collection.payload(capture) == PAGE
            assert collection.discovery(capture).hops == ""
        read(collection)
        assert collection.article(ELSEWHERE).title == "Bridge opens"
    check(path, before)


@pytest.mark.parametrize("kind", ["response", "request", "metadata", "conversion", "reading"])
def test_any_record_of_a_capture_names_it(path: Path, kind: str) -> None:
    first, request, metadata = all_records(path)[1:4]
    conversion = next(record for record in all_records(path) if record.type == "conversion" and record.url == URL)
    reading = next(record for record in all_records(path) if record.get("WARC-Refers-To") == f"<{conversion.id}>")
    ids = {
        "response": first.id,
        "request": request.id,
        "metadata": metadata.id,
        "conversion": conversion.id,
        "reading": reading.id,
    }
    before = everything(path)
    plan = take_down(path, capture_target(f"<{ids[kind]}>"))
    assert [held.id for held in plan.captures] == [first.id]
    assert plan.records == 5
    check(path, before)
    assert not set(ids.values()) & {record.id for record in all_records(path)}
    with pytest.raises(NotFound):
        take_down(path, capture_target(ids[kind]))


def test_an_article_goes_with_its_versions_and_its_copies(path: Path) -> None:
    crawl(path, [page(URL, PAGE.replace(b"opens", b"is open"), number=60)])
    before = everything(path)
    with Collection.open(path) as collection:
        name = collection.article(URL).article_id
        assert len(collection.versions(name)) == 2
    plan = take_down(path, capture_target(name[:12]))
    assert len(plan.captures) == 5
    assert holding(path, SECRET) == set()
    check(path, before)
    with pytest.raises(ArticleNotFound):
        take_down(path, capture_target(name))


def test_a_page_of_the_article_that_nobody_has_read_yet_goes_too(path: Path) -> None:
    with Collection.open(path) as collection:
        name = collection.article(URL).article_id
        recorder = collection.recorder(crawl_id="test", user_agent="test")
        recorder.record(page(URL, PAGE + b"<!-- again -->", number=60)).result(10)
        recorder.close()
    take_down(path, capture_target(name))
    assert holding(path, SECRET) == set()


def test_copies_without_revisits_and_in_disguise_are_found_by_what_they_hold(tmp_path: Path) -> None:
    path = tmp_path / "news"
    zipped = b"Content-Type: text/html\r\nContent-Encoding: gzip\r\n"
    crawl(path, [page(), page(number=1)], dedup="off")
    crawl(path, [exchange(response(packed(PAGE), zipped), "http://news.example/zip", number=2)])
    with Collection.open(path) as collection:
        recorder = collection.recorder(crawl_id="test", user_agent="test", digest="sha256", dedup="off")
        recorder.record(page("http://news.example/sha256", number=3)).result(10)
        recorder.close()
    before = everything(path)
    plan = take_down(path, CONTENT)
    assert [held.url for held in plan.captures] == [URL, URL, "http://news.example/sha256"]
    check(path, before)
    plan = take_down(path, content_target(digest(packed(PAGE)).removeprefix("sha1:")))
    assert [held.url for held in plan.captures] == ["http://news.example/zip"]
    assert holding(path, SECRET) == set()
    check(path, before)


def test_a_capture_to_which_nothing_came_back(tmp_path: Path) -> None:
    path = tmp_path / "news"
    crawl(path, [page("http://news.example/other", OTHER), exchange(b"", URL, number=1)])
    before = everything(path)
    plan = take_down(path, capture_target(URL))
    assert (len(plan.captures), plan.records) == (1, 2)
    assert len(tombstones(path)) == 1
    check(path, before)


def test_the_url_itself_can_go(path: Path) -> None:
    log = path / "crawls" / "1" / "crawl.log"
    log.parent.mkdir(parents=True)
    log.write_text(f"fetched {URL}, then {URL}. And <GET {URL}> {URL}: refused\nfetched {URL}-2 {URL}/3 {URL}?a=4\n")
    other = log.with_name("report.json")
    other.write_text(json.dumps({"seeds": ["http://news.example/"]}))
    stamp = other.stat().st_ino
    before = everything(path)
    take_down(path, capture_target(URL), url_too=True)
    gone = "[removed]"
    assert log.read_text() == (
        f"fetched {gone}, then {gone}. And <GET {gone}> {gone}: refused\nfetched {URL}-2 {URL}/3 {URL}?a=4\n"
    )
    assert other.stat().st_ino == stamp
    log.unlink()
    assert holding(path, URL) == set()
    check(path, before)


def test_lines_go_from_merged_indexes_too(path: Path) -> None:
    assert merge(Disk(), path / "indexes", path / "archive", many=2, age=-1)
    (path / "indexes" / ".left.cdxj.123").write_bytes(b"of a writer that was killed")
    before = everything(path)
    take_down(path, CONTENT)
    assert not list((path / "indexes").glob(".left*"))
    check(path, before)


def test_a_later_crawl_archives_the_page_anew(path: Path) -> None:
    take_down(path, CONTENT)
    (capture,) = crawl(path, [page(number=90)])
    assert capture.mime == "text/html", "not a revisit of what is gone"
    check(path, {})


def test_what_a_crash_left_open_is_looked_into(path: Path) -> None:
    collection = Collection.open(path)
    recorder = collection.recorder(crawl_id="test", user_agent="test", dedup="off")
    recorder.record(page("http://news.example/late", number=90)).result(10)
    (growing,) = (path / "archive").glob("*.open")
    data, cut = growing.read_bytes(), growing.name.replace(".open", ".cut")
    recorder.close()
    late = path / "archive" / growing.name.removesuffix(".open")
    late.rename(growing)
    (path / "archive" / cut).write_bytes(data)
    shutil.copy(growing, path / "archive" / "news-other.warc.gz.open")
    plan = take_down(path, CONTENT)
    assert len(plan.captures) == 4 + 3
    assert holding(path, SECRET) == set()


def test_damage_is_told_of_and_left_as_it_is(path: Path) -> None:
    victim = next(record for record in all_records(path) if record.url == "http://news.example/more")
    file = path / "archive" / victim.file
    data = bytearray(file.read_bytes())
    junk = b"\xff" * 40
    data[victim.offset + 20 : victim.offset + 60] = junk
    file.write_bytes(data)
    plan = take_down(path, CONTENT)
    assert [(each.path, each.offset) for each in plan.damaged] == [(file, victim.offset)]
    assert file.read_bytes().count(junk) == 1


def test_without_a_catalogue_none_is_made(path: Path) -> None:
    for file in path.glob("catalogue.sqlite*"):
        file.unlink()
    before = everything(path)
    take_down(path, CONTENT)
    assert not list(path.glob("*catalogue*"))
    check(path, before)


def test_a_damaged_catalogue_is_replaced(path: Path) -> None:
    (path / "catalogue.sqlite").write_bytes(SECRET.encode() * 1000)
    before = everything(path)
    take_down(path, CONTENT)
    assert holding(path, SECRET) == set()
    assert len(rows(path / "catalogue.sqlite")["captures"]) == 2
    check(path, before)


def test_nothing_is_done_without_consent_or_beside_a_writer(path: Path) -> None:
    before = {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    collection = Collection.open(path)
    assert not takedown(collection, CONTENT, reason="none", agreed=lambda plan: False)
    for name in ("http://news.example/nowhere", "urn:uuid:00000000-0000-4000-8000-000000000000", "mailto:/"):
        with pytest.raises(NotFound, match="no "):
            take_down(path, capture_target(name))
    with pytest.raises(NotFound):
        take_down(path, content_target(digest(b"something else")))
    with pytest.raises(ConfigError, match="no payload digest"):
        content_target("md5:1234")
    with collection.shared("wirecopy crawl"), pytest.raises(Locked, match="wirecopy crawl"):
        take_down(path, CONTENT)
    after = {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    assert after == before
