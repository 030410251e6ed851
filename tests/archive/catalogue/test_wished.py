"""What a publisher asks of an article from when on, and until when, though its page did not change meanwhile."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from archive.api import Collection
from archive.asks import after, of_records
from archive.care.rebuild import rebuild
from archive.care.verify import Verification
from archive.catalogue.query import articles
from archive.catalogue.store import Catalogue, Cursor
from archive.catalogue.timeline import states
from archive.desk import reading_group
from archive.export.columns import columns
from archive.extract.article import extract
from archive.http import parse_head
from archive.index import cdxj
from archive.ingest import ingest
from archive.model import Article, Capture, Discovery, Extraction, Reading
from crawler.commands.show import command as show
from tests.archive.catalogue.rows import rows
from tests.archive.ingest.pages import START, article, exchange

URL = "https://news.example/story"
OPEN = Discovery()
SHUT = Discovery(refused=("CCBot", "GPTBot"))
RESERVED = Discovery(reserved="https://news.example/policy.json", obeys="wirecopy")


def test_what_a_head_and_a_metadata_record_say() -> None:
    head = parse_head(b"HTTP/1.1 200 OK\r\nX-Robots-Tag: noai,\r\n noindex\r\nTDM-Reservation:1\r\nAge: 3\r\n\r\n")
    assert of_records(head, RESERVED) == (
        "header x-robots-tag: noai, noindex",
        "header tdm-reservation: 1",
        "tdmrep.json reserves: https://news.example/policy.json",
        "crawl obeys: wirecopy",
    )
    assert of_records(None, SHUT) == ("robots.txt refuses: CCBot, GPTBot",)
    assert of_records(head, OPEN)[:1] == ("header x-robots-tag: noai, noindex",)
    assert of_records(parse_head(b"HTTP/1.1 304 Not Modified\r\nAge: 3\r\n\r\n"), OPEN) == ()
    flood = b"HTTP/1.1 200 OK\r\n" + b"X-Robots-Tag: %s\r\n" % (b"a" * 9000) * 500 + b"\r\n"
    assert sum(map(len, of_records(parse_head(flood), OPEN))) < 110_000


def test_a_304_replaces_the_fields_that_it_has_and_an_equal_page_has_a_head_of_its_own() -> None:
    before = (
        "header x-robots-tag: noai",
        "header tdm-reservation: 1",
        "robots.txt refuses: GPTBot",
        "meta robots: noindex",
    )
    own = ("header x-robots-tag: all", "robots.txt refuses: CCBot")
    assert after(before, own, unmodified=True) == (*own, "header tdm-reservation: 1", "meta robots: noindex")
    assert after(before, own, unmodified=False) == (*own, "meta robots: noindex")


def capture(number: int, asks: Sequence[str] | None = (), *, status: int = 200, page: str = "A") -> Capture:
    """At as many hours; with `asks`, a revisit of the page, else the page itself."""
    return Capture(
        id=f"urn:uuid:{number}",
        url=URL,
        date=START + timedelta(hours=number),
        status=status,
        mime="text/html" if asks is None else "warc/revisit",
        digest=f"sha1:{page}",
        asks=tuple(asks or ()),
        file="A.warc.gz",
        offset=number,
        length=1,
    )


def reading(of: Capture, text: str, asks: tuple[str, ...] | None, labels: tuple[str, ...] = ()) -> Reading:
    said = Extraction(url=URL, title="Title", text=text, version="1", asks=asks, labels=labels)
    return Reading(id=f"{of.id}-read", date=START, capture_id=of.id, file="T.warc.gz", offset=1, extraction=said)


def told(found: Article) -> list[tuple[str, str | None, int, int | None]]:
    """Label, where, and the hours from and until which it held."""

    def hours(moment: object) -> int | None:
        return None if moment is None else int((moment - START) / timedelta(hours=1))  # type: ignore[operator]

    return [(each.label, each.said, hours(each.since) or 0, hours(each.until)) for each in found.wishes]


def test_each_from_the_capture_that_first_showed_it_until_the_first_that_did_not(tmp_path: Path) -> None:
    captures = [
        capture(0, None),
        capture(1, ["robots.txt refuses: GPTBot"]),
        capture(2, ["robots.txt refuses: CCBot, GPTBot"], status=304),
        capture(3, ["header tdm-reservation: 1"], status=304),
        capture(4, status=304),
        capture(5, ["header tdm-reservation: 0", "tdmrep.json reserves: 1"], status=304),
        capture(6, None, page="B"),
        capture(7, ["robots.txt refuses: CCBot"]),
        capture(8, ["tdmrep.json reserves: 1"], page="B"),
    ]
    element = ("meta robots: noimageai",)
    readings = [reading(captures[0], "One.", element), reading(captures[6], "Two.", ())]
    with Catalogue(tmp_path / "one", create=True) as catalogue:
        catalogue.add_lines([cdxj.line(each).encode() for each in captures], "indexes/A.cdxj", Cursor())
        catalogue.add_readings(readings, "text/T.warc.gz", Cursor())
        [found] = articles(catalogue)
        assert told(found) == [
            ("noimageai", "meta", 0, 6),
            ("noai", "robots.txt: CCBot, GPTBot", 1, 3),
            ("tdm-reserved", "header", 3, 5),
            ("noai", "robots.txt: CCBot", 7, 8),
            ("noimageai", "meta", 7, 8),
            ("tdm-reserved", "tdmrep.json", 8, None),
        ]
        assert found.labels == ("tdm-reserved",)
        assert found.origins == {"labels.tdm-reserved": "tdmrep.json"}
        assert [(state.version, state.article.labels, state.article.origins) for state in states(catalogue)] == [
            (1, ("noimageai",), {"labels.noimageai": "meta"}),
            (2, (), {}),
            (3, ("noai", "noimageai"), {"labels.noai": "robots.txt: CCBot", "labels.noimageai": "meta"}),
            (4, ("tdm-reserved",), {"labels.tdm-reserved": "tdmrep.json"}),
        ]
        since = [one.article_id for one in articles(catalogue, START + timedelta(hours=8))]
        assert since == [found.article_id]
        row = catalogue.connection.execute("SELECT labels, wishes, origins FROM articles").fetchone()
        assert [json.loads(value) for value in row] == [
            columns(found)[name] for name in ("labels", "wishes", "origins")
        ]
    random = Random(4)
    random.shuffle(captures)
    with Catalogue(tmp_path / "other", create=True) as catalogue:
        for at in range(3):
            catalogue.add_readings(readings[at : at + 1], "text/T.warc.gz", Cursor())
            lines = [cdxj.line(each).encode() for each in captures[at::3]]
            catalogue.add_lines(lines, "indexes/A.cdxj", Cursor())
    assert rows(tmp_path / "other") == rows(tmp_path / "one")


def test_an_article_that_is_asked_otherwise_now_has_changed(tmp_path: Path) -> None:
    captures = [capture(0, None), capture(1), capture(2, ["robots.txt refuses: GPTBot"]), capture(3), capture(4)]
    with Catalogue(tmp_path / "c", create=True) as catalogue:
        lines = [cdxj.line(each).encode() for each in captures]
        catalogue.add_readings([reading(captures[0], "One.", ())], "text/T.warc.gz", Cursor())
        for count, changed in ((2, 0), (3, 2), (5, 3)):
            catalogue.add_lines(lines[:count], "indexes/A.cdxj", Cursor())
            for hour in range(5):
                found = list(articles(catalogue, START + timedelta(hours=hour)))
                assert len(found) == (hour <= changed), (count, hour)


def test_of_a_reading_that_noted_nothing_the_labels_tell(tmp_path: Path) -> None:
    captures = [capture(0, None), capture(1, ["header x-robots-tag: noindex"])]
    with Catalogue(tmp_path / "c", create=True) as catalogue:
        catalogue.add_lines([cdxj.line(each).encode() for each in captures], "indexes/A.cdxj", Cursor())
        catalogue.add_readings([reading(captures[0], "One.", None, ("noai", "thin"))], "text/T.warc.gz", Cursor())
        [found] = articles(catalogue)
        assert told(found) == [("noai", None, 0, None)]
        assert found.labels == ("noai", "thin")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page, and three times the same again: with other heads, another robots.txt and tdmrep.json."""
    collection = Collection.create(tmp_path_factory.mktemp("made") / "news")
    recorder = collection.recorder(crawl_id="test", user_agent="test")
    body = article("Harbour").replace("<head>", "<head><meta name=robots content=noimageai>")
    for hour, (fields, hint) in enumerate(
        (
            (("X-Robots-Tag: noai",), OPEN),
            ((), SHUT),
            (("tdm-reservation: 1", "tdm-policy: https://news.example/p"), OPEN),
            (("X-Robots-Tag: noindex",), RESERVED),
        )
    ):
        recorder.record(exchange(URL, body, minutes=60 * hour, fields=fields, hint=hint)).result(10)
    recorder.close()
    with Collection.open(collection.path) as opened:
        first = min(opened.captures(URL), key=lambda each: each.date)
        record = opened.read(first.file, first.offset)
        said = extract(opened.payload(first), url=URL, charset="utf-8", head=record.head, hint=OPEN)
        writer = opened.text_writer()
        writer.append(reading_group(first, said, START + timedelta(days=2))).result(10)
        writer.close()
    assert ingest(collection, workers=1).read == 0
    return collection.path


@pytest.fixture
def collection(made: Path, tmp_path: Path) -> Collection:
    return Collection.open(shutil.copytree(made, tmp_path / "news"))


def index(collection: Collection) -> Path:
    [path] = collection.indexes_dir.glob("*.cdxj")
    return path


def test_it_is_in_the_records_alone(collection: Collection) -> None:
    with Collection.open(collection.path) as opened:
        [found] = opened.articles(walls=True)
        kinds = sorted(capture.mime for capture in opened.captures(URL))
    assert kinds == ["text/html", *["warc/revisit"] * 3]
    assert told(found) == [
        ("noai", "robots.txt: CCBot, GPTBot", 0, 2),
        ("noimageai", "meta", 0, None),
        ("tdm-reserved", "tdmrep.json: https://news.example/policy.json", 2, None),
        ("noindex", "header", 3, None),
        ("withheld", "noindex", 3, None),
    ]
    before, lines = rows(collection.catalogue_path), index(collection).read_bytes()
    rebuild(collection)
    assert index(collection).read_bytes() == lines
    assert rows(collection.catalogue_path) == before


def test_it_is_shown(made: Path) -> None:
    shown = CliRunner().invoke(show, [URL, "-c", str(made)]).output
    assert "asks:          noai since 2026-03-01T08:00:00Z until 2026-03-01T10:00:00Z   (robots.txt: CCBot" in shown
    assert "asks:          noindex since 2026-03-01T11:00:00Z   (header)\n" in shown


def test_a_line_that_says_other_than_the_records_is_a_defect(collection: Collection) -> None:
    path = index(collection)
    lines = path.read_bytes()
    assert not list(Verification(collection.path, jobs=1))
    path.write_bytes(lines.replace(b"CCBot, GPTBot", b"GPTBot"))
    [defect] = Verification(collection.path, jobs=1)
    assert defect.code == "line-differs"
    assert "asks is ('robots.txt refuses: GPTBot',)" in defect.what


def test_a_crash_loses_none_of_it(collection: Collection) -> None:
    path = index(collection)
    lines = path.read_bytes()
    [archived] = collection.archive_dir.glob("*.warc.gz")
    archived.rename(archived.with_name(archived.name + ".open"))
    path.unlink()
    Collection.open(collection.path).close()
    assert path.read_bytes() == lines
