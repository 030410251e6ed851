"""Folding, queries and snippets, checked against SQLite's own full text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.catalogue.schema import connect
from archive.catalogue.snippets import snippet
from archive.catalogue.words import Phrase, fold, indexed, match_expression, phrases

SCRIPTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("東京オリンピック大会中文한국어ไทยé̈ßŒσς\"*'()-:^+ \n\0\ud83d𠮷ＴｏＫ가"),
        st.sampled_from("ab AND OR NOT NEAR"),
    ),
    max_size=60,
)


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    connection = connect(tmp_path_factory.mktemp("words") / "catalogue.sqlite", create=True)
    yield connection
    connection.close()


def finds(words: sqlite3.Connection, text: str, query: str) -> bool:
    words.execute("BEGIN")
    try:
        words.execute("INSERT INTO words (rowid, title, text) VALUES (1, '', ?)", (indexed(text),))
        wanted = phrases(query)
        found = "SELECT rowid FROM words WHERE words MATCH ?"
        return bool(wanted) and words.execute(found, (match_expression(wanted),)).fetchall() == [(1,)]
    finally:
        words.execute("ROLLBACK")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("東京オリンピックは2020年", "東京"),
        ("東京オリンピックは2020年", "京"),
        ("東京オリンピックは2020年", "オリンピック 2020"),
        ("東京オリンピックは2020年", "ｵﾘﾝﾋﾟｯｸ"),
        ("中国人民银行宣布降息", "人民银行"),
        ("대한민국은 서울에서", "서울"),
        ("ข่าวการเมืองวันนี้", "การเมือง"),
        ("हिन्दी समाचार", "हिन्दी"),
        ("𠮷野家の牛丼", "𠮷野家"),
        ("Crème brûlée à Genève", "creme geneve"),
        ("Creme brulee", "crème"),
        ("cafe\u0301 society", "café"),
        ("Der Fluß in der Straße", "FLUSS strasse"),
        ("Ο κόσμος", "ΚΟΣΜΟΣ"),
        ("Ｔｏｋｙｏ", "tokyo"),
        ("ﬁnance", "finance"),
        ("Covid-19 cases", "covid-19"),
        ("Covid-19 cases", "case*"),
        ("AI技術の進歩", "AI技術"),
        ("the quick brown fox", '"quick brown"'),
        ("the quick brown fox", "“quick brown”"),
        ("the quick brown fox", '"quick bro"*'),
        ("the quick brown fox", "fox THE"),
        ("she said NOT now", "not"),
        ("l'été dernier", "été"),
    ],
)
def test_finds(words: sqlite3.Connection, text: str, query: str) -> None:
    assert finds(words, text, query)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("東京オリンピック", "京東"),
        ("東京オリンピック", "東オ"),
        ("the quick brown fox", '"brown quick"'),
        ("the quick brown fox", "quick cat"),
        ("the quick brown fox", "qui"),
        ("がいこく", "かいこく"),
        ("हिन्दी", "ह"),
    ],
)
def test_does_not_find(words: sqlite3.Connection, text: str, query: str) -> None:
    assert not finds(words, text, query)


@given(query=SCRIPTS)
def test_whatever_is_typed_is_a_query(words: sqlite3.Connection, query: str) -> None:
    assert not finds(words, "", query)


def test_a_pasted_page_is_a_query(words: sqlite3.Connection) -> None:
    assert not finds(words, "some text", " ".join(f"word{number}" for number in range(5_000)))


@given(before=SCRIPTS, word=st.text("東京オリンピック中文한국어あ", min_size=1, max_size=6), after=SCRIPTS)
def test_an_unspaced_word_is_found_wherever_it_stands(
    words: sqlite3.Connection, before: str, word: str, after: str
) -> None:
    assert finds(words, f"{before} {word}{after}", f'"{word}"')


@given(SCRIPTS)
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(text=SCRIPTS, query=SCRIPTS, width=st.integers(20, 80))
def test_marks_lie_within_the_snippet_and_apart(text: str, query: str, width: int) -> None:
    cut = snippet(text * 5, phrases(query), width)
    end = 0
    for start, stop in cut.marks:
        assert end <= start < stop <= len(cut.text)
        end = stop
    assert len(cut.text) <= width + 4
    assert cut.marked("", "") == cut.text


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Die Straße in Zürich", "STRASSE zurich", "Die [Straße] in [Zürich]"),
        ("2020年の東京オリンピック開幕", "東京オリンピック", "2020年の[東京オリンピック]開幕"),
        ("cafe\u0301 society, cafeteria", "cafe", "[café] society, cafeteria"),
        ("cafe\u0301 society, cafeteria", "cafe*", "[café] society, [cafe]teria"),
        ("Covid 19 and covid-19", "covid-19", "[Covid 19] and [covid-19]"),
        ("line\n  breaks\tgo", "breaks", "line [breaks] go"),
        ("nothing here", "else", "nothing here"),
    ],
)
def test_highlights_the_original_text(text: str, query: str, marked: str) -> None:
    assert snippet(text, phrases(query)).marked("[", "]") == marked


def test_a_short_text_is_shown_whole() -> None:
    title = "Auditors question 29 million spent on what was called, before it was built, the new velodrome"
    cut = snippet(title, phrases("velodrome"), width=len(title))
    assert cut.marked("[", "]") == title.replace("velodrome", "[velodrome]")


def test_a_snippet_shows_where_the_words_stand_together() -> None:
    filler = "one may say this or that of it. " * 40
    text = f"{filler} budget. {filler} the budget and the minister. {filler}"
    cut = snippet(text, [Phrase(("budget",)), Phrase(("minister",))])
    assert "[budget] and the [minister]" in cut.marked("[", "]")
    assert cut.text.startswith("… ")
    assert cut.text.endswith(" …")
