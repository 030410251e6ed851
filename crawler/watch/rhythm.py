"""When a source publishes: articles an hour, by hour of the day and day of the week. Pure.

Hours and days are told apart (24 + 7 numbers, not 168), so that a few dozen articles are enough to see the night and
the weekend; both are drawn towards an even spread while little is known. All in UTC: a profile is of the last weeks
only, and follows daylight saving time by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

__all__ = ["ALIKE", "DAY", "HOUR", "MEMORY", "WEEK", "Rhythm", "common_days", "learn", "worthwhile"]

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY
MEMORY: Final = 4 * WEEK
"""How far back a profile looks, in seconds."""

_EVEN: Final = 20.0
"""Articles' worth of belief that all hours are alike …"""
_USUAL: Final = 40.0
"""… and that its days are those of other sources."""
ALIKE: Final = (1.0,) * 7
_FIRST: Final = 1.0
"""Articles that a source is believed to have had in the day before it was watched."""
_VOTE: Final = 10
"""Articles that must be known of a source before it says what is usual."""
_SMOOTH: Final = ((-1, 0.25), (0, 0.5), (1, 0.25))
"""What an article at one hour says of those beside it."""
_THURSDAY: Final = 3
"""Of 1970-01-01, Monday being 0."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Articles an hour: `hours` 24 and `days` 7 factors around 1, Monday first, of a mean `rate`."""

    rate: float
    hours: tuple[float, ...]
    days: tuple[float, ...]

    def at(self, hour: int) -> float:
        """Articles expected in an hour, counted from 1970-01-01T00Z."""
        return self.rate * self.hours[hour % 24] * self.days[(hour // 24 + _THURSDAY) % 7]

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
    hours, days = [0.0] * 24, [0.0] * 7
    for at in recent:
        moment = datetime.fromtimestamp(at, UTC)
        for shift, weight in _SMOOTH:
            hours[(moment.hour + shift) % 24] += weight
        days[moment.weekday()] += 1
    rate = (len(recent) + _FIRST) / ((now - start + DAY) / HOUR)
    return Rhythm(rate, _factors(hours, (1.0,) * 24, _EVEN), _factors(days, usual, _USUAL))


def _factors(counts: Sequence[float], belief: Sequence[float], weight: float) -> tuple[float, ...]:
    share = (sum(counts) + weight) / len(counts)
    return tuple((count + weight * much / len(counts)) / share for count, much in zip(counts, belief, strict=True))


def common_days(published: Iterable[Collection[float]], now: float) -> tuple[float, ...]:
    """The days of the week as most sources have them: each that is known for more than a week has one vote."""
    votes = [0.0] * 7
    for times in published:
        recent = [at for at in times if now - MEMORY <= at <= now]
        if len(recent) >= _VOTE and now - min(recent) > WEEK:
            for at in recent:
                votes[datetime.fromtimestamp(at, UTC).weekday()] += 1 / len(recent)
    total = sum(votes)
    return tuple(7 * vote / total for vote in votes) if total else ALIKE


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
