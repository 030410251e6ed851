"""Whole pages to articles: text with its paragraphs, the same every time, and no page that does more than fail."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import asdict
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.extract.article import extract
from archive.extract.inline import END, START, Run, marked
from archive.extract.text import words
from archive.model import Discovery, Extraction
from archive.structure import Mark

URL = "https://www.example.com/news/2024/05/03/harbour-wall-holds"
SENTENCES = [
    "The harbour wall held through the night, the town council said on Friday morning, and nobody was hurt.",
    "Ann Rowe, who has kept the lighthouse for twenty years, said that she had never seen waves of that height.",
    "Boats will stay in the inner basin until Sunday, when the wind is expected to turn to the west again.",
    "Repairs of the outer mole, begun in March after two winters of storms, will take until the end of the year.",
]


def page(body: str, head: str = "<title>The harbour wall holds</title>") -> bytes:
    return f"<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>".encode()


def read(html: bytes, hint: Discovery | None = None, charset: str | None = "utf-8") -> Extraction:
    return extract(html, url=URL, charset=charset, hint=hint)


ARTICLE = page(
    "<nav><a href=/>Home</a> <a href=/news>News</a></nav><article><h1>The harbour wall holds</h1>"
    + "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    + "</article><aside><h3>Read also</h3><a href=/x>Ten other things that happened at sea this week</a></aside>"
    + "<footer>© Example Ltd. All rights reserved. Cookie settings.</footer>"
)


def test_the_text_is_the_article_and_its_paragraphs_are_kept() -> None:
    found = read(ARTICLE)
    assert found.text is not None
    assert found.text.split("\n\n") == SENTENCES
    assert (found.kind, found.labels, found.text_format, found.language) == ("news", (), "plain", "en")
    assert found.word_count == sum(len(sentence.split()) for sentence in SENTENCES)


def test_bounds_of_markup_whose_other_end_was_lost_bound_nothing() -> None:
    link: Run = ("link", "https://example.org/")
    assert marked(f"a{END}b", []) == ("ab", ())
    assert marked(f"{START}a{END}b{END}{START}c", [link, link]) == (
        "abc",
        (Mark(kind="link", start=0, end=1, href=link[1]),),
    )


def test_inline_markup_and_lists_read_as_they_look() -> None:
    found = read(
        page(
            "<article><h1>The harbour wall holds</h1><p>The wall <b>held</b>, <a href=/a>Ann&nbsp;Rowe</a> said.</p>"
            + "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
            + "<ul><li>The first thing on a list of things to do.</li><li>The second thing on it.</li></ul></article>"
        )
    )
    assert found.text is not None
    blocks = found.text.split("\n\n")
    assert "The wall held, Ann Rowe said." in blocks
    assert "The first thing on a list of things to do." in [block.removeprefix("- ") for block in blocks]


def test_joiners_of_persian_are_kept() -> None:
    sentence = "او می‌گوید که کتاب‌های تازه را در خانه‌اش نگه می‌دارد و هر روز آن‌ها را می‌خواند."
    paragraphs = "".join(f"<p>{number}. {sentence}</p>" for number in range(1, 5))
    found = read(page(f"<article><h1>کتاب‌ها</h1>{paragraphs}</article>"))
    assert found.text is not None
    assert sentence in found.text
    assert found.language == "fa"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("One two – three, 4!", 4),
        ("state-of-the-art don't", 2),
        ("हिन्दी में समाचार", 3),
        ("政府は発表した。", 7),
        ("EU和中国", 4),
        ("정부는 월요일에 발표했다", 3),
    ],
)
def test_words_are_counted_in_any_script(text: str, count: int) -> None:
    assert words(text) == count


@pytest.mark.parametrize(
    ("sentence", "declared", "language"),
    [
        (
            "Die Regierung hat am Montag beschlossen, dass die Steuern für kleine Betriebe gesenkt werden sollen. ",
            "en",
            "de",
        ),
        ("Le gouvernement a annoncé lundi une baisse des impôts pour les petites entreprises du pays. ", "fr", "fr"),
        ("政府は月曜日に、小さな会社の税金を下げることを決めたと発表した。", None, "ja"),
        ("政府周一宣布，将降低小企业的税收，以促进经济增长和就业。", "en", "zh"),
        ("정부는 월요일에 소기업의 세금을 낮추기로 결정했다고 발표했다. ", None, "ko"),
    ],
)
def test_the_language_is_that_of_the_text(sentence: str, declared: str | None, language: str) -> None:
    lang = f" lang={declared}" if declared else ""
    paragraphs = "".join(f"<p>{number}. {sentence * 3}</p>" for number in range(4))
    found = extract(
        f"<html{lang}><body><article>{paragraphs}</article></body></html>".encode(), url=URL, charset="utf-8"
    )
    assert found.language == language


def test_a_short_text_is_labelled_thin() -> None:
    assert read(page("<article><p>Just a line.</p></article>")).labels == ("thin",)


HOSTILE = {
    "references no tree can hold": page(f"<article><p>{SENTENCES[0]}&#1;&#xFFFE;&#x0;{SENTENCES[1]}</p></article>"),
    "characters no tree can hold": page(f"<article><p>{SENTENCES[0]}\x00\x01\ufffe{SENTENCES[1]}</p></article>"),
    "a giant attribute": page(
        f'<article data-x="{"x" * 5_000_000}"><p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p></article>'
    ),
    "nested to the limit": page("<div>" * 390 + f"<p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p>"),
    "truncated in a character": page(f"<article><p>{SENTENCES[0]}</p><p>{SENTENCES[1]} Übung")[
        : -len("bung</body></html>")
    ],
    "a false charset": page(f"<meta charset=utf-16><article><p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p></article>"),
    "deep JSON-LD": page(
        f"<article><p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p></article>",
        head='<script type="application/ld+json">' + '{"@type":"Article","a":[' * 50_000 + "</script>",
    ),
    "endless entities": page(
        f"<p>{'&amp;' * 200_000}</p><article><p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p></article>"
    ),
    "unclosed everything": page(f"<article><p><b><i><a href='x><p>{SENTENCES[0]}<p>{SENTENCES[1]}<!-- <script>"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_still_gives_its_text_or_a_reason(name: str) -> None:
    found = read(HOSTILE[name], charset=None)
    if name == "unclosed everything":
        assert found.text or found.error or found.labels == ("thin",)
    else:
        assert found.text is not None, found.error
        assert "nobody was hurt" in found.text


@pytest.mark.parametrize(
    ("html", "why"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF cannot be read: "),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(50), "not HTML but image/png"),
        (b"", "no HTML"),
        (b"<div>" * 3000, "nested more than"),
        (b"<p>x" * 100_000, "elements"),
    ],
)
def test_what_cannot_be_read_says_why(html: bytes, why: str) -> None:
    found = read(html)
    assert found.error is not None
    assert why in found.error
    assert (found.labels, found.kind, found.text) == (("failed",), "other", None)


@settings(max_examples=60)
@given(st.text(alphabet="<>/=\"'&;# pdivtabler\n", max_size=300))
def test_no_markup_soup_raises(soup: str) -> None:
    found = read(page(soup))
    assert found.url == URL
    if found.published:
        datetime.fromisoformat(found.published)


def test_the_same_page_gives_the_same_article_in_any_order_and_any_process() -> None:
    pages = {name: html for name, html in HOSTILE.items() if len(html) < 100_000} | {"article": ARTICLE}
    first = {name: asdict(read(html)) for name, html in pages.items()}
    names = list(pages) * 3
    random.Random(7).shuffle(names)
    assert all(asdict(read(pages[name])) == first[name] for name in names)
    code = (
        "import sys, json; from dataclasses import asdict; from archive.extract.article import extract\n"
        f"print(json.dumps(asdict(extract(sys.stdin.buffer.read(), url={URL!r}, charset='utf-8'))))"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            input=ARTICLE,
            capture_output=True,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        )
        assert json.loads(done.stdout) == json.loads(json.dumps(first["article"]))
