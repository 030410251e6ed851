"""Two hundred edit histories: each event named right, nothing named that did not happen, in whichever order it came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from archive.api import Collection
from archive.care.rebuild import rebuild
from archive.catalogue.store import Catalogue, Cursor
from archive.catalogue.timeline import events
from archive.catalogue.versions import article_id
from archive.desk import reading_group
from archive.extract.article import extract
from archive.index import cdxj
from archive.ingest import ingest
from archive.model import Capture, Event, Extraction, Reading
from archive.urls import canonical
from tests.archive.catalogue.histories import KINDS, History, histories
from tests.archive.catalogue.rows import rows
from tests.archive.ingest.pages import exchange

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
HOST = "https://news.example"


def told(found: Iterable[Event]) -> list[tuple[str, str | None]]:
    """Events in the words of the generator."""
    return [(each.kind, _detail(each)) for each in found]


def _detail(event: Event) -> str | None:
    if event.change is None:
        return event.target.removeprefix("//news.example") if event.target else None
    fields = " ".join(name for name in event.change.fields if name in ("title", "text"))
    return fields if event.kind == "grown" else f"{event.change.weight} {fields}"


def captured(history: History) -> list[Capture]:
    return [
        Capture(
            id=f"urn:uuid:{history.number:03}-{number:03}",
            url=HOST + history.path,
            date=START + timedelta(minutes=15 * number, seconds=history.number),
            status=step.status,
            mime="text/html",
            digest=f"sha1:{history.number}-{number}",
            redirect=HOST + step.redirect if step.redirect else None,
            file="A.warc.gz",
            offset=history.number * 1000 + number,
            length=1,
        )
        for number, step in enumerate(history.steps)
    ]


def read(history: History, captures: list[Capture]) -> list[Reading]:
    """The pages as an extractor reads them that takes adverts and counters for text."""
    return [
        Reading(
            id=f"{capture.id}-read",
            date=START + timedelta(days=2),
            capture_id=capture.id,
            file="T.warc.gz",
            offset=capture.offset,
            extraction=Extraction(url=capture.url, title=step.page.title, text=step.page.slipped, version="1"),
        )
        for capture, step in zip(captures, history.steps, strict=True)
        if step.page
    ]


def test_each_event_is_named_right_and_nothing_else_is(tmp_path: Path) -> None:
    told_of = list(histories(200, seed=1))
    assert Counter(history.kind for history in told_of) == dict.fromkeys(KINDS, 25)
    captures = {history.number: captured(history) for history in told_of}
    lines = [cdxj.line(each).encode() for found in captures.values() for each in found]
    readings = [each for history in told_of for each in read(history, captures[history.number])]
    with Catalogue(tmp_path / "one", create=True) as catalogue:
        catalogue.add_lines(lines, "indexes/A.cdxj", Cursor())
        catalogue.add_readings(readings, "text/T.warc.gz", Cursor())
        wrong = {}
        for history in told_of:
            found = told(events(catalogue, article_id(canonical(HOST + history.path))))
            if found != history.truth:
                wrong[history.number, history.kind] = (found, history.truth)
        assert wrong == {}
    random = Random(2)
    random.shuffle(lines)
    random.shuffle(readings)
    with Catalogue(tmp_path / "other", create=True) as catalogue:
        for at in range(4):
            catalogue.add_readings(readings[at::4], "text/T.warc.gz", Cursor())
            catalogue.add_lines(lines[at::4], "indexes/A.cdxj", Cursor())
    assert rows(tmp_path / "other") == rows(tmp_path / "one")


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection.create(tmp_path / "news")


def test_from_pages_as_they_were_served_to_events_and_again_after_a_rebuild(collection: Collection) -> None:
    told_of = list(histories(16, seed=3))
    recorder = collection.recorder(crawl_id="test", user_agent="test")
    for history in told_of:
        for number, step in enumerate(history.steps):
            body = step.page.html if step.page else "gone"
            one = exchange(
                HOST + history.path,
                body,
                minutes=15 * number + 200 * history.number,
                status=step.status,
                location=step.redirect,
            )
            recorder.record(one).result(10)
    recorder.close()
    with Collection.open(collection.path) as opened:
        writer = opened.text_writer()
        for history in told_of:
            for capture in opened.captures(HOST + history.path):
                if capture.status == 200 and capture.mime == "text/html":
                    said = extract(opened.payload(capture), url=capture.url, charset="utf-8")
                    writer.append(reading_group(capture, said, START + timedelta(days=2))).result(10)
        writer.close()
    assert ingest(collection, workers=1).read == 0

    def check() -> None:
        with Collection.open(collection.path) as opened:
            for history in told_of:
                found = opened.article(HOST + history.path)
                assert told(opened.events(found.article_id)) == history.truth, history.kind

    check()
    before = rows(collection.catalogue_path)
    rebuild(collection)
    assert rows(collection.catalogue_path) == before
    check()
