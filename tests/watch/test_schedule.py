"""When a source is due: daylight saving, leap days, and clocks that step back and forth."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources.source import Adaptive, Cron, Every, Schedule
from crawler.watch.health import silence
from crawler.watch.rhythm import DAY, HOUR, WEEK, Rhythm, learn
from crawler.watch.schedule import Standing, backed_off, due_at

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC", "America/Santiago"]
times = st.floats(1.7e9, 1.9e9)  # 2023 to 2030


def runs(schedule: Schedule, start: float, end: float, step: float = 30.0) -> list[float]:
    """When crawls are started by one who looks every `step` seconds."""
    found, standing, now = [], Standing(since=start, last=start), start
    while now < end:
        at = due_at("s", schedule, standing, now)
        now = max(now + step, at)
        if now < end:
            found.append(now)
            standing = Standing(since=start, last=now)
    return found


@given(st.sampled_from(ZONES), times, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
def test_a_daily_crawl_runs_once_a_day_whatever_the_clock_on_the_wall_does(
    zone: str, start: float, hour: int, minute: int
) -> None:
    where = ZoneInfo(zone)
    cron = Cron(f"{minute} {hour} * * *", zone)
    midnight = datetime.fromtimestamp(start, where).replace(hour=0, minute=0, second=0, microsecond=0)
    begin = (midnight - timedelta(seconds=1)).timestamp()
    days = [datetime.fromtimestamp(at, where).date() for at in runs(cron, begin, begin + 400 * DAY, 1.0)]
    assert len(days) == len(set(days))
    first, last = days[0], days[-1]
    assert days == [first + timedelta(days=number) for number in range((last - first).days + 1)]


def test_a_leap_day_has_its_crawl() -> None:
    start = datetime(2028, 2, 28, 12, tzinfo=UTC).timestamp()
    found = runs(Cron("0 6 29 2 *"), start, start + 5 * 366 * DAY)
    assert [datetime.fromtimestamp(at, UTC).date().isoformat() for at in found] == ["2028-02-29", "2032-02-29"]


@given(times, st.sampled_from([900.0, 3600.0, DAY]), st.floats(-3 * DAY, 3 * DAY))
def test_a_clock_that_steps_neither_starves_a_source_nor_hurries_it(last: float, every: float, step: float) -> None:
    now = last + step
    at = due_at("s", Every(every), Standing(since=last - WEEK, last=last), now)
    assert at <= now + 1.5 * every
    if step >= 0:
        assert at >= last + 0.5 * every


def test_sources_of_the_same_interval_are_spread_over_it() -> None:
    start = 1.8e9
    for schedule in (Every(900.0), Adaptive()):
        rhythm = Rhythm(1.0, tuple(2.0 * (6 <= hour < 18) for hour in range(24)), (1.0,) * 7)
        crawls = Counter[int]()
        for number in range(300):
            standing = Standing(since=start, last=start - 5 * HOUR, rhythm=rhythm)
            while standing.last is not None and standing.last < start + DAY:
                at = due_at(f"source-{number}", schedule, standing, standing.last, worthwhile=1.0)
                standing = Standing(since=start, last=at, rhythm=rhythm)
                crawls[int(at // 60)] += 1
        busiest = max(crawls.values())
        assert busiest <= 3 * 300 / 15


@given(times, st.floats(1, 20 * 3600.0))
def test_a_cron_crawl_is_not_run_twice_when_the_clock_is_set_back(last: float, back: float) -> None:
    cron = Cron("0 * * * *")
    assert due_at("s", cron, Standing(since=last - DAY, last=last), last - back) > last


def test_what_was_missed_is_made_up_for_once() -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC).timestamp()
    asleep = start + 20 * DAY
    for schedule in (Every(900.0), Cron("*/15 * * * *"), Adaptive()):
        assert due_at("s", schedule, Standing(since=start, last=start), asleep) <= asleep
        assert due_at("s", schedule, Standing(since=start, last=asleep), asleep + 1) > asleep + 1


def test_failing_sources_are_tried_more_rarely_and_never_given_up() -> None:
    waits = [backed_off(failures) for failures in range(1, 1000)]
    assert waits == sorted(waits)
    assert waits[0] == 900.0
    assert waits[-1] == DAY
    now = 1.8e9
    dead = Standing(since=now - WEEK, last=now, failures=500)
    assert now + 300 <= due_at("s", Every(300.0), dead, now) <= now + DAY


@given(st.lists(st.floats(1.79e9, 1.79e9 + 4 * WEEK), max_size=300))
def test_a_rhythm_has_as_many_articles_as_there_were(published: list[float]) -> None:
    now = 1.79e9 + 4 * WEEK
    rhythm = learn(published, since=1.79e9, now=now)
    month = 4 * sum(rhythm.week())
    assert month > 0
    assert abs(month - len(published)) <= 2 + 0.05 * len(published)


def test_a_source_is_looked_at_often_when_it_publishes_and_rarely_at_night() -> None:
    now = datetime(2026, 11, 29, tzinfo=UTC).timestamp()  # a Sunday, 0:00
    published = [
        now - day * DAY + hour * HOUR + minute * 60
        for day in range(1, 29)
        if datetime.fromtimestamp(now - day * DAY, UTC).weekday() < 5
        for hour in range(8, 18)
        for minute in (5, 35)
    ]
    rhythm = learn(published, since=now - 4 * WEEK, now=now)
    schedule = Adaptive(1200.0, 6 * HOUR)

    def after(hour: float) -> float:
        last = now + DAY + hour * HOUR  # on Monday
        standing = Standing(since=now - WEEK, last=last, rhythm=rhythm)
        return due_at("s", schedule, standing, last, worthwhile=0.5) - last

    assert after(10) <= 1200
    assert after(20) >= 5 * HOUR
    assert 2 * HOUR < after(5.75) < 2.7 * HOUR  # on at eight, and there twenty minutes later


def test_a_listing_that_would_overflow_is_looked_at_more_often() -> None:
    busy = Standing(since=0, last=1.8e9, rhythm=Rhythm(90.0, (1.0,) * 24, (1.0,) * 7))
    waits = [due_at("s", Adaptive(), replace(busy, listed=listed), 1.8e9) - 1.8e9 for listed in (0, 200, 30, 10)]
    assert waits[0] == waits[1] == pytest.approx(1188)  # 200 hold more than two hours
    assert waits[2] == pytest.approx(400)  # ten of thirty
    assert waits[3] < 150


def test_eight_days_with_two_sundays_do_not_make_sunday_busy() -> None:
    sunday = datetime(2026, 11, 1, tzinfo=UTC).timestamp()
    rhythm = learn([sunday + hour * HOUR for hour in range(8 * 24)], since=sunday, now=sunday + 8 * DAY)
    assert max(rhythm.days) - min(rhythm.days) < 0.02
    assert rhythm.rate == pytest.approx(1, rel=0.05)


def test_a_weekend_off_is_no_silence() -> None:
    friday = datetime(2026, 11, 27, 17, tzinfo=UTC).timestamp()
    published = sorted(
        friday - day * DAY - hour * 0.9 * HOUR
        for day in range(28)
        if datetime.fromtimestamp(friday - day * DAY, UTC).weekday() < 5
        for hour in range(5)
    )
    rhythm = learn(published, since=friday - 4 * WEEK, now=friday)
    assert not silence(published, friday + 3.7 * DAY, rhythm)
    assert silence(published, friday + 12 * DAY, rhythm)
