"""Word diffs: they hold both texts, say only what changed, and end in time on texts made to defeat them."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.compare.words import PARAGRAPH, Piece, by_paragraph, diff, tokens

TEXTS = st.lists(
    st.lists(
        st.sampled_from(["the", "a", "cat", "sat", "京", "都", "3.5", "—", "don’t", "เมือง", "नमस्ते", "“x”"]), max_size=8
    ).map(" ".join),
    max_size=6,
).map("\n\n".join)


def side(found: tuple[Piece, ...], kind: str) -> list[str]:
    """The paragraphs of one of the two texts, in words."""
    text = "".join(piece.text for piece in found if piece.kind in ("same", kind))
    return [words for line in text.split(PARAGRAPH) if (words := " ".join(tokens(line)))]


def words(text: str) -> list[str]:
    return [found for line in text.split(PARAGRAPH) if (found := " ".join(tokens(line)))]


@example("the the the", "the\n\nthe the")
@given(TEXTS, TEXTS)
def test_both_texts_can_be_had_from_it(old: str, new: str) -> None:
    found = diff(old, new)
    assert side(found, "removed") == words(old)
    assert side(found, "added") == words(new)
    if words(old) == words(new):
        assert {piece.kind for piece in found} <= {"same"}


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("It cost 12 million.", "It cost 15 million.", "It cost [-12 -]{+15 +}million."),
        ("東京で選挙が行われた", "大阪で選挙が行われた", "[-東京-]{+大阪+}で選挙が行われた"),
        ("a b", "a b c", "a b {+c+}"),
        ("He said “no”.", "He said nothing.", "He said [-“no”-]{+nothing+}."),
        ("A whole other sentence stood here", "Nothing of it is left by now", None),
    ],
)
def test_says_what_changed(old: str, new: str, marked: str | None) -> None:
    marks = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    shown = "".join(marks[piece.kind].format(piece.text) for piece in diff(old, new))
    assert shown == (marked or f"[-{old}-]{{+{new}+}}")


def test_paragraphs_that_come_and_go_are_marked_whole() -> None:
    found = by_paragraph(diff("One stays.\n\nTwo goes.\n\nThree stays.", "One stays.\n\nThree stays.\n\nFour comes."))
    assert [[piece.kind for piece in line] for line in found] == [["same"], ["removed"], ["same"], ["added"]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (" ".join(f"a{n}" for n in range(60_000)), " ".join(f"b{n}" for n in range(60_000))),
        ("\n\n".join(f"a{n}" for n in range(30_000)), "\n\n".join(f"a{n + n % 2}" for n in range(30_000))),
        ("ab " * 200_000, "ba " * 200_000),
        ("漢" * 300_000, "字" * 300_000),
    ],
    ids=["other words", "many paragraphs", "repetition", "no spaces"],
)
def test_hostile_texts_end_in_time(old: str, new: str) -> None:
    began = process_time()
    assert diff(old, new)
    assert process_time() - began < 5
