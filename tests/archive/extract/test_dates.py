"""Dates as pages write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.extract.dates import parse


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("2024-05-03", "2024-05-03", "day"),
        ("20240503", "2024-05-03", "day"),
        ("2024/5/3", "2024-05-03", "day"),
        ("2024-05-03T10:30:15Z", "2024-05-03T10:30:15+00:00", "second"),
        ("2024-05-03T10:30:15.123+0200", "2024-05-03T10:30:15+02:00", "second"),
        ("2024-05-03T10:30+05:30", "2024-05-03T10:30:00+05:30", "minute"),
        ("2024-05-03 10:30:15 -0700", "2024-05-03T10:30:15-07:00", "second"),
        ("20240503T103015Z", "2024-05-03T10:30:15+00:00", "second"),
        ("2024-05-03T10:30:15", "2024-05-03T10:30:15+00:00", "second"),
        ("Fri, 03 May 2024 10:30:15 GMT", "2024-05-03T10:30:15+00:00", "second"),
        ("Fri May 03 2024 10:30:15 GMT+0200 (CEST)", "2024-05-03T10:30:15+02:00", "second"),
        ("1714732215", "2024-05-03T10:30:15+00:00", "second"),
        ("1714732215000", "2024-05-03T10:30:15+00:00", "second"),
        ("May 3, 2024 at 10:30 p.m. EDT", "2024-05-03T22:30:00-04:00", "minute"),
        ("Updated May 3rd, 2024, 12:05 AM", "2024-05-03T00:05:00+00:00", "minute"),
        ("3rd of May 2024", "2024-05-03", "day"),
        ("3. Mai 2024, 10:30 Uhr", "2024-05-03T10:30:00+00:00", "minute"),
        ("3 de mayo de 2024 10h30", "2024-05-03T10:30:00+00:00", "minute"),
        ("Publié le 1er mai 2024 à 10:30", "2024-05-01T10:30:00+00:00", "minute"),
        ("03.05.2024 | 10.30", "2024-05-03T10:30:00+00:00", "minute"),
        ("3 мая 2024, 10:30", "2024-05-03T10:30:00+00:00", "minute"),
        ("2024年5月3日 10時30分", "2024-05-03T10:30:00+00:00", "minute"),
    ],
)
def test_reads(text: str, value: str, precision: str) -> None:
    moment = parse(text)
    assert moment is not None
    assert (moment.value, moment.precision) == (value, precision)


@pytest.mark.parametrize(
    "text", ["", None, "03/04/2024", "2024-13-01", "2024-02-30", "yesterday", "0001-01-01", "May 2024"]
)
def test_reads_nothing_into(text: str | None) -> None:
    assert parse(text) is None


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2099, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone
def test_what_python_writes_is_read_back(instant: datetime) -> None:
    moment = parse(instant.isoformat())
    assert moment is not None
    assert datetime.fromisoformat(moment.value) == instant.replace(microsecond=0)


@given(st.text(max_size=250))
def test_no_text_is_too_odd(text: str) -> None:
    if moment := parse(text):
        assert datetime.fromisoformat(moment.value)
