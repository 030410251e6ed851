"""When a source is due. Pure: times are values, in seconds since 1970-01-01T00Z, and the clock is the caller's.

A crawl that was missed (the machine slept, the daemon was down) is made up for once, however many there were. A clock
that was set back keeps a source waiting as long as its own schedule would, at most; nothing runs twice for it.

Sources of the same interval are spread over it, each at its own moment by its id, at which it stays.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final
from zoneinfo import ZoneInfo

from cronsim import CronSim

from crawler.sources.source import Cron, Every, Schedule
from crawler.watch.rhythm import DAY, HOUR, Rhythm

__all__ = ["Standing", "backed_off", "due_at"]

_EARLY: Final = 0.01
"""Of the time that articles may wait, by which a crawl is due early: it may start some seconds late, beside others."""
_JITTER: Final = 0.1
"""Of the longest pause, by which it may end early, so that not all that rested are looked at together."""
_FULL: Final = 1 / 3
"""Of what listings show at once, the share that is expected to be new at a look, at most: nothing is to drop out."""
_FIRST_BACKOFF: Final = 15 * 60.0
_GROWTH: Final = 1.25
"""Each pause after a failure to the one before: all in all a quarter of the time that an outage has lasted."""
_LONGEST_BACKOFF: Final = DAY
"""A source that fails is looked at this often at least: nothing is given up for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a source stands."""

    since: float
    """When it was seen in sources.toml first."""
    last: float | None = None
    """When its last crawl was started; None before the first."""
    failures: int = 0
    """Crawls in a row that brought no answer."""
    flooded: bool = False
    """Whether all that it listed was new the last time: more may have come and gone in between."""
    listed: int = 0
    """Articles that its listings show at once; 0: nobody knows."""
    rhythm: Rhythm | None = None
    """When it publishes; None before anything is known."""


def due_at(name: str, schedule: Schedule, standing: Standing, now: float, *, worthwhile: float = 0.0) -> float:
    """The time from which the source of this id is due; not after `now` when it is.

    `worthwhile`: articles an hour above which an adaptive source is looked at often (`rhythm.worthwhile`).
    """
    if standing.last is None:
        return standing.since
    # A time to come is of a clock that was wrong: by hours it is waited for, by more it is not believed.
    last = standing.last if standing.last <= now + DAY else now
    if standing.failures:
        return max(_regular(name, schedule, standing, last, now, 0.0), min(last, now) + backed_off(standing.failures))
    return _regular(name, schedule, standing, last, now, worthwhile)


def backed_off(failures: int) -> float:
    """Seconds until a source that failed so often in a row is tried again."""
    return min(_LONGEST_BACKOFF, _FIRST_BACKOFF * _GROWTH ** min(failures - 1, 100))


def _regular(name: str, schedule: Schedule, standing: Standing, last: float, now: float, worthwhile: float) -> float:
    if isinstance(schedule, Cron):
        return _fires_after(schedule, last)
    last = min(last, now)
    if isinstance(schedule, Every):
        return _own_moment(name, schedule.seconds, last)
    if standing.flooded:
        return last + schedule.fresh / 4
    fresh, rhythm = schedule.fresh * (1 - _EARLY), standing.rhythm
    if rhythm is None:
        return last + fresh
    latest = last + max(fresh, schedule.most * (1 - _JITTER * _share(f"{name} {last:.0f}")))
    # What is busy from a full hour on is so for many sources at once: each is taken to begin somewhat before or after.
    shift = schedule.fresh * (_share(name) - 0.5)
    most = (_FULL * standing.listed or math.inf) / fresh * HOUR

    def need(hour: int) -> float:
        rate = rhythm.at(hour)
        return max(1.0, rate / most) if rate >= worthwhile else 0.0

    return _exposed(fresh, last - shift, latest - shift, need) + shift


def _own_moment(name: str, every: float, last: float) -> float:
    """The next of its own moments, `every` seconds apart, but for one right after a crawl that was late."""
    phase = every * _share(name)
    return ((last + every / 2 - phase) // every + 1) * every + phase


def _exposed(fresh: float, last: float, latest: float, need: Callable[[int], float]) -> float:
    """When the busy time since the last look is as long as articles may wait, or the whole time as long as it may.

    `need`: what a second of an hour counts for: 0 when not busy, 1 when busy, more when a listing would overflow.
    """
    left, at = fresh, last
    while at < latest:
        hour = int(at // HOUR)
        end = (hour + 1) * HOUR
        if weight := need(hour):
            if at + left / weight <= end:
                return min(at + left / weight, latest)
            left -= (end - at) * weight
        at = end
    return latest


def _fires_after(cron: Cron, last: float) -> float:
    """The next time the expression names, by the clock on the wall there: one that is skipped in spring is made up
    for right after, one that comes twice in autumn runs once (cronsim, as Debian's cron)."""
    start = datetime.fromtimestamp(last, ZoneInfo(cron.timezone))
    return next(CronSim(cron.expression, start)).timestamp()


def _share(text: str) -> float:
    """0 to 1, as good as random, the same for the same text."""
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "big") / 2**32
