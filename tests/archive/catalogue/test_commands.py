"""``wirecopy versions`` and ``wirecopy diff``, as a user runs them."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pyarrow import parquet

from archive.api import Collection
from archive.care.rebuild import rebuild
from archive.catalogue.store import Catalogue, Cursor
from archive.index import cdxj
from archive.ingest import ingest
from archive.model import Capture, Extraction, Reading
from tests.archive.ingest.pages import START as PAGES_START
from tests.archive.ingest.pages import article, exchange
from tests.commands import Ran, wirecopy

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://news.example/story"
LIVE = "https://news.example/live"
TEXT = "The council met.\n\nIt agreed on a budget of 12 million <euros> for schools.\n\nIt meets again in June."


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An article that was edited and then taken down, and a live blog."""
    path = tmp_path_factory.mktemp("collection") / "news"
    collection = Collection.create(path)
    states = [(URL, "Budget", TEXT), (URL, "Budget agreed", TEXT.replace("12", "15")), (URL, None, None)]
    entries = ["An introduction that stays."]
    for number in range(4):
        entries.append(f"1{number}:00 Something happened.")
        states.append((LIVE, "As it happened", "\n\n".join(entries)))
    captures = [
        Capture(
            id=f"urn:uuid:{number}",
            url=url,
            date=START + timedelta(minutes=number),
            status=200 if text else 410,
            mime="text/html",
            digest=f"sha1:{number}",
            file="A.warc.gz",
            offset=number,
            length=1,
        )
        for number, (url, _, text) in enumerate(states)
    ]
    readings = [
        Reading(
            id=f"urn:uuid:read-{number}",
            date=START,
            capture_id=captures[number].id,
            file="T.warc.gz",
            offset=number,
            extraction=Extraction(url=url, title=title, text=text),
        )
        for number, (url, title, text) in enumerate(states)
        if text
    ]
    with Catalogue(collection.catalogue_path, create=True) as catalogue:
        catalogue.add_lines([cdxj.line(each).encode() for each in captures], "indexes/A.cdxj", Cursor())
        catalogue.add_readings(readings, "text/T.warc.gz", Cursor())
    return path


def run(news: Path, *arguments: str) -> Ran:
    return wirecopy(*arguments, "--collection", news, cwd=news.parent)


def test_what_happened_to_an_article(news: Path) -> None:
    shown = run(news, "versions", URL)
    assert shown.code == 0
    _, first, edited, deleted = shown.out.splitlines()
    assert "2026-03-01T12:00:00Z  first" in first
    assert 'substantial: title, text (+1 word, -1 word); headline "Budget" -> "Budget agreed"' in edited
    assert "<urn:uuid:1>" in edited
    assert "2026-03-01T12:02:00Z  deleted" in deleted
    rows = run(news, "versions", URL, "--json").rows
    assert [(row["kind"], row["version"]) for row in rows] == [("first", 1), ("edited", 2), ("deleted", None)]
    assert rows[1]["change"]["weight"] == "substantial"
    assert "\ndeleted:       2026-03-01T12:02:00Z\n" in run(news, "show", URL).out


def test_growth_is_one_line(news: Path) -> None:
    shown = run(news, "versions", LIVE)
    assert len(shown.out.splitlines()) == 3
    assert "grown     version 2-4:  3 times, 3 paragraphs more" in shown.out


def test_what_happened_lately(news: Path) -> None:
    rows = run(news, "versions", "--since", "2026-03-01T12:02:00Z", "--json").rows
    assert [row["kind"] for row in rows] == ["deleted", "grown", "grown", "grown"]
    assert run(news, "versions").code == 2
    assert run(news, "versions", URL, "--since", "7d").code == 2


class _Marked(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str | None, str]] = []

    def handle_data(self, data: str) -> None:
        self.found.append((self.lasttag, data))


def test_two_versions_word_by_word(news: Path) -> None:
    shown = run(news, "diff", URL)
    assert shown.code == 0
    assert "Budget {+agreed+}" in shown.out
    assert "a budget of [-12 -]{+15 +}million <euros> for schools." in shown.out
    assert shown.out.count("... 1 unchanged ...") == 2
    assert "It meets again in June." in run(news, "diff", URL, "1", "2", "--full").out
    page = _Marked()
    page.feed(run(news, "diff", URL, "--html").out)
    assert ("del", "12 ") in page.found
    assert ("ins", "15 ") in page.found
    assert any("<euros>" in data for _, data in page.found)
    missing = run(news, "diff", URL, "1", "9")
    assert missing.code == 1
    assert "no version 9" in missing.err


def test_every_version_as_a_row(news: Path, tmp_path: Path) -> None:
    rows = run(news, "export", "jsonl", "--versions").rows
    assert [(row["url"], row["version"], row["event"]) for row in rows] == [
        (URL, 1, "first"),
        (URL, 2, "edited"),
        *((LIVE, number, "first" if number == 1 else "grown") for number in range(1, 5)),
    ]
    first, edited = rows[:2]
    assert (first["title"], edited["title"]) == ("Budget", "Budget agreed")
    assert first["change"] is None
    assert edited["change"]["fields"] == ["title", "text"]
    assert edited["first_seen"] == edited["last_seen"] == "2026-03-01T12:01:00Z"
    assert edited["first_capture"] == edited["capture"]["id"] == "urn:uuid:1"
    assert edited["reading"]["id"] == "urn:uuid:read-1"
    since = run(news, "export", "jsonl", "--versions", "--since", "2026-03-01T12:05:00Z").rows
    assert [(row["url"], row["version"]) for row in since] == [(LIVE, 3), (LIVE, 4)], "those that began since then"

    for name in ("csv", "parquet"):
        assert run(news, "export", name, "--versions", "-o", str(tmp_path / name)).code == 0
    with (tmp_path / "csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert [{**row, "change": json.loads(row["change"] or "null")} for row in written][1]["change"] == edited["change"]
    table = parquet.read_table(tmp_path / "parquet").to_pylist()
    assert [row["change"] for row in table] == [row["change"] for row in rows]
    assert table[1]["last_seen"] == START + timedelta(minutes=1)
    assert list(written[0]) == list(table[0]) == list(first)
    refused = run(news, "export", "markdown", "--versions")
    assert refused.code == 2
    assert "jsonl, csv, parquet" in refused.err


def test_a_version_was_last_seen_when_it_last_was_the_same(tmp_path: Path) -> None:
    page, other = article("Story"), article("Another headline")
    collection = Collection.create(tmp_path / "news")
    recorder = collection.recorder(crawl_id="test", user_agent="test")
    for minute, body in enumerate((page, page, other, page, page)):
        recorder.record(exchange(URL, body, minutes=minute)).result(10)
    recorder.close()
    ingest(collection)
    seen: list[list[tuple[object, ...]]] = []
    for _ in range(2):
        with Collection.open(collection.path) as opened:
            seen.append(
                [
                    (each.version, each.as_version, each.first_seen, each.first_capture, each.last_seen)
                    for each in opened.states()
                ]
            )
        rebuild(Collection.open(collection.path))
    assert seen[0] == seen[1], "a rebuild gives the same rows"
    minutes = [[round((time - PAGES_START).total_seconds() / 60) for time in (row[2], row[4])] for row in seen[0]]  # type: ignore[operator]
    assert minutes == [[0, 1], [2, 2], [3, 4]]
    assert [row[:2] for row in seen[0]] == [(1, None), (2, None), (3, 1)]
