"""When a source publishes: articles an hour, by hour of the day and day of the week. Pure.

Hours and days are told apart (24 + 7 numbers, not 168), so that a few dozen articles are enough to see the night and
the weekend; both are drawn towards what is believed while little is known, and both count for how often that hour and
that day were watched: eight days have two Sundays. All in UTC: a profile is of the last weeks only, and follows
daylight saving time by itself.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import mul
from typing import Final

__all__ = ["ALIKE", "DAY", "HOUR", "MEMORY", "WEEK", "Rhythm", "common_days", "learn", "worthwhile"]

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY
MEMORY: Final = 4 * WEEK
"""How far back a profile looks, in seconds."""

_EVEN: Final = 5.0
"""Articles' worth of belief that all hours are alike …"""
_USUAL: Final = 40.0
"""… and that its days are those of other sources."""
ALIKE: Final = (1.0,) * 7
_FIRST: Final = 0.1
"""Articles that a source is believed to have had in as much of a day before it was watched."""
_VOTE: Final = 10
"""Articles that must be known of a source before it says what is usual."""
_THURSDAY: Final = 3
"""Of 1970-01-01, Monday being 0."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Articles an hour: `hours` 24 and `days` 7 factors around 1, Monday first, of a mean `rate`."""

    rate: float
    hours: tuple[float, ...]
    days: tuple[float, ...]
    settled: bool = False
    """Whether enough is known of it to say what is usual."""

    def at(self, hour: int) -> float:
        """Articles expected in an hour, counted from 1970-01-01T00Z."""
        return self.rate * self.hours[hour % 24] * self.days[_weekday(hour)]

    def weigh(self, start: float, end: float) -> float:
        """The seconds between, as many as there are, but those of its idle days for little."""
        edges = [start, *(DAY * day for day in range(int(start // DAY) + 1, int(end // DAY) + 1)), end]
        return sum((to - at) * self.days[_weekday(int(at // HOUR))] for at, to in pairwise(edges))

    def week(self) -> list[float]:
        """The 168 hours of a week, Monday first."""
        return [self.rate * hour * day for day in self.days for hour in self.hours]


def learn(published: Collection[float], *, since: float, now: float, usual: tuple[float, ...] = ALIKE) -> Rhythm:
    """The profile of a source whose articles are from these times, watched `since` then; seconds since 1970.

    What a source shows at the first look is older than that, and counts for the time that it covers. `usual`: the
    days of other sources (`common_days`).
    """
    recent = [at for at in published if now - MEMORY <= at <= now]
    start = max(now - MEMORY, min([since, *recent]))
    came, watched = _table(int(at // HOUR) for at in recent), _table(range(int(start // HOUR), math.ceil(now / HOUR)))
    came_hours, came_days = _smooth([sum(column) for column in zip(*came, strict=True)]), [sum(row) for row in came]

    def rate(by_hour: Iterable[float], hours: Sequence[float]) -> float:
        time: float = sum(map(mul, by_hour, hours))
        return (len(recent) + _FIRST) / (time + 24 * _FIRST)

    even = [1.0] * 24
    by_hour = [sum(map(mul, column, usual)) for column in zip(*watched, strict=True)]
    mean = rate(by_hour, even)
    hours = _factors(came_hours, _smooth([mean * time for time in by_hour]), even, _EVEN)
    by_day = [sum(map(mul, row, hours)) for row in watched]
    mean = rate(by_hour, hours)
    days = _factors(came_days, [mean * time for time in by_day], usual, _USUAL)
    mean = rate(by_day, days)
    settled = len(recent) >= _VOTE and now - start > WEEK
    return Rhythm(mean, tuple(hours), tuple(days), settled)


def _weekday(hour: int) -> int:
    return (hour // 24 + _THURSDAY) % 7


def _table(hours: Iterable[int]) -> list[list[float]]:
    """How many of these hours are on each of 7 days and 24 hours."""
    table = [[0.0] * 24 for _ in range(7)]
    for hour in hours:
        table[_weekday(hour)][hour % 24] += 1
    return table


def _smooth(hours: Sequence[float]) -> list[float]:
    """What an article at one hour says of those beside it."""
    return [hours[hour - 1] / 4 + hours[hour] / 2 + hours[(hour + 1) % 24] / 4 for hour in range(24)]


def _factors(came: Sequence[float], expected: Sequence[float], belief: Sequence[float], weight: float) -> list[float]:
    """How many times more came than was expected, with some articles' weight of belief; 1 in the mean."""
    share = weight / len(came)
    found = [(one + share * much) / (other + share) for one, other, much in zip(came, expected, belief, strict=True)]
    mean = sum(found) / len(found)
    return [one / mean for one in found]


def common_days(rhythms: Iterable[Rhythm]) -> tuple[float, ...]:
    """The days of the week as most sources have them: each that is known well has one vote."""
    votes = [rhythm.days for rhythm in rhythms if rhythm.settled]
    return tuple(sum(day) / len(votes) for day in zip(*votes, strict=True)) if votes else ALIKE


def worthwhile(rhythms: Iterable[Rhythm], coverage: float) -> float:
    """The rate (articles an hour) above which an hour of a source is worth frequent looks.

    The busiest hours of all the sources, taken in turn, until they hold that share of all articles: looking often at
    the rest costs more for each article found in time than looking at any of these.
    """
    rates = sorted((rate for rhythm in rhythms for rate in rhythm.week()), reverse=True)
    wanted, had = coverage * sum(rates), 0.0
    for rate in rates:
        had += rate
        if had >= wanted:
            return rate
    return 0.0
