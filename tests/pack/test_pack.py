"""What goes into a WACZ file: all of a collection, or a part with all that belongs to it."""

from __future__ import annotations

import os
import resource
import struct
import zipfile
from pathlib import Path

import pytest

from archive import Collection
from archive.care.imports import import_file, importing
from archive.ingest import ingest
from tests.archive.care.shipping import shipped_to
from tests.commands import start, wirecopy
from tests.pack.conftest import FIRST, SECOND, article, record
from tests.pack.packages import Package
from tests.serve.collections import SITE, got


def packed(news: Path, *options: str, code: int = 0) -> Package:
    ran = wirecopy("pack", "x.wacz", "-c", news, *options, cwd=news.parent)
    assert ran.code == code, ran.err
    return Package(news.parent / "x.wacz")


def test_the_whole_collection_is_its_files_an_index_and_its_pages(news: Path) -> None:
    package = packed(news)
    files = {f"archive/{path.name}": path.read_bytes() for path in (news / "archive").iterdir()}
    assert len(files) == 2
    assert {name: data for name, data in package.entries.items() if name.startswith("archive/")} == files
    captured = [exchange.url for exchange in [*FIRST, *SECOND]]
    assert sorted(fields["url"] for _, fields in package.lines) == sorted(captured)
    for _, fields in package.lines:
        assert f"\r\nWARC-Target-URI: {fields['url']}\r\n".encode() in package.member(fields)
    pages = {page["url"]: page for page in package.pages}
    assert set(pages) == {f"{SITE}/story/bridge", f"{SITE}/story/ferry", "https://elsewhere.test/lighthouse"}
    ferry = pages[f"{SITE}/story/ferry"]
    assert (ferry["title"], ferry["ts"]) == ("Ferry sails", "2026-03-02T12:00:00Z")
    assert "steamferry" in ferry["text"]
    assert ferry["digest"].startswith("sha1:")
    assert package.manifest["title"] == "news"
    assert {each["path"] for each in package.manifest["resources"]} == set(package.entries) - {
        "datapackage.json",
        "datapackage-digest.json",
    }


def test_a_search_brings_what_its_articles_need_and_nothing_else(news: Path) -> None:
    package = packed(news, "--search", "drawbridge")
    records = package.records()
    urls = {url.removeprefix(SITE) for _, url in records if url}
    assert urls == {"/story/bridge", "/s.css", "/more.css", "/x.woff2", "/i.png"}
    kinds = [kind for kind, url in records if url == f"{SITE}/story/bridge"]
    assert sorted(kinds) == sorted(["response", "request", "metadata", "revisit", "request", "metadata"])
    assert [kind for kind, _ in records].count("warcinfo") == 3  # its own, and those of the two files
    assert [page["url"] for page in package.pages] == [f"{SITE}/story/bridge"]
    for _, fields in package.lines:
        assert f"\r\nWARC-Target-URI: {fields['url']}\r\n".encode() in package.member(fields)


def test_a_part_brings_the_originals_of_its_revisits_and_where_redirects_lead(news: Path) -> None:
    later = packed(news, "--since", "2026-03-02", "--source", "news.example")
    assert ("response", f"{SITE}/story/bridge") in later.records()
    assert {page["url"] for page in later.pages} == {f"{SITE}/story/bridge", f"{SITE}/story/ferry"}
    moved = packed(news, "--source", f"{SITE}/b", "--until", "2026-03-02")
    assert {page["url"] for page in moved.pages} == {f"{SITE}/story/bridge"}


@pytest.mark.parametrize(
    ("options", "pages"),
    [
        (("--crawl", "two"), {"/story/ferry", "/story/bridge"}),
        (("--crawl", "one", "--search", "lighthouse"), {"https://elsewhere.test/lighthouse"}),
        (("--source", "elsewhere.test"), {"https://elsewhere.test/lighthouse"}),
        (("--source", "https://elsewhere.test/light"), {"https://elsewhere.test/lighthouse"}),
        (("--source", "the-news"), {"/story/ferry", "/story/bridge"}),
        (("--until", "20260301120003"), {"/story/bridge"}),
    ],
    ids=lambda value: " ".join(sorted(value)),  # sets have no order that two processes share
)
def test_parts_are_chosen_by_what_is_asked(news: Path, options: tuple[str, ...], pages: set[str]) -> None:
    (news / "sources.toml").write_text(f'format = 1\n[[source]]\nid = "the-news"\nname = "The News"\nurl = "{SITE}/"\n')
    assert {page["url"].removeprefix(SITE) for page in packed(news, *options).pages} == pages


def test_what_is_not_there_is_told(news: Path) -> None:
    for options, said in (
        (("--search", "submarine"), "nothing to pack"),
        (("--crawl", "three"), "no files of a crawl 'three'"),
    ):
        ran = wirecopy("pack", "x.wacz", "-c", news, *options, cwd=news.parent)
        assert (ran.code, said in ran.err) == (1, True), ran.err
    assert wirecopy("pack", "x.wacz", "-c", news, "--source", "nobody", cwd=news.parent).code == 2
    assert wirecopy("pack", "x.zip", "-c", news, cwd=news.parent).code == 2
    assert not [path for path in news.parent.iterdir() if "x." in path.name]


def test_a_revisit_without_its_original_is_packed_and_named(news: Path) -> None:
    first, _ = sorted((news / "archive").iterdir())
    first.unlink()
    wirecopy("rebuild", "-c", news, cwd=news.parent)
    ran = wirecopy("pack", "x.wacz", "-c", news, "--crawl", "two", cwd=news.parent)
    assert ran.code == 1
    assert f"the original is not in the collection: {SITE}/story/bridge of 2026-03-02T12:00:01Z" in ran.err
    assert len(Package(news.parent / "x.wacz").lines) == 2


def test_the_same_input_makes_the_same_file(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    for options in ((), ("--search", "drawbridge", "--sign", "key.pem")):
        files = [packed(news, *options).path.read_bytes() for _ in range(2)]
        assert files[0] == files[1]
        with zipfile.ZipFile(news.parent / "x.wacz") as package:  # times in ZIP files are to two seconds
            assert {entry.date_time for entry in package.infolist()} == {(2026, 9, 21, 14, 13, 20)}
    assert Package(news.parent / "x.wacz").manifest["created"] == "2026-09-21T14:13:20Z"


def test_nothing_is_compressed_twice_and_heads_are_as_readers_take_them(news: Path) -> None:
    """replayweb.page takes an entry to begin behind its name, unless the directory's line has fields for long sizes."""
    path = packed(news).path
    data = path.read_bytes()
    with zipfile.ZipFile(path) as package:
        for entry in package.infolist():
            stored = entry.filename.endswith(".gz")
            assert (entry.compress_type == zipfile.ZIP_STORED) == stored
            assert entry.extra == b""
            assert struct.unpack_from("<H", data, entry.header_offset + 28) == (0,)


def test_records_that_are_whole_are_packed_while_a_crawl_writes(news: Path) -> None:
    collection = Collection.open(news)
    recorder = collection.recorder(crawl_id="three", user_agent="test")
    recorder.record(got("/story/tram", article("Tram stops", "tramway"), after=200_000)).result()
    package = packed(news)
    recorder.close()
    (file,) = {fields["filename"] for _, fields in package.lines if fields["url"] == f"{SITE}/story/tram"}
    assert not file.endswith(".open")
    assert package.entries[f"archive/{file}"] == (news / "archive" / file).read_bytes()


def test_requests_that_come_first_and_records_of_others_go_along(tmp_path: Path) -> None:
    """As wget writes them: the response names the request before it. WARC/1.0 is not mixed with ours."""
    from tests.archive.care import foreign_files as made
    from tests.newsroom import Newsroom

    collection = Collection.create(tmp_path / "news")
    with Newsroom(articles=2) as newsroom, importing(collection):
        url = newsroom.url + newsroom.articles[0].path
        assert [each.captures for each in import_file(collection, made.wget(url, tmp_path))] == [1]
    record(collection, "ours", FIRST[:1])
    ingest(collection, workers=1)
    package = packed(tmp_path / "news", "--since", "2026-01-01")
    assert sorted(kind for kind, where in package.records() if where.strip("<>") == url) == ["request", "response"]
    names = [name for name in package.entries if name.startswith("archive/")]
    assert len(names) == 2
    ran = wirecopy("unpack", "x.wacz", "-c", "back", cwd=tmp_path)
    assert ran.code == 0, ran.err
    ran = wirecopy("verify", "-c", "back", cwd=tmp_path)
    assert ran.code == 0, ran.out


def test_a_full_disk_and_an_interruption_leave_nothing(news: Path) -> None:
    record(Collection.open(news), "large", [got("/big", os.urandom(3_000_000), kind="image/png", after=9)])
    (news.parent / "out").mkdir()
    process = start("pack", "out/x.wacz", "-c", news, cwd=news.parent)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
    _, err = process.communicate(timeout=60)
    assert process.returncode == 5, err
    assert "cannot write" in err
    assert list((news.parent / "out").iterdir()) == []


def test_files_that_were_shipped_are_packed_from_where_they_are(news: Path) -> None:
    options: tuple[tuple[str, ...], ...] = ((), ("--search", "drawbridge"))
    here = [packed(news, *each).records() for each in options]
    (news.parent / "cold").mkdir()
    assert len(shipped_to(news, news.parent / "cold").dropped) > 1
    assert [packed(news, *each).records() for each in options] == here
