"""What a crawl asks of earlier ones: known pages, dead ones for a while, and articles that are due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive.catalogue import recall
from archive.catalogue.captures import drop
from archive.catalogue.store import Catalogue
from archive.catalogue.times import to_micros
from archive.model import Capture
from tests.archive.catalogue.test_store import HOST, START, add_captures, capture, catalogue_of, reading

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AGES = [3 * HOUR, DAY, 7 * DAY, 30 * DAY]
MICROSECOND = timedelta(microseconds=1)


def known(catalogue: Catalogue, *paths: str, now: datetime = START) -> set[str]:
    keys = [f"//news.example{path}" for path in paths]
    return {key.removeprefix("//news.example") for key in recall.known(catalogue.connection, keys, to_micros(now))}


def due(catalogue: Catalogue, now: datetime, limit: int = 100, ages: Sequence[timedelta] = AGES) -> list[str]:
    found = recall.due(
        catalogue.connection, "news.example", [age // MICROSECOND for age in ages], to_micros(now), limit
    )
    return [one.url.removeprefix(HOST) for one in found]


def moved(number: int, path: str, to: str, minutes: int = 0) -> Capture:
    return replace(capture(number, path, minutes, status=301), redirect=HOST + to)


def test_pages_are_known_by_themselves_and_by_where_they_lead(tmp_path: Path) -> None:
    captures = [
        capture(1, "/a"),
        replace(capture(2, "/cut"), truncated="disconnect"),
        replace(capture(3, "/long"), truncated="length"),
        moved(4, "/go", "/went"),
        moved(5, "/went", "/a"),
        moved(6, "/round", "/round"),
        moved(7, "/nowhere", "/never-captured"),
        capture(8, "/broken", status=500),
    ]
    paths = ("/a", "/cut", "/long", "/go", "/round", "/nowhere", "/broken", "/new")
    with catalogue_of(tmp_path / "c", captures, []) as catalogue:
        assert known(catalogue, *paths) == {"/a", "/long", "/go"}
        page = recall.page(catalogue.connection, "//news.example/go")
        assert page is not None
        assert page.url == HOST + "/a"
        many = [f"/{number}" for number in range(1200)]
        assert known(catalogue, *many, "/a", *many) == {"/a"}


@pytest.mark.parametrize("status", [403, 404, 410])
def test_what_is_missing_is_asked_for_at_growing_intervals(status: int, tmp_path: Path) -> None:
    with catalogue_of(tmp_path / "c", [], []) as catalogue:
        asked, now = list[timedelta](), START
        for minute in range(0, 60 * 24 * 7, 30):
            now = START + timedelta(minutes=minute)
            if not known(catalogue, "/gone", now=now):
                add_captures(catalogue, [capture(len(asked), "/gone", minute, status=status)])
                asked.append(now - START)
        assert asked == [timedelta(hours=hours) for hours in (0, 1, 2, 4, 8, 16, 32, 64, 128)]


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_what_is_not_to_be_had_now_is_asked_for_the_next_time(status: int, tmp_path: Path) -> None:
    with catalogue_of(tmp_path / "c", [capture(1, "/later", status=status)], []) as catalogue:
        assert not known(catalogue, "/later")


def test_an_article_is_due_when_it_reaches_an_age_and_not_again_before_the_next(tmp_path: Path) -> None:
    with catalogue_of(tmp_path / "c", [capture(1)], [reading(1, capture(1), published=START.isoformat())]) as catalogue:
        looked = []
        for hour in range(24 * 120):
            now = START + hour * HOUR
            if due(catalogue, now):
                looked.append(now - START)
                add_captures(catalogue, [capture(100 + hour, "/story", 60 * hour, "warc/revisit", 304)])
        assert looked == AGES


@pytest.mark.parametrize(
    ("path", "status", "is_due"),
    [
        ("/story", 404, False),
        ("/story", 410, False),
        ("/story", 503, True),
        ("/story", 429, True),
        ("/other", 404, True),
    ],
)
def test_an_answer_about_the_article_is_a_look(path: str, status: int, is_due: bool, tmp_path: Path) -> None:
    with catalogue_of(tmp_path / "c", [capture(1)], [reading(1, capture(1), published=START.isoformat())]) as catalogue:
        answer = capture(2, path, 200, status=status)
        add_captures(catalogue, [answer])
        assert due(catalogue, START + 4 * HOUR) == (["/story"] if is_due else [])
        with catalogue.transaction() as connection:
            drop(connection, [answer.id])
        assert due(catalogue, START + 4 * HOUR) == ["/story"]


def test_what_was_captured_long_after_it_came_out_is_not_due(tmp_path: Path) -> None:
    old = reading(1, capture(1), published=(START - 90 * DAY).isoformat())
    with catalogue_of(tmp_path / "c", [capture(1)], [old]) as catalogue:
        assert not any(due(catalogue, START + days * DAY) for days in range(100))


def test_the_newest_of_a_host_come_first_and_no_more_than_asked(tmp_path: Path) -> None:
    captures = [capture(number, f"/{number}", number) for number in range(9)]
    elsewhere = replace(capture(10), url="https://other.example/story")
    readings = [reading(number, one) for number, one in enumerate([*captures, elsewhere])]
    with catalogue_of(tmp_path / "c", [*captures, elsewhere], readings) as catalogue:
        assert due(catalogue, START + 4 * HOUR, limit=3) == ["/8", "/7", "/6"]
        assert len(due(catalogue, START + 4 * HOUR)) == 9
        assert due(catalogue, START + 4 * HOUR, ages=[]) == []


def test_one_search_in_an_index_each(tmp_path: Path) -> None:
    """However many articles there are."""
    with Catalogue(tmp_path / "c", create=True) as catalogue:
        plans: list[str] = []
        statements: list[str] = []
        catalogue.connection.set_trace_callback(statements.append)
        known(catalogue, "/a")
        due(catalogue, START)
        recall.page(catalogue.connection, "//news.example/a")
        recall.latest(catalogue.connection, HOST + "/a")
        catalogue.connection.set_trace_callback(None)
        for statement in statements:
            plans += [row[3] for row in catalogue.connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert len(statements) == 3 + len(AGES)
        scans = ("SCAN captures", "SCAN c ", "SCAN s", "SCAN a")
        assert not [plan for plan in plans if plan.startswith(scans)], plans
