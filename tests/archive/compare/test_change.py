"""What counts as a change, and how much of one."""

from __future__ import annotations

from typing import Any

import pytest

from archive.compare.change import change
from archive.compare.sketch import same, sketch
from archive.model import Change, Extraction

STORY = (
    "The council met on Tuesday and agreed on a budget of 12 million for the goverment of the coming year.\n\n"
    "Members of the opposition asked for more time to read the report, but the the mayor declined.\n\n"
    "“We have waited long enough,” said Angela Merkle, who will leave in June."
)


def between(old: dict[str, Any], new: dict[str, Any]) -> Change | None:
    url = "https://news.example/story"
    return change(
        Extraction(**{"url": url, "title": "Title", "text": STORY, **old}),
        Extraction(**{"url": url, "title": "Title", "text": STORY, **new}),
    )


def edited(old: str, new: str) -> Change:
    assert old in STORY
    found = between({}, {"text": STORY.replace(old, new)})
    assert found
    assert found.fields == ("text",)
    return found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("goverment", "government"),
        ("the the", "the"),
        ("Merkle", "Merkel"),
        ("“We have waited long enough,”", '"We have waited long enough,"'),
        ("report, but", "report – but"),
        ("council", "Council"),
        ("enough", "enuogh"),
        ("opposition", "oposition"),
        ("a budget", "abudget"),
    ],
)
def test_slips_are_minor(old: str, new: str) -> None:
    assert edited(old, new).weight == "minor"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12", "15"),
        ("12", "1.2"),
        ("million", "billion"),
        ("agreed", "never agreed"),
        ("Tuesday", "Thursday"),
        ("Angela Merkle", "Friedrich Merz"),
        ("declined", "refused"),
        ("will leave", "will not leave"),
        ("June", "July"),
        ("said Angela Merkle, who", "who"),
    ],
)
def test_other_words_are_substantial(old: str, new: str) -> None:
    assert edited(old, new).weight == "substantial"


def test_paragraphs_and_words_are_counted() -> None:
    found = between({}, {"text": f"{STORY}\n\nThe vote is on Friday.", "title": "Another", "authors": ("Ann",)})
    assert found
    assert found.fields == ("title", "text", "authors")
    assert (found.paragraphs_added, found.paragraphs_removed, found.words_added, found.words_removed) == (1, 0, 5, 0)
    assert found.growth == "end"
    assert edited("12", "15").words_added == 1


@pytest.mark.parametrize(
    "line",
    [
        "Correction: an earlier version gave another sum.",
        "Korrektur: Es sind 15.",
        "An earlier version of this article said 15.",
    ],
)
def test_a_notice_of_correction_is_seen(line: str) -> None:
    found = between({}, {"text": f"{STORY}\n\n{line}"})
    assert found
    assert found.notice
    assert not edited("12", "15").notice


@pytest.mark.parametrize(
    "new",
    [
        {"authors": ("Ann",), "modified": "2026-01-01", "description": "Other", "tags": ("a",)},
        {"text": STORY.replace(" ", "\u00a0").replace("\n\n", "\n")},
        {"text": STORY.replace(".\n\n", ". ")},
        {"text": STORY.replace("mayor", "ma\u00adyor")},
        {"text": f"3 hours ago\n\n{STORY}\n\n12 comments"},
        {"text": f"Von Anna Ark · vor 5 Minuten\n\n{STORY}"},
    ],
    ids=["other fields", "spaces", "paragraphs joined", "soft hyphens", "counters", "byline"],
)
def test_what_makes_no_version(new: dict[str, Any]) -> None:
    old = {"text": f"Von Anna Ark · vor 3 Stunden\n\n{STORY}"} if "Anna Ark" in new.get("text", "") else {}
    assert between(old, new) is None
    one, other = ({"title": "Title", "text": STORY, **each} for each in (old, new))
    assert same(sketch(one["title"], one["text"]), sketch(other["title"], other["text"]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5 min read", "6 min read"),
        ("1,204 shares", "2 shares"),
        ("just now", "2 hours ago"),
        ("Lesezeit: 3 Minuten", "Lesezeit: 4 Minuten"),
        ("il y a 2 heures", "il y a 3 jours"),
        ("hace 5 minutos", "hace una hora"),
        ("3時間前", "2日前"),
        ("5分钟前", "1小时前"),
        ("12 комментариев", "13 комментариев"),
        ("منذ 3 ساعات", "منذ 4 ساعات"),
        ("Updated 27 Nov 2026, 10:42", "Updated 27 Nov 2026, 11:02"),
        ("Stand: 3. März 2026, 10:42 Uhr", "Stand: 3. März 2026, 12:00 Uhr"),
        ("Read also: One thing", "Read also: Another thing"),
        ("Lesen Sie auch: Das eine", "Lesen Sie auch: Das andere"),
        ("Get 20% off your first order", "Get 30% off your next order"),
        ("By Ann Ark | 3 hours ago | 5 min read", "By Ann Ark | 5 hours ago | 5 min read"),
    ],
)
def test_what_moves_by_itself_is_left_out(one: str, other: str) -> None:
    assert same(sketch("T", f"{one}\n\n{STORY}"), sketch("T", f"{other}\n\n{STORY}"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("He left 3 hours ago.", "He left 4 hours ago."),
        ("12 dead in fire", "15 dead in fire"),
        ("Update: 5 arrested", "Update: 6 arrested"),
        ("The 5 comments he made", "The 6 comments he made"),
        ("Reading the tea leaves", "Reading the tea leaves again"),
    ],
)
def test_what_a_person_wrote_is_not(one: str, other: str) -> None:
    assert not same(sketch("T", f"{one}\n\n{STORY}"), sketch("T", f"{other}\n\n{STORY}"))
