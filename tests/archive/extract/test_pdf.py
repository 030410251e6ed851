"""Articles that are PDFs: read like any other, with the extra; named, without; and none brings the pool down."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from archive.api import Collection
from archive.extract.article import extract
from archive.extract.pool import ExtractPool, Job
from archive.ingest import ingest
from archive.model import Discovery
from tests.archive.extract.pdfs import article, document, page
from tests.archive.ingest.pages import exchange
from tests.commands import wirecopy

URL = "https://news.example/report.pdf"
TITLE = "The harbour wall holds the night"
WORDS = (
    "harbour",
    "wall",
    "night",
    "master",
    "boats",
    "council",
    "wind",
    "basin",
    "report",
    "tide",
    "pilot",
    "storm",
    "quay",
)
TEXT = [
    f"Paragraph {number} says that the {' and the '.join(Random(number).choices(WORDS, k=18))} were all seen."
    for number in range(60)
]
PDF = article(TEXT, title=TITLE, info="/Author(Somebody Else)/CreationDate(D:20240505101500+02'00')")
DEADLINE = 10.0


def test_text_title_author_and_date() -> None:
    said = extract(PDF, url=URL, charset=None)
    assert said.error is None
    shown = (said.text or "").split("\n\n")
    assert shown == TEXT, "paragraphs whole, over lines and pages, without running heads and numbers of pages"
    assert (said.title, said.authors, said.published) == (TITLE, ("Ann Rowe",), "2024-05-03")
    assert (said.kind, said.language, said.labels) == ("news", "en", ())
    assert [said.origins[name] for name in ("title", "authors", "published", "text")] == [
        *("heading", "byline", "text"),
        "pdfium",
    ]
    assert said == extract(PDF, url=URL, charset="utf-8")


def test_what_the_document_and_the_feed_say() -> None:
    pdf = document([page([("word " * 15, 10, 72, 700 - 12 * n) for n in range(6)])], "/Title(On walls)/Author(Bo Ark)"
                   "/CreationDate(D:20240505101500+02'00')")  # fmt: skip
    said = extract(pdf, url=URL, charset=None)
    assert (said.title, said.authors, said.published) == ("On walls", ("Bo Ark",), "2024-05-05T10:15:00+02:00")
    hint = Discovery(listing="feed", authors=("Cy Dee",), published="2024-05-06T08:00:00Z")
    told = extract(pdf, url=URL, charset=None, hint=hint)
    assert (told.authors, told.published) == (("Cy Dee",), "2024-05-06T08:00:00+00:00")


def hostile() -> dict[str, bytes]:
    line = page([("word " * 12, 10, 72, 700)])
    rng = Random(7)
    flipped = bytearray(PDF)
    for _ in range(400):
        flipped[rng.randrange(9, len(flipped))] = rng.randrange(256)
    key = "/Encrypt<</Filter/Standard/V 1/R 2/Length 40/P -4/O<" + "41" * 32 + ">/U<" + "42" * 32 + ">>>/ID[<00><00>]"
    return {
        "200,000 pages": document([line], count=200_000),
        "a page of 90 MB": document([b"BT /F1 9 Tf " + b"(word word word) Tj T* " * 4_000_000 + b"ET"]),
        "a stream packed twenty times over": document([line]).replace(
            b"/Filter/FlateDecode", b"/Filter[" + b"/FlateDecode" * 20 + b"]"
        ),
        "a broken table of places": PDF[: PDF.rindex(b"xref\n0")] + b"xref\n0 999999999\ntrailer<</Root 1 0 R/Prev 9>>",
        "cut in half": PDF[: len(PDF) // 2],
        "noise": bytes(flipped),
        "a password": document([line], trailer=key),
        "pages within themselves": document([line]).replace(b"/Kids[4 0 R]", b"/Kids[2 0 R]"),
        "nothing but a head": b"%PDF-1.7\n",
        "brackets without end": document([b"BT /F1 9 Tf " + b"[" * 3_000_000], packed=False),
    }


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractPool]:
    with ExtractPool(1, deadline=DEADLINE) as pool:
        yield pool


def test_each_hostile_one_ends_and_the_pool_goes_on(pool: ExtractPool) -> None:
    ends = {name: pool.submit(Job(url=URL, page=pdf)).result(timeout=60) for name, pdf in hostile().items()}
    for name, said in ends.items():
        assert said.error or said.text is not None or said.labels == ("thin",), name
    assert ends["a password"].error == "PDF cannot be read: it asks for a password"
    assert "200000 pages, more than" in (ends["200,000 pages"].error or "")
    assert ends["a page of 90 MB"].error
    assert ends["nothing but a head"].error
    assert pool.submit(Job(url=URL, page=PDF)).result(timeout=60).title == TITLE


def test_without_the_extra_it_is_named_and_with_it_read_later(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "news")
    recorder = collection.recorder(crawl_id="test", user_agent="test")
    data = article(TEXT, title=TITLE, packed=False).decode()
    for url in (URL, URL + "?2"):
        recorder.record(exchange(url, data, mime="application/pdf")).result(10)
    recorder.close()
    (tmp_path / "without" / "pypdfium2").mkdir(parents=True)
    (tmp_path / "without" / "pypdfium2" / "__init__.py").write_text("raise ImportError('not installed')")
    path = os.pathsep.join([str(tmp_path / "without"), os.environ.get("PYTHONPATH", "")])
    script = "import sys; from crawler.commands import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", script, "extract", "-c", "news"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([path, str(Path(__file__).parents[3])])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "2 pages read, 0 articles, 0 unreadable" in ran.stderr
    assert "2 PDFs not read: pip install wirecopy[pdf]" in ran.stderr
    ingest(Collection.open(collection.path))
    with Collection.open(collection.path) as opened:
        assert list(opened.articles()) == []
    with closing(sqlite3.connect(collection.path / "catalogue.sqlite")) as catalogue, catalogue:
        # The second as it is in the catalogue of an older wirecopy, which took no PDF for a page.
        catalogue.execute(
            "DELETE FROM readings WHERE capture_id = (SELECT id FROM captures WHERE url = ?)", (URL + "?2",)
        )
    for reads in ("2 pages read", "0 pages read"):
        again = wirecopy("extract", "-c", "news", cwd=tmp_path)
        assert reads in again.err, again.err
        assert "PDFs not read" not in again.err
    with Collection.open(collection.path) as opened:
        assert [each.title for each in opened.articles()] == [TITLE, TITLE]
