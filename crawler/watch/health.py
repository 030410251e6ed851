"""Whether a source is well: it answers, it publishes as it used to, and its articles can be read. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from itertools import pairwise
from typing import Final

from crawler.watch.rhythm import DAY, Rhythm
from crawler.watch.schedule import Standing

__all__ = ["Health", "judge", "silence"]

_FAILURES: Final = 12
"""Failed crawls in a row, which with the back-off take more than ten hours: no maintenance lasts so long."""
_MISSED: Final = 10.0
"""Articles expected and not come: by chance (Poisson) that happens to one of twenty thousand."""
_GAPS: Final = 8
"""Pauses that must be known before anything is said of the next."""
_TIMES: Final = 3.0
"""How many of its usual pauses a regular source may be silent."""
_LEAST: Final = 2.5 * DAY
"""Before that no silence is told: a long weekend is none."""


class Health(Enum):
    WELL = "well"
    NEW = "new"
    FAILING = "failing"
    SILENT = "silent"
    WORSE = "worse"
    """Its articles cannot be read as they could (`extraction`)."""
    DISABLED = "disabled"


def judge(standing: Standing, published: Sequence[float], now: float) -> Health:
    """How a source is, given when its articles came out (sorted, seconds since 1970)."""
    if standing.failures >= _FAILURES:
        return Health.FAILING
    if standing.last is None:
        return Health.NEW
    return Health.SILENT if silence(published, now, standing.rhythm) else Health.WELL


def silence(published: Sequence[float], now: float, rhythm: Rhythm | None = None) -> float:
    """Seconds since its last article, where that is longer than chance and its habits allow; else 0.

    `rhythm`: has the days of the week on which nothing much is to be expected.
    """
    if len(published) <= _GAPS:
        return 0.0
    quiet = now - published[-1]
    if quiet < _LEAST:
        return 0.0
    pauses = sorted(later - earlier for earlier, later in pairwise(published))
    usual = pauses[int(len(pauses) * 0.95)]
    # What it publishes is judged by the time before it fell silent, not by the silence.
    span = max(published[-1] - published[0], DAY)
    missed = (len(published) - 1) * (rhythm.weigh(published[-1], now) if rhythm else quiet) / span
    unusual = quiet > 1.5 * pauses[-1]
    return quiet if unusual and (missed >= _MISSED or quiet > _TIMES * usual) else 0.0
