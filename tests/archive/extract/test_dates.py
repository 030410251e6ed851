"""Dates as pages write them."""

from __future__ import annotations

import subprocess
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from archive.extract.dates import Setting, parse


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
        ("2026年（令和8年）3月12日", "2026-03-12"),
        ("令和元年5月1日 10時05分", "2019-05-01T10:05:00+00:00"),
        ("平成31年4月30日", "2019-04-30"),
        ("中華民國115年3月12日", "2026-03-12"),
        ("جمعه ۶ آذر ۱۴۰۵ - ۱۴:۰۵", "2026-11-27T14:05:00+00:00"),
        ("تاریخ انتشار: ۱۴:۰۵ - ۰۶ آذر ۱۴۰۵", "2026-11-27T14:05:00+00:00"),
        ("۶ قوس ۱۴۰۵", "2026-11-27"),
        ("٦ آذر ١٤٠٥", "2026-11-27"),
        ("۱۴۰۵/۰۹/۰۶", "2026-11-27"),
        ("۰۶-۰۹-۱۴۰۵", "2026-11-27"),
        ("۳۰ اسفند ۱۴۰۳", "2025-03-20"),
        ("17 جمادى الآخرة 1448هـ", "2026-11-27"),
        ("١٧/٠٦/١٤٤٨ هـ", "2026-11-27"),
        ('י"ז בכסלו תשפ"ז', "2026-11-27"),
        ('כ"ג בכסלו ה׳תשפ״ז, 14:05', "2026-12-03T14:05:00+00:00"),
        ("ט״ו באדר ב׳ תשפ״ד", "2024-03-25"),
    ],
)
def test_years_that_are_counted_from_elsewhere(text: str, value: str) -> None:
    moment = parse(text)
    assert moment is not None
    assert moment.value == value


@pytest.mark.parametrize(
    "text",
    [
        "الجمعة 17 جمادى الآخرة 1448هـ - 27 نوفمبر 2026م",
        "17 جمادى الأولى 1448هـ الموافق 27 نوفمبر 2026",  # sighted a day later than it was reckoned, or a month off
        "1448/06/18 هـ - 2026/11/27 م",
        "27/11/2026 - 18/06/1448",
        "جمعه ۷ آذر ۱۴۰۵ - 27 November 2026",
        'י"ח בכסלו תשפ"ז, 27.11.2026',
    ],
)
def test_of_two_dates_ours_counts(text: str) -> None:
    moment = parse(text)
    assert moment is not None
    assert moment.value == "2026-11-27"


@pytest.mark.parametrize("text", ["1405/09/06", "1405-09-06T10:00", "14050906", "1448/06/17", "17-06-1448"])
@pytest.mark.parametrize("language", [None, "en", "de"])
def test_a_year_that_may_be_of_any_calendar_is_of_none(text: str, language: str | None) -> None:
    assert parse(text, Setting(language=language)) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [("fa", "1405/09/06"), ("prs", "06/09/1405"), ("ar", "1448/06/17"), ("ar", "17-06-1448")],
)
def test_the_language_says_whose_year_it_is(language: str, text: str) -> None:
    moment = parse(text, Setting(language=language))
    assert moment is not None
    assert moment.value == "2026-11-27"


@given(
    st.dates(date(1960, 1, 1), date(2060, 1, 1)), st.sampled_from(["{y}/{m:02}/{d:02}", "{d}-{m}-{y}", "{y}.{m}.{d}"])
)
def test_no_year_of_iran_is_taken_for_one_of_ours(day: date, form: str) -> None:
    persian = JalaliDate(day)
    written = form.format(y=persian.year, m=persian.month, d=persian.day)
    assert parse(written) is None
    moment = parse(written, Setting(language="fa"))
    if persian.year <= 1410:  # from then on, only a word tells it from the years of the Hijra
        assert moment is not None
        assert moment.value == day.isoformat()


@pytest.mark.parametrize(
    ("locale", "earliest", "latest"),
    [
        ("th_TH@calendar=buddhist", 1941, 2099),
        ("ja_JP@calendar=japanese", 1880, 2099),
        ("zh_TW@calendar=roc", 1912, 2099),
        ("fa_IR@calendar=persian", 1880, 2099),
        ("fa_AF@calendar=persian", 1880, 2099),
        ("ps_AF@calendar=persian", 1880, 2099),
        ("ckb_IR@calendar=persian", 1880, 2099),
        ("he_IL@calendar=hebrew", 1880, 2045),  # of 5806, ICU 72 has a day too many; the reckoning is as the library's
        # Before 1999 and after 2029, ICU reckons where the published calendar differs.
        ("ar_SA@calendar=islamic-umalqura", 2000, 2029),
        ("ar_EG@calendar=islamic-umalqura", 2000, 2029),
        ("ur_PK@calendar=islamic-umalqura", 2000, 2029),
        ("fa_IR@calendar=islamic-umalqura", 2000, 2029),
        ("id_ID@calendar=islamic-umalqura", 2000, 2029),
    ],
)
def test_what_icu_writes_is_read_back(locale: str, earliest: int, latest: int) -> None:
    for day, text in written_by_icu(locale, earliest, latest):
        moment = parse(text, Setting.of(locale.partition("@")[0]))
        assert moment is not None, text
        assert moment.value == day, text


ICU = """
import datetime, icu, sys
written = [icu.DateFormat.createDateInstance(style, icu.Locale(sys.argv[1])) for style in (0, 1)]
first, last = (datetime.datetime(int(year), 1, 1, tzinfo=datetime.UTC) for year in sys.argv[2:])
for number in range(0, (last - first).days, (last - first).days // 700):
    at = first + datetime.timedelta(number)
    for form in written:
        form.setTimeZone(icu.TimeZone.getGMT())
        print(at.date().isoformat(), form.format(at.timestamp()))
"""


def written_by_icu(locale: str, earliest: int, latest: int) -> list[tuple[str, str]]:
    """Days, and how ICU writes them: Debian's, with the Python that comes with it."""
    command = ["/usr/bin/python3", "-c", ICU, locale, str(earliest), str(latest)]
    try:
        ran = subprocess.run(command, capture_output=True, encoding="utf-8", env={"PYTHONUTF8": "1"}, check=False)
    except FileNotFoundError:
        pytest.skip("ICU is needed: Debian's package python3-icu")
    if "No module named 'icu'" in ran.stderr:
        pytest.skip("ICU is needed: Debian's package python3-icu")
    lines = [line.partition(" ") for line in ran.stdout.splitlines()]
    assert len(lines) > 500, ran.stderr
    return [(day, text) for day, _, text in lines]
