"""Dates as pages write them."""

from __future__ import annotations

import subprocess
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


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12 มีนาคม 2569", "2026-03-12"),
        ("วันพฤหัสบดีที่ 12 มี.ค. พ.ศ. 2569 เวลา 09:30 น.", "2026-03-12T09:30:00+00:00"),
        ("12 มีนาคม 2026", "2026-03-12"),
        ("令和8年3月12日", "2026-03-12"),
        ("令和元年5月1日 10時05分", "2019-05-01T10:05:00+00:00"),
        ("平成31年4月30日", "2019-04-30"),
        ("中華民國115年3月12日", "2026-03-12"),
    ],
)
def test_years_that_are_counted_from_elsewhere(text: str, value: str) -> None:
    moment = parse(text)
    assert moment is not None
    assert moment.value == value


@pytest.mark.parametrize(
    ("locale", "pattern", "earliest"),
    [
        *(
            ("th_TH@calendar=buddhist", pattern, 1941)
            for pattern in ("d MMMM yyyy", "d MMM G yyyy", "EEEEที่ d MMMM yyyy")
        ),
        ("ja_JP@calendar=japanese", "Gy年M月d日", 1880),
        ("zh_TW@calendar=roc", "Gy年M月d日", 1912),
    ],
)
def test_what_icu_writes_is_read_back(locale: str, pattern: str, earliest: int) -> None:
    for day, text in written_by_icu(locale, pattern, earliest):
        moment = parse(text)
        assert moment is not None, text
        assert moment.value == day, text


ICU = """
import datetime, icu, sys
written = icu.SimpleDateFormat(sys.argv[2], icu.Locale(sys.argv[1]))
written.setTimeZone(icu.TimeZone.getGMT())
first, day = datetime.datetime(int(sys.argv[3]), 1, 1, tzinfo=datetime.UTC), datetime.timedelta(days=1)
for number in range(0, (datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC) - first).days, 97):
    at = first + number * day
    print(at.date().isoformat(), written.format(at.timestamp()))
"""


def written_by_icu(locale: str, pattern: str, earliest: int) -> list[tuple[str, str]]:
    """Days, and how ICU writes them: Debian's, with the Python that comes with it."""
    command = ["/usr/bin/python3", "-c", ICU, locale, pattern, str(earliest)]
    try:
        ran = subprocess.run(command, capture_output=True, encoding="utf-8", env={"PYTHONUTF8": "1"}, check=False)
    except FileNotFoundError:
        pytest.skip("ICU is needed: Debian's package python3-icu")
    if "No module named 'icu'" in ran.stderr:
        pytest.skip("ICU is needed: Debian's package python3-icu")
    lines = [line.partition(" ") for line in ran.stdout.splitlines()]
    assert len(lines) > 500, ran.stderr
    return [(day, text) for day, _, text in lines]
