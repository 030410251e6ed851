"""`wirecopy extract`: a newer extractor over old captures, and over files that no collection holds."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.api import Collection
from archive.care.rebuild import rebuild
from archive.desk import reading_group
from archive.extract.article import extract
from archive.extract.identity import VERSION
from archive.model import Capture
from tests.archive.ingest.pages import START, article, exchange, record
from tests.archive.ingest.test_ingest import readings_a_capture
from tests.commands import start, wirecopy
from tests.waiting import wait_until

HOST = "https://news.example"


def read_by_an_older_one(collection: Collection, captures: list[Capture]) -> None:
    """Readings as another version left them, with other titles and every third text longer."""
    writer = collection.text_writer()
    for number, capture in enumerate(captures):
        page = b"".join(collection.read(capture.file, capture.offset).payload())
        said = extract(page, url=capture.url, charset="utf-8")
        said = replace(said, version="0+old", title=f"{said.title} | The Daily Test")
        if number % 3 == 0:
            said = replace(said, text=f"{said.text}\n\nRead also: something else", word_count=said.word_count + 4)
        writer.append(reading_group(capture, said, START + timedelta(days=1))).result(10)
    writer.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    collection = Collection.create(tmp_path_factory.mktemp("extract") / "news")
    pages = {f"{HOST}/{n}": article(f"Story {n}", f"It is about thing{n}.") for n in range(6)}
    captures = record(collection, pages | {"https://other.example/a": article("Another story")})
    read_by_an_older_one(collection, captures)
    assert wirecopy("extract", "-c", collection.path, cwd=collection.path.parent).code == 0
    return collection.path


@pytest.fixture
def news(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "news"))


def test_both_readings_are_kept_and_compared(news: Path, tmp_path: Path) -> None:
    assert set(readings_a_capture(Collection.open(news)).values()) == {1}, "read is read, whoever did"
    ran = wirecopy("extract", "--again", "--compare", "--source", "news.example", "--json", "-c", news, cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert [row["url"] for row in ran.rows] == [f"{HOST}/{n}" for n in range(6)]
    for number, row in enumerate(ran.rows):
        assert (row["before"], row["after"]) == ("wirecopy 0+old", f"wirecopy {VERSION}")
        longer = number % 3 == 0
        assert set(row["changed"]) >= ({"title", "text", "word_count"} if longer else {"title"})
        assert row["words_before"] - row["words_after"] == (4 if longer else 0)
    with Collection.open(news) as opened:
        counts = sorted(readings_a_capture(opened).values())
        assert counts == [1, 2, 2, 2, 2, 2, 2], "the other host was not asked for"
        shown = {each.url: each for each in opened.articles()}
        assert shown[f"{HOST}/0"].title == "Story 0"
        assert shown["https://other.example/a"].reading.version == "0+old"
        assert [len(opened.versions(each.article_id)) for each in shown.values()] == [1] * 7, "no new version"
        before = [(each.article_id, each.reading.id) for each in opened.articles()]
    rebuild(Collection.open(news))
    with Collection.open(news) as opened:
        assert [(each.article_id, each.reading.id) for each in opened.articles()] == before


def test_nothing_is_read_a_third_time(news: Path, tmp_path: Path) -> None:
    for _ in range(2):
        ran = wirecopy("extract", "--again", "-c", news, cwd=tmp_path)
        assert ran.code == 0, ran.err
    assert ran.err.startswith("0 pages read")
    assert set(readings_a_capture(Collection.open(news)).values()) == {2}
    told = wirecopy("extract", "--compare", "-c", news, cwd=tmp_path)
    assert "7 pages compared" in told.err
    assert told.out.count("\n") == 7


def test_a_recipe_that_came_changed_or_went_counts_as_another_extractor(news: Path, tmp_path: Path) -> None:
    def again() -> list[tuple[str, str]]:
        ran = wirecopy("extract", "--again", "--compare", "--json", "-c", news, cwd=tmp_path)
        assert ran.code == 0, ran.err
        with Collection.open(news) as opened:
            return sorted((each.title or "", each.reading.options.get("recipe", "")) for each in opened.articles())

    again()
    (news / "recipes").mkdir(exist_ok=True)
    recipe = news / "recipes" / "site.toml"
    rule = 'format = 1\nhosts = ["other.example"]\n[fields]\ntitle = { select = "h1", match = "^(%s)" }\n'
    titles = []
    for text in (rule % "A", rule % "Ano", f"# the same\n{rule % 'Ano'}", None):
        recipe.write_text(text) if text else recipe.unlink()
        before = sum(readings_a_capture(Collection.open(news)).values())
        title, options = again()[0]
        titles.append((title, bool(options), sum(readings_a_capture(Collection.open(news)).values()) - before))
    assert titles == [("A", True, 1), ("Ano", True, 1), ("Ano", True, 0), ("Another story", False, 1)]


def test_only_captures_since_a_time(news: Path, tmp_path: Path) -> None:
    since = (START + timedelta(minutes=3)).isoformat()
    ran = wirecopy("extract", "--again", "--since", since, "-c", news, cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert sorted(readings_a_capture(Collection.open(news)).values()) == [1, 1, 1, 2, 2, 2, 2]


def test_killed_and_started_again(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "news")
    pages = {f"{HOST}/{n}": article(f"Story {n}", f"It is about thing{n}.") for n in range(80)}
    read_by_an_older_one(collection, record(collection, pages))
    process = start("extract", "--again", "-c", "news", cwd=tmp_path)

    def some_are_written() -> bool:
        with suppress(FileNotFoundError):  # it has its final name by now
            return any(path.stat().st_size > 20_000 for path in collection.text_dir.glob("*.open"))
        return False

    try:
        assert wait_until(lambda: process.poll() is not None or some_are_written(), 60)
    finally:
        process.kill()
        process.communicate()
    ran = wirecopy("extract", "--again", "-c", "news", cwd=tmp_path)
    assert ran.code == 0, ran.err
    counts = readings_a_capture(Collection.open(tmp_path / "news"))
    assert len(counts) == 80
    assert set(counts.values()) <= {2, 3}, "what was on its way may have been read twice"
    assert sum(counts.values()) < 160 + 20


def test_files_without_a_collection(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "news")
    pages = {f"{HOST}/{n}": article(f"Story {n}", f"It is about thing{n}.") for n in range(12)}
    pages[f"{HOST}/odd"] = "<html></html>"
    record(collection, pages)
    (file,) = collection.archive_dir.iterdir()
    shutil.copy(file, tmp_path / "x.warc.gz")
    outputs = {wirecopy("extract", "x.warc.gz", "--workers", workers, cwd=tmp_path).out for workers in ("1", "3")}
    (output,) = outputs
    rows = [json.loads(line) for line in output.splitlines()]
    assert [row["url"] for row in rows] == list(pages)
    assert rows[3]["title"] == "Story 3"
    assert collection.read(file.name, rows[3]["capture"]["offset"]).id == rows[3]["capture"]["id"]

    (tmp_path / "cut.warc.gz").write_bytes(file.read_bytes()[:-900])
    cut = wirecopy("extract", "cut.warc.gz", cwd=tmp_path)
    assert cut.code == 6
    assert [json.loads(line)["url"] for line in cut.out.splitlines()] == list(pages)[: len(cut.out.splitlines())]
    assert len(cut.out.splitlines()) >= 11
    assert wirecopy("extract", "x.warc.gz", "--again", cwd=tmp_path).code == 2


def test_a_broken_page_keeps_its_place_and_no_other(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "news")
    recorder = collection.recorder(crawl_id="test", user_agent="test")
    good = article("Story", "It is about this.")
    for url, body in ((f"{HOST}/good", good), (f"{HOST}/bad", good), (f"{HOST}/other", good)):
        kept = exchange(url, body)
        if url.endswith("bad"):  # what no reader of HTTP can make sense of
            kept = replace(kept, response=kept.response[:60] + b"\x00" * 40)  # type: ignore[index]
        recorder.record(kept).result(10)
    recorder.close()
    (file,) = collection.archive_dir.iterdir()
    ran = wirecopy("extract", file, cwd=tmp_path)
    assert [row["url"] for row in ran.rows if not row["error"]][:1] == [f"{HOST}/good"]
    assert ran.rows[-1]["url"] == f"{HOST}/other"
