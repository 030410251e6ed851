"""Other people's archives join a collection, and their articles are read like any others."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import threading
import zipfile
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from archive import Collection
from archive.care.imports import Imported, import_file, importing
from archive.care.rebuild import rebuild
from archive.errors import Locked
from tests.archive.care import foreign_files as made
from tests.archive.care.collections import defects
from tests.commands import wirecopy
from tests.newsroom import Newsroom

FORMS: dict[str, tuple[str, Callable[[Path], Path], str]] = {
    "Heritrix": ("x.warc.gz", made.heritrix, "linked"),
    "Browsertrix": ("x.warc.gz", made.browsertrix, "linked"),
    "plain": ("x.warc", made.plain, "converted"),
    "one member": ("x.warc.gz", made.whole, "converted"),
    "zstd": ("x.warc.zst", made.zst, "converted"),
    "ARC": ("x.arc", partial(made.arc, gzipped=False), "converted"),
    "ARC, gzipped": ("x.arc.gz", partial(made.arc, gzipped=True), "converted"),
    "WACZ": ("x.wacz", made.wacz, "copied"),
}


def take_in(collection: Collection, path: Path, *, copy: bool = False) -> list[Imported]:
    with importing(collection):
        return list(import_file(collection, path, copy=copy))


@pytest.fixture
def news(tmp_path: Path) -> Collection:
    return Collection.create(tmp_path / "news")


@pytest.mark.parametrize("form", FORMS)
def test_every_page_comes_out_as_it_went_in(form: str, news: Collection, tmp_path: Path) -> None:
    name, make, how = FORMS[form]
    (imported,) = take_in(news, make(tmp_path / name))
    assert (imported.how, imported.captures, imported.damaged) == (how, len(made.PAGES), ())
    for url, body in made.PAGES.items():
        (capture,) = news.captures(url)
        assert capture.status == 200
        assert news.payload(capture) == body
        assert capture.date.year == (2008 if "ARC" in form else 2019)
    assert defects(news.path) == []
    lines = sorted(line.read_text() for line in news.indexes_dir.glob("*.cdxj"))
    rebuild(news)
    assert sorted(line.read_text() for line in news.indexes_dir.glob("*.cdxj")) == lines


def test_an_arc_head_is_kept_byte_for_byte(news: Collection, tmp_path: Path) -> None:
    take_in(news, made.arc(tmp_path / "x.arc.gz", gzipped=True))
    (capture,) = news.captures(next(iter(made.PAGES)))
    block = news.read(capture.file, capture.offset).block
    assert isinstance(block, bytes)
    assert block.startswith(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nX-Odd :yes\r\n\r\n")


def test_linked_or_copied_and_never_twice(news: Collection, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    path = made.heritrix(tmp_path / "x.warc.gz")
    (linked,) = take_in(news, path)
    assert (news.archive_dir / "x.warc.gz").is_symlink()
    shutil.copy(path, tmp_path / "again.warc.gz")
    (known,) = take_in(news, tmp_path / "again.warc.gz")
    assert (linked.how, known.how, known.file) == ("linked", "known", "x.warc.gz")
    path = made.browsertrix(tmp_path / "elsewhere" / "x.warc.gz")
    (other,) = take_in(news, path)
    assert (other.how, other.file) == ("linked", "x_2.warc.gz")

    copies = Collection.create(tmp_path / "copies")
    (copied,) = take_in(copies, path, copy=True)
    assert copied.how == "copied"
    path.unlink()
    (capture,) = copies.captures(next(iter(made.PAGES)))
    assert copies.payload(capture) == made.PAGES[capture.url]


def test_a_truncated_file_gives_what_it_holds(news: Collection, tmp_path: Path) -> None:
    path = made.heritrix(tmp_path / "x.warc.gz")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - 700])
    (imported,) = take_in(news, path)
    assert imported.captures == len(made.PAGES) - 1
    (damage,) = imported.damaged
    assert damage.offset > 0
    assert damage.path == path, "by the name that its user knows"
    *kept, lost = made.PAGES
    assert [len(news.captures(url)) for url in kept] == [1, 1, 1]
    assert news.captures(lost) == []


def test_a_mixed_file(news: Collection, tmp_path: Path) -> None:
    """Records of two versions, several in one member, and rubbish in between."""
    parts = [make(tmp_path / "part").read_bytes() for make in (made.heritrix, made.whole, made.browsertrix)]
    path = tmp_path / "mixed.warc.gz"
    path.write_bytes(b"rubbish".join(parts))
    (imported,) = take_in(news, path)
    assert imported.how == "converted"
    assert len(imported.damaged) == 2
    assert imported.captures == 3 * len(made.PAGES)
    for url, body in made.PAGES.items():
        assert [news.payload(capture) for capture in news.captures(url)] == [body] * 3


def test_what_is_no_archive_is_told(news: Collection, tmp_path: Path) -> None:
    for content in (b"", b"<html>", gzip.compress(b"text"), b"PK\x03\x04 and no more", b"\x1f\x8b\x08 broken"):
        path = tmp_path / "x.warc.gz"
        path.write_bytes(content)
        (imported,) = take_in(news, path)
        assert (imported.how, bool(imported.why)) == ("unreadable", True), content
    assert list(news.archive_dir.iterdir()) == []


def test_one_import_at_a_time_and_none_beside_a_rebuild(news: Collection, tmp_path: Path) -> None:
    with importing(news), pytest.raises(Locked), importing(Collection.open(news.path)):
        pass
    with news.exclusive("rebuild"), pytest.raises(Locked), importing(Collection.open(news.path)):
        pass


def test_what_a_killed_import_left_is_taken_again(news: Collection, tmp_path: Path) -> None:
    (news.archive_dir / ".import-x.warc.gz").write_bytes(b"half of it")
    (imported,) = take_in(news, made.plain(tmp_path / "x.warc"))
    assert imported.file == "x.warc.gz"
    (news.archive_dir / "x.warc.gz").unlink()  # listed and indexed, and killed before it had its name
    (again,) = take_in(news, tmp_path / "x.warc")
    assert (again.how, again.file) == ("converted", "x.warc.gz")
    assert defects(news.path) == []


def test_the_command_reads_articles_and_wgets_files(tmp_path: Path) -> None:
    if shutil.which("wget") is None:
        pytest.skip("wget is not installed: apt-get install wget")
    with Newsroom(articles=3) as newsroom:
        article = newsroom.articles[0]
        file = made.wget(newsroom.url + article.path, tmp_path)
        url = newsroom.url + article.path
    folder = tmp_path / "folder" / "deep"
    folder.mkdir(parents=True)
    made.arc(folder / "old.arc.gz", gzipped=True)
    (folder / "readme.txt").write_text("not this")
    ran = wirecopy("import", file, tmp_path / "folder", "-c", "news", "--json", cwd=tmp_path)
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert [each["how"] for each in told["files"]] == ["linked", "converted"]
    with Collection.open(tmp_path / "news") as news:
        found = {each.url: each.title for each in news.articles()}
    assert found.keys() == {url, *made.PAGES}
    assert found[url] == article.title
    again = wirecopy("import", file, "-c", "news", cwd=tmp_path)
    assert again.code == 0
    assert "here already" in again.err
    absent = wirecopy("import", "absent.warc.gz", "-c", "news", cwd=tmp_path)
    assert absent.code == 1
    assert "absent.warc.gz is not there" in absent.err


def test_what_a_wacz_says_of_itself_is_checked_and_what_it_holds_is_taken(news: Collection, tmp_path: Path) -> None:
    whole = made.wacz(tmp_path / "whole.wacz")
    with zipfile.ZipFile(whole) as package:
        data = package.read("archive/data.warc.gz")
    other = made.heritrix(tmp_path / "x.warc.gz").read_bytes()
    stated = {
        "archive/good.warc.gz": (len(data), hashlib.sha256(data).hexdigest()),
        "archive/other.warc.gz": (len(other), hashlib.sha256(data).hexdigest()),
        "archive/short.warc.gz": (len(data), hashlib.sha256(data).hexdigest()),
        "archive/gone.warc.gz": (1, "0" * 64),
        "pages/gone.jsonl": (1, "0" * 64),
    }
    resources = [{"path": path, "bytes": size, "hash": f"sha256:{hash_}"} for path, (size, hash_) in stated.items()]
    with zipfile.ZipFile(tmp_path / "x.wacz", "w") as package:
        package.writestr("archive/good.warc.gz", data)
        package.writestr("archive/other.warc.gz", other)
        package.writestr("archive/short.warc.gz", data[:-20])
        package.writestr("datapackage.json", json.dumps({"resources": [*resources, {"path": "old", "stats": {}}]}))
    ran = wirecopy("import", "x.wacz", "-c", "news", "--no-extract", "--json", cwd=tmp_path)
    assert ran.code == 1
    told = {each["source"].partition("!archive/")[2]: each for each in ran.rows[0]["files"]}
    assert told["good.warc.gz"]["misstated"] is None
    assert (told["other.warc.gz"]["how"], told["other.warc.gz"]["captures"]) == ("copied", len(made.PAGES))
    assert told["other.warc.gz"]["misstated"].startswith("has the sha256 ")
    assert told["short.warc.gz"]["how"] != "unreadable"
    assert told["short.warc.gz"]["misstated"] == f"has {len(data) - 20} bytes, and should have {len(data)}"
    assert told["gone.warc.gz"]["why"] == "datapackage.json lists it; it is not there"
    assert len(told) == 4
    assert all(news.captures(each) for each in made.PAGES)


@pytest.mark.parametrize("harm", ["crc", "package"])
def test_a_wacz_that_is_damaged_gives_what_it_holds(harm: str, news: Collection, tmp_path: Path) -> None:
    path = made.wacz(tmp_path / "x.wacz")
    if harm == "crc":  # a byte of the last record
        with zipfile.ZipFile(path) as package:
            entry = package.getinfo("archive/data.warc.gz")
        data = bytearray(path.read_bytes())
        data[entry.header_offset + 30 + len(entry.filename) + entry.file_size - 12] ^= 1
        path.write_bytes(data)
    else:
        with zipfile.ZipFile(path, "a") as package:
            package.writestr("datapackage.json", "{")
    results = take_in(news, path)
    assert not all(each.whole for each in results)
    (taken,) = [each for each in results if each.how != "unreadable"]
    if harm == "crc":
        assert "damaged within the ZIP file" in (taken.misstated or "")
        assert taken.captures == len(made.PAGES) - 1
    else:
        assert taken.whole
        assert results[0].source == f"{path}!datapackage.json"
        assert "no digest was checked" in (results[0].why or "")


def test_a_file_behind_a_url(news: Collection, tmp_path: Path) -> None:
    made.wacz(tmp_path / "x.wacz")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        ran = wirecopy("import", f"{url}/x.wacz", f"{url}/absent", "-c", news.path, "--no-extract", cwd=tmp_path)
        server.shutdown()
    assert ran.code == 1
    assert f"{url}/x.wacz!archive/data.warc.gz: copied" in ran.err
    assert f"{url}/absent: could not be fetched: HTTP Error 404" in ran.err
    assert all(news.captures(each) for each in made.PAGES)
    assert not list(news.archive_dir.glob(".import-*"))
