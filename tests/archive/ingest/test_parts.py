"""An article over several pages: each is a capture, all are one article, whatever came in which order."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.api import Collection
from archive.care.rebuild import rebuild
from archive.care.takedown import capture_target, takedown
from archive.care.verify import Verification
from archive.extract.parts import joined
from archive.ingest import ingest
from archive.model import Article, Discovery, Extraction
from tests.archive.catalogue.rows import rows
from tests.archive.ingest.pages import article, exchange

FIRST = "https://news.example/story/"
WORDS = ("anchor", "barnacle", "capstan", "dory")


def page(number: int, *, word: str | None = None) -> str:
    return article("The long story", f"Of the {word or WORDS[number - 1]}.", paragraphs=5)


def discovery(number: int) -> Discovery | None:
    return None if number == 1 else Discovery(via=FIRST, hops="LL", listing="page", part_of=FIRST, part=number)


def url(number: int) -> str:
    return FIRST if number == 1 else f"{FIRST}{number}/"


def record(
    collection: Collection, numbers: Iterable[int], *, minutes: int = 0, words: dict[int, str] | None = None
) -> None:
    recorder = collection.recorder(crawl_id="test", user_agent="test")
    try:
        for number in numbers:
            body = page(number, word=(words or {}).get(number))
            hint = discovery(number)
            recorder.record(exchange(url(number), body, minutes=minutes + number, hint=hint)).result(10)
    finally:
        recorder.close()


def only(collection: Collection) -> Article:
    with Collection.open(collection.path) as opened:
        (found,) = opened.articles()
        return found


def told(collection: Collection) -> list[str]:
    """The words of the pages, in the order of the text."""
    text = only(collection).text or ""
    return sorted((word for word in (*WORDS, "ebb", "flow") if f"Of the {word}." in text), key=text.index)


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection.create(tmp_path / "news")


@pytest.mark.parametrize(
    "order", [[(1, 2, 3)], [(1,), (2,), (3,)], [(1, 3), (2,)], [(2, 1, 3)], [(3, 2), (1,)]], ids=str
)
def test_pages_are_one_article_in_whatever_order_they_come(
    collection: Collection, order: list[tuple[int, ...]]
) -> None:
    for numbers in order:
        record(collection, numbers, minutes=0)
        ingest(collection, workers=1)
    assert told(collection) == ["anchor", "barnacle", "capstan"]
    with Collection.open(collection.path) as opened:
        (shown,) = opened.articles()
        assert shown.url == FIRST
        assert len(list(opened.versions(shown.article_id))) == 1
        assert opened.article(shown.article_id) == shown
        assert [hit.article.url for hit in opened.search("capstan")] == [FIRST]
    assert ingest(collection, workers=1).read == 0, "nothing is left to be read"


def test_a_rebuild_gives_the_same_rows(collection: Collection) -> None:
    record(collection, (1, 2, 3))
    ingest(collection, workers=1)
    before = rows(collection.catalogue_path)
    collection.catalogue_path.unlink()
    rebuild(collection)
    assert rows(collection.catalogue_path) == before
    assert not list(Verification(collection.path, jobs=1))
    assert ingest(collection, workers=1).read == 0


def test_the_record_of_the_reading_lists_the_other_pages(collection: Collection) -> None:
    record(collection, (1, 2))
    ingest(collection, workers=1)
    (path,) = collection.text_dir.glob("*.warc.gz")
    with path.open("rb") as file:
        documents = [
            json.loads(each.content_stream().read())
            for each in ArchiveIterator(file)
            if each.rec_headers.get_header("Content-Type") == "application/json"
        ]
    captures = {document["url"]: document["capture"] for document in documents}
    assert documents[-1]["capture"] == captures[FIRST]
    assert documents[-1]["pages"] == [captures[url(2)]]
    assert [document["part_of"] for document in documents if document["kind"] == "part"] == [FIRST]


def test_a_second_look_shows_no_version_that_never_was(collection: Collection) -> None:
    """The first page again: its text alone is never taken for a change of the article."""
    record(collection, (1, 2, 3))
    ingest(collection, workers=1)
    record(collection, (1,), minutes=60, words={1: "ebb"})
    ingest(collection, workers=1)
    assert told(collection) == ["ebb", "barnacle", "capstan"]
    record(collection, (1, 2), minutes=120, words={1: "flow"})
    ingest(collection, workers=1)
    assert told(collection) == ["flow", "barnacle"], "it has fewer pages now, and one is as it was"
    with Collection.open(collection.path) as opened:
        versions = list(opened.versions(only(collection).article_id))
        assert ["capstan" in (version.text or "") for version in versions] == [True, True, False]


@pytest.mark.parametrize("name", [url(2), "article"])
def test_a_takedown_of_one_page_takes_its_words_out_of_the_article(collection: Collection, name: str) -> None:
    record(collection, (1, 2, 3))
    ingest(collection, workers=1)
    target = capture_target(only(collection).article_id if name == "article" else name)
    assert takedown(collection, target, reason="asked for", agreed=lambda plan: True)
    ingest(collection, workers=1)
    if name == "article":
        with Collection.open(collection.path) as opened:
            assert not list(opened.articles())
    else:
        assert told(collection) == ["anchor", "capstan"]
    for path in collection.text_dir.glob("*.warc.gz"):
        with path.open("rb") as file:
            assert not any(b"barnacle" in each.content_stream().read() for each in ArchiveIterator(file))
    assert not [found for found in Verification(collection.path, jobs=1) if found.severity == "defect"]


def test_a_takedown_of_the_first_page_leaves_the_others_in_no_export(collection: Collection) -> None:
    record(collection, (1, 2, 3))
    ingest(collection, workers=1)
    assert takedown(collection, capture_target(FIRST), reason="asked for", agreed=lambda plan: True)
    ingest(collection, workers=1)
    with Collection.open(collection.path) as opened:
        assert not list(opened.articles())
        assert not list(opened.search("barnacle"))
        assert b"Of the barnacle." in opened.payload(opened.captures(url(2))[0])


def test_what_pages_repeat_comes_once() -> None:
    first = Extraction(url=FIRST, title="T", text="Lead.\n\nOne.", word_count=2, labels=("thin",))
    second = Extraction(url=url(2), title="T - page 2", text="T - page 2\n\nLead.\n\nTwo words.", kind="part")
    same = Extraction(url=url(3), text="Lead.\n\nOne.", kind="part")
    whole = joined(first, [("a", second), ("b", same)])
    assert whole.text == "Lead.\n\nOne.\n\nTwo words."
    assert (whole.word_count, whole.pages) == (4, ("a", "b"))
    kept = joined(first, [("a", replace(second, labels=("noindex", "withheld"))), ("b", same)])
    assert (kept.text, kept.pages) == (first.text, ("a", "b")), "named, but none of its words"
