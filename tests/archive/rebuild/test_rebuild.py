"""Index and catalogue deleted, damaged or old: a rebuild brings back the same lines and rows."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from archive.api import Collection
from archive.care.rebuild import Rebuild, rebuild
from archive.desk import reading_group
from archive.errors import Locked
from archive.extract.article import extract
from archive.extract.identity import failed
from archive.ingest import ingest
from archive.model import Capture
from tests.archive.catalogue.rows import rows, unread
from tests.archive.ingest.pages import START, article, exchange

HOST = "https://news.example"


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    """Two crawls' worth of captures: pages, changed ones, revisits, errors, cut ones, other media."""
    collection = Collection.create(tmp_path / "news")
    for crawl in range(2):
        recorder = collection.recorder(crawl_id=f"test-{crawl}", user_agent="test")
        start = crawl * 60
        exchanges = [
            exchange(f"{HOST}/same", article("Same 東京"), minutes=start),
            exchange(f"{HOST}/changed", article(f"Changed {crawl}"), minutes=start + 1),
            exchange(f"{HOST}/missing", "not here", status=404, minutes=start + 2),
            exchange(f"{HOST}/image.png", "no image", mime="image/png", minutes=start + 3),
            exchange(f"{HOST}/empty", f"<html><!-- {crawl} --></html>", minutes=start + 4),
            replace(exchange(f"{HOST}/cut", article(f"Cut {crawl}"), minutes=start + 5), truncated="time"),
            replace(exchange(f"{HOST}/odd", "", minutes=start + 6), response=b"no head at all", head=None),
        ]
        for future in [recorder.record(each) for each in exchanges]:
            future.result(10)
        recorder.close()
        read(collection)
    return collection


def read(collection: Collection) -> None:
    """Reads what is unread within this process: the extractors' own processes are tried elsewhere."""
    with Collection.open(collection.path) as opened:
        queued = waiting(opened)
        writer = opened.text_writer()
        for number, capture in enumerate(queued):
            page = opened.payload(capture)
            said = failed(capture.url, "hangs") if b"Cut 0" in page else extract(page, url=capture.url, charset="utf-8")
            writer.append(reading_group(capture, said, START.replace(hour=9, minute=number))).result(10)
        writer.close()
    ingest(collection)


def waiting(collection: Collection) -> list[Capture]:
    from archive.catalogue.follow import follow
    from archive.catalogue.store import Catalogue

    with Catalogue(collection.catalogue_path, create=True) as catalogue:
        follow(catalogue, collection.indexes_dir)
        return [each.capture for each in unread(catalogue)]


def indexes(collection: Collection) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in collection.indexes_dir.iterdir()}


def remove(collection: Collection) -> None:
    for path in [*collection.indexes_dir.iterdir(), *collection.path.glob("catalogue.sqlite*")]:
        path.unlink()


def left_over(collection: Collection) -> list[str]:
    return [path.name for path in collection.path.iterdir() if path.name.startswith(".")]


def test_brings_back_the_same_rows_and_lines(collection: Collection) -> None:
    before, lines = rows(collection.catalogue_path), indexes(collection)
    assert len(before["captures"]) == 14
    assert len(before["articles"]) >= 3
    assert len(before["versions"]) > len(before["articles"])
    assert any("warc/revisit" in row for row in before["captures"])
    remove(collection)
    done = rebuild(collection)
    assert rows(collection.catalogue_path) == before
    assert indexes(collection) == lines
    assert (done.files, done.indexed, done.captures, done.articles) == (2, 2, 14, len(before["articles"]))
    assert (done.damaged, done.removed) == ((), ())
    assert left_over(collection) == []
    assert ingest(collection).read == 0


def test_replaces_a_catalogue_that_others_read(collection: Collection) -> None:
    before = rows(collection.catalogue_path)
    with Collection.open(collection.path) as reader:
        stream = reader.articles()
        first = next(stream)
        with sqlite3.connect(collection.catalogue_path) as writer:
            writer.execute("DELETE FROM readings")
        writer.close()
        rebuild(collection)
        assert [first.article_id, *(a.article_id for a in stream)] == [row[0] for row in states(before)]
        assert [a.article_id for a in reader.articles()] == [row[0] for row in states(before)]
    assert rows(collection.catalogue_path) == before


def states(before: dict[str, list[tuple[object, ...]]]) -> list[tuple[object, ...]]:
    return sorted(before["article_states"], key=lambda row: (row[5], row[0]))


def test_replaces_a_catalogue_that_cannot_be_read(collection: Collection) -> None:
    before = rows(collection.catalogue_path)
    collection.catalogue_path.write_bytes(b"no database " * 1000)
    collection.path.joinpath("catalogue.sqlite-wal").write_bytes(b"no journal")
    rebuild(collection)
    assert rows(collection.catalogue_path) == before


def test_interrupted_the_old_is_as_it_was(collection: Collection) -> None:
    before, lines = rows(collection.catalogue_path), indexes(collection)

    def interrupt(state: Rebuild) -> None:
        if state.indexed == state.files:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(collection, interrupt)
    assert rows(collection.catalogue_path) == before
    assert indexes(collection) == lines
    (collection.path / ".catalogue.rebuild").write_bytes(b"of a rebuild that was killed")
    rebuild(collection)
    assert rows(collection.catalogue_path) == before
    assert left_over(collection) == []


@pytest.mark.parametrize("folder", ["archive", "text"])
def test_reads_past_damage_and_tells_of_it(collection: Collection, folder: str) -> None:
    before = rows(collection.catalogue_path)
    table = "captures" if folder == "archive" else "readings"
    with sqlite3.connect(collection.catalogue_path) as connection:
        name, offset, record_id = connection.execute(
            f"SELECT file, offset, id FROM {table} ORDER BY file, offset LIMIT 1 OFFSET 1"
        ).fetchone()
    connection.close()
    path = collection.path / folder / name
    data = bytearray(path.read_bytes())
    data[offset + 30 : offset + 60] = b"\0" * 30
    path.write_bytes(data)
    done = rebuild(collection)
    assert [(each.path, each.offset) for each in done.damaged] == [(path, offset)]
    after = rows(collection.catalogue_path)
    assert {row[0] for row in before[table]} - {row[0] for row in after[table]} == {record_id}
    assert after["words of no article"] == []


def test_forgets_files_that_are_gone(collection: Collection) -> None:
    gone, kept = sorted(collection.archive_dir.iterdir())
    gone.unlink()
    done = rebuild(collection)
    assert done.removed == (gone.name.replace(".warc.gz", ".cdxj"),)
    assert {row[10] for row in rows(collection.catalogue_path)["captures"]} == {kept.name}


def test_an_empty_collection_can_be_rebuilt(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "new")
    assert rebuild(collection).captures == 0
    with Collection.open(collection.path) as opened:
        assert list(opened.articles()) == []


def test_waits_for_nobody(collection: Collection) -> None:
    other = Collection.open(collection.path)
    recorder = other.recorder(crawl_id="test", user_agent="test", who="wirecopy crawl")
    try:
        with pytest.raises(Locked, match="wirecopy crawl"):
            rebuild(collection)
    finally:
        recorder.close()


def test_tells_how_far_it_is(collection: Collection) -> None:
    told: list[Rebuild] = []
    done = rebuild(collection, told.append)
    assert [state.indexed for state in told] == [0, 1, 2, 2]
    assert told[-1] == done
