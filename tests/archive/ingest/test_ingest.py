"""Pages of a collection become articles: live, after a kill, from two processes."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.api import Collection
from archive.desk import reading_group
from archive.errors import Locked, StorageError
from archive.extract.article import extract
from archive.ingest import Ingest, IngestState, ingest
from archive.model import Discovery
from tests.archive.ingest.pages import START, article, exchange, record

HOST = "https://news.example"


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection.create(tmp_path / "news")


def pages(count: int, start: int = 0) -> dict[str, str]:
    return {f"{HOST}/{n}": article(f"Story {n}", f"It is about thing{n}.") for n in range(start, start + count)}


def texts(collection: Collection) -> list[tuple[str, str, str]]:
    """Type, record id and what it refers to, of every record in text/ besides the warcinfos."""
    found = []
    for path in sorted(collection.text_dir.iterdir()):
        with path.open("rb") as file:
            for each in ArchiveIterator(file):
                if each.rec_type != "warcinfo":
                    names = ("WARC-Record-ID", "WARC-Refers-To")
                    found.append((each.rec_type, *(each.rec_headers.get_header(name) for name in names)))
    return found


def facts(collection: Collection) -> list[Any]:
    """What the articles say, without what is new with every reading: ids and dates of readings."""
    with Collection.open(collection.path) as opened:
        return sorted((a.article_id, a.url, a.title, a.text, a.capture) for a in opened.articles())


def readings_a_capture(collection: Collection) -> Counter[str]:
    with Collection.open(collection.path) as opened:
        rows = opened.catalogue.connection.execute("SELECT capture_id FROM readings")
        return Counter(capture_id for (capture_id,) in rows)


def test_pages_become_articles_and_records(collection: Collection) -> None:
    captures = record(collection, pages(5) | {f"{HOST}/empty": "<html></html>"})
    told: list[IngestState] = []
    state = ingest(collection, workers=1, on_progress=told.append)
    assert (state.read, state.articles, state.waiting) == (6, 5, 0)
    assert told[-1] == state
    with Collection.open(collection.path) as opened:
        assert [(a.url, a.title) for a in opened.articles()] == [(f"{HOST}/{n}", f"Story {n}") for n in range(5)]
        assert [hit.article.url for hit in opened.search("thing3")] == [f"{HOST}/3"]
    found = texts(collection)
    assert Counter(kind for kind, _, _ in found) == {"conversion": 5, "metadata": 6}
    ids = {capture.id for capture in captures}
    conversions = {record_id for kind, record_id, _ in found if kind == "conversion"}
    assert {refers.strip("<>") for kind, _, refers in found if kind == "conversion"} < ids
    assert conversions < {refers for kind, _, refers in found if kind == "metadata"}
    assert ingest(collection).read == 0


def test_what_feeds_said_reaches_the_extractor(collection: Collection) -> None:
    recorder = collection.recorder(crawl_id="test", user_agent="test")
    hint = Discovery(via=f"{HOST}/feed", listing="feed", published="2026-02-27T10:00:00+00:00", authors=("Ann Ant",))
    recorder.record(exchange(f"{HOST}/1", article("Story"), hint=hint)).result(10)
    recorder.close()
    ingest(collection, workers=1)
    with Collection.open(collection.path) as opened:
        [found] = opened.articles()
        assert (found.published, found.authors) == (hint.published, ("Ann Ant",))


def test_a_crawl_that_runs_is_followed(collection: Collection) -> None:
    running = Ingest(collection, crawl_id="test", workers=1)
    running.start()
    recorder = collection.recorder(crawl_id="test", user_agent="test")
    try:
        for number in range(3):
            recorder.record(exchange(f"{HOST}/{number}", article(f"Story {number}"), minutes=number)).result(10)
            assert running.drain(30)
            assert running.state.articles == number + 1
        recorder.record(exchange(f"{HOST}/0", article("Story 0, corrected"), minutes=60)).result(10)
        recorder.close()  # renames and sorts the index under the follower's eyes
        assert running.drain(30)
    finally:
        running.stop()
    with Collection.open(collection.path) as opened:
        newest = list(opened.articles())[-1]
        assert newest.title == "Story 0, corrected"
        assert [version.title for version in opened.versions(newest.article_id)] == ["Story 0", "Story 0, corrected"]


CHILD = """
import sys
from archive.collection import Collection
from archive.ingest import ingest
ingest(Collection.open(sys.argv[1]), workers=1, on_progress=lambda state: print(state.read, flush=True))
"""


def test_killed_at_any_point_nothing_is_lost_or_double(collection: Collection, tmp_path: Path) -> None:
    captures = record(collection, pages(12))
    for at_least in (0, 4):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(collection.path)], stdout=subprocess.PIPE, cwd=Path.cwd()
        )
        assert child.stdout
        with child.stdout:
            for line in child.stdout:
                if int(line) >= at_least:
                    break
            child.kill()
        child.wait()
    ingest(Collection.open(collection.path), workers=1)
    assert readings_a_capture(collection) == Counter({capture.id: 1 for capture in captures})
    assert Counter(kind for kind, _, _ in texts(collection)) == {"conversion": 12, "metadata": 12}

    smooth = Collection.create(tmp_path / "smooth")
    for folder in ("archive", "indexes"):
        (collection.path / folder).rename(smooth.path / folder)
    ingest(smooth, workers=1)
    assert facts(smooth) == facts(collection)


def test_a_reading_whose_row_was_not_written_is_taken_from_its_record(collection: Collection) -> None:
    captures = record(collection, pages(2))
    said = extract(article("As read before the kill").encode(), url=captures[0].url, charset="utf-8")
    writer = collection.text_writer()
    writer.append(reading_group(captures[0], said, START)).result(10)
    writer.close()
    assert ingest(collection, workers=1).read == 1
    assert readings_a_capture(collection) == Counter({capture.id: 1 for capture in captures})
    with Collection.open(collection.path) as opened:
        assert opened.article(captures[0].url).title == "As read before the kill"


def test_one_ingests_and_the_other_waits_for_it(collection: Collection) -> None:
    first, second = Ingest(collection, workers=1), Ingest(collection, workers=1)
    first.start()
    assert first.drain(30)  # has the lock
    second.start()
    record(collection, pages(4))
    try:
        assert second.drain(30)
        assert (first.state.articles, second.state.read) == (4, 0)
        first.stop()
        record(collection, pages(2, start=10), minutes=60)
        assert second.drain(30)
        assert second.state.articles == 2
    finally:
        first.stop()
        second.stop()


def test_stops_at_once_and_goes_on_the_next_time(collection: Collection) -> None:
    record(collection, pages(40))
    started = threading.Event()
    running = Ingest(collection, workers=1, on_progress=lambda state: started.set() if state.read else None)
    running.start()
    assert started.wait(30)
    running.stop()
    assert running.drain() is False
    done = running.state.read
    assert 0 < done < 40
    assert ingest(collection, workers=1).read == 40 - done


def test_many_pages_of_one_host_keep_those_of_another_waiting_for_their_turns_only(collection: Collection) -> None:
    """Those of the one all came before the other's: as many again of them, at least, are read after these."""
    few = {f"https://small.example/{n}": article(f"Small {n}") for n in range(3)}
    captures = record(collection, pages(40) | few)
    assert ingest(collection, workers=1).read == 43
    small = [capture.id for capture in captures if "small" in capture.url]
    order = [refers.strip("<>") for kind, _, refers in texts(collection) if kind == "conversion"]
    assert [one for one in order if one in small] == small, "within a host they are read as they came"
    assert order.index(small[-1]) < 30
    with Collection.open(collection.path) as opened:
        assert len(list(opened.articles())) == 43


def test_a_file_that_is_away_is_read_when_it_is_back(collection: Collection, tmp_path: Path) -> None:
    record(collection, pages(2))
    [file] = collection.archive_dir.iterdir()
    file.rename(tmp_path / "elsewhere")
    assert ingest(collection, workers=1).read == 0
    (tmp_path / "elsewhere").rename(file)
    assert ingest(collection, workers=1).read == 2


def test_a_disk_that_refuses_ends_it_with_a_reason(collection: Collection) -> None:
    record(collection, pages(1))
    collection.text_dir.rmdir()
    collection.text_dir.write_text("in the way")
    with pytest.raises(StorageError, match="text"):
        ingest(collection, workers=1)


def test_is_refused_while_somebody_has_the_collection_alone(collection: Collection) -> None:
    other = Collection.open(collection.path)
    with collection.exclusive("wirecopy rebuild"), pytest.raises(Locked, match="rebuild"):
        ingest(other)
