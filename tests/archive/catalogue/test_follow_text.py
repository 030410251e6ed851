"""Readings taken from files in text/: as they grow, torn, damaged, and cut back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.catalogue.follow_text import follow_text
from archive.catalogue.store import Catalogue
from archive.collection import Collection
from archive.desk import reading_group
from archive.errors import DamagedRecord
from archive.model import Extraction
from archive.warc.draft import RecordDraft
from archive.warc.members import members
from tests.archive.catalogue.rows import unread
from tests.archive.catalogue.test_store import START, add_captures, capture, texts

PAGES = [capture(number, f"/{number}", minutes=number) for number in range(6)]


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection.create(tmp_path / "news")


@pytest.fixture
def catalogue(collection: Collection) -> Iterator[Catalogue]:
    with Catalogue(collection.catalogue_path, create=True) as opened:
        add_captures(opened, PAGES)
        yield opened


def group(number: int, text: str | None = None) -> list[RecordDraft]:
    page = PAGES[number]
    return reading_group(page, Extraction(url=page.url, title="T", text=text or f"Text {number}.", version="1"), START)


def written(collection: Collection, count: int = 6) -> Path:
    writer = collection.text_writer()
    for number in range(count):
        writer.append(group(number)).result(10)
    writer.close()
    [path] = collection.text_dir.iterdir()
    return path


def starts(path: Path) -> list[int]:
    with path.open("rb") as file:
        return [member.offset for member in members(file)]


def test_takes_readings_as_they_come_and_under_either_name(collection: Collection, catalogue: Catalogue) -> None:
    writer = collection.text_writer()
    writer.append(group(0)).result(10)
    assert follow_text(catalogue, collection.text_dir) == 1
    assert follow_text(catalogue, collection.text_dir) == 0
    [place, _] = writer.append(group(1)).result(10)
    assert follow_text(catalogue, collection.text_dir, only={"another.warc.gz"}) == 0
    assert follow_text(catalogue, collection.text_dir, only={place.file}) == 1
    writer.append(group(2)).result(10)
    writer.close()
    assert follow_text(catalogue, collection.text_dir) == 1
    assert texts(catalogue) == [["Text 0."], ["Text 1."], ["Text 2."]]


def test_a_text_larger_than_a_stretch_of_a_member(collection: Collection, catalogue: Catalogue) -> None:
    long = "Wort für Wort. " * 200_000
    writer = collection.text_writer()
    writer.append(group(0, long)).result(10)
    writer.append(group(1)).result(10)
    writer.close()
    assert follow_text(catalogue, collection.text_dir) == 2
    assert texts(catalogue) == [[long], ["Text 1."]]


def test_a_torn_end_waits_for_what_becomes_of_it(collection: Collection, catalogue: Catalogue) -> None:
    path = written(collection)
    data = path.read_bytes()
    growing = path.rename(path.with_name(path.name + ".open"))
    for size in (starts(growing)[5] + 20, starts(growing)[5] + 21):
        growing.write_bytes(data[:size])
        follow_text(catalogue, collection.text_dir, _no_damage)
        assert texts(catalogue) == [["Text 0."], ["Text 1."]]
    growing.write_bytes(data)
    follow_text(catalogue, collection.text_dir)
    assert len(texts(catalogue)) == 6


def test_damage_in_a_closed_file_is_told_once_and_read_past(collection: Collection, catalogue: Catalogue) -> None:
    path = written(collection)
    second = starts(path)[4]  # behind warcinfo, and text and document of the first: the document of the second
    data = bytearray(path.read_bytes())
    data[second + 20 : second + 40] = b"\xff" * 20
    path.write_bytes(data + b"\0" * 500)
    damaged: list[DamagedRecord] = []
    follow_text(catalogue, collection.text_dir, damaged.append)
    assert [each.offset for each in damaged] == [second, len(data)]
    assert len(texts(catalogue)) == 5
    follow_text(catalogue, collection.text_dir, damaged.append)
    assert len(damaged) == 2


def test_what_a_power_cut_took_is_due_again(collection: Collection, catalogue: Catalogue) -> None:
    path = written(collection)
    follow_text(catalogue, collection.text_dir)
    assert not list(unread(catalogue))
    path.write_bytes(path.read_bytes()[: starts(path)[9]])  # warcinfo and four pairs
    follow_text(catalogue, collection.text_dir)
    assert [each.capture.id for each in unread(catalogue)] == [PAGES[4].id, PAGES[5].id]
    assert len(texts(catalogue)) == 4


def test_other_metadata_is_no_reading(collection: Collection, catalogue: Catalogue) -> None:
    [_, document] = group(0)
    writer = collection.text_writer()
    for block in (b'{"title": "of another program"}', b"[]", b"no json"):
        odd = RecordDraft(
            type="metadata",
            id=f"urn:uuid:{len(block)}",
            fields=document.fields[:2],
            content_type="application/json",
            block=block,
        )
        writer.append([odd]).result(10)
    writer.append(group(1)).result(10)
    writer.close()
    damaged: list[DamagedRecord] = []
    assert follow_text(catalogue, collection.text_dir, damaged.append) == 1
    assert len(damaged) == 3


def _no_damage(damage: DamagedRecord) -> None:
    raise damage
