"""A month of news: when each of some hundred sources publishes, and what happens to it; the same for the same seed."""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

DAY = 86_400.0
HOUR = 3600.0
START = 1_793_491_200.0  # 2026-11-01T00:00Z, a Sunday
FEED = 30
"""Items in a feed."""

_HOURS = {  # articles an hour of the local day, in proportion
    "daily": (1, 1, 1, 1, 2, 6, 10, 9, 8, 8, 7, 7, 7, 6, 6, 6, 7, 7, 6, 4, 3, 2, 2, 1),
    "business": (0, 0, 0, 0, 0, 1, 3, 6, 9, 10, 10, 9, 7, 9, 9, 8, 7, 4, 1, 0, 0, 0, 0, 0),
    "wire": (4, 4, 4, 4, 5, 6, 7, 8, 9, 9, 9, 9, 9, 9, 9, 9, 8, 8, 7, 7, 6, 6, 5, 5),
    "evening": (1, 0, 0, 0, 0, 0, 1, 2, 3, 4, 4, 4, 4, 4, 5, 6, 8, 10, 10, 9, 8, 6, 4, 2),
    "morning": (0, 0, 0, 0, 2, 20, 30, 8, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0),
}
_DAYS = {  # Monday first
    "week": (1.0, 1.0, 1.0, 1.0, 1.0, 0.6, 0.5),
    "workdays": (1.0, 1.0, 1.0, 1.0, 1.0, 0.05, 0.05),
    "even": (1.0,) * 7,
}


@dataclass(slots=True)
class Outlet:
    """One source as it really is."""

    name: str
    articles: list[float] = field(default_factory=list)
    """When they come out, sorted."""
    outages: list[tuple[float, float]] = field(default_factory=list)
    fate: str = "well"
    """``well``, ``silent`` (publishes no more, answers), ``dead`` (answers no more), ``moved`` (redirects)."""
    ends: float = math.inf
    moves: float = math.inf

    @property
    def url(self) -> str:
        """Where it is watched."""
        return f"https://{self.name}.example/feed.xml"

    def leads(self, at: float) -> dict[str, str]:
        """Where its address redirects to: those that were bought move to one host."""
        return {self.url: f"https://group.example/{self.name}.xml"} if at >= self.moves else {}

    def answers(self, at: float) -> bool:
        gone = self.fate == "dead" and at >= self.ends
        return not gone and not any(start <= at < end for start, end in self.outages)

    def feed(self, at: float) -> Sequence[float]:
        """What its feed shows then: the newest, oldest first."""
        end = bisect_right(self.articles, at)
        return self.articles[max(0, end - FEED) : end]


def world(seed: int, *, sources: int, days: int) -> list[Outlet]:
    """Outlets with a week of history before START: most small, some large; of 100, 2 fall silent, 2 die, 2 move."""
    dice = random.Random(seed)
    return [_outlet(f"s{number:03}", number, dice, days) for number in range(sources)]


def _outlet(name: str, number: int, dice: random.Random, days: int) -> Outlet:
    outlet = Outlet(name)
    if number % 50 in (7, 31):
        outlet.fate, outlet.ends = ("silent", "dead")[number % 50 == 31], START + dice.uniform(0.2, 0.5) * days * DAY
    elif number % 50 == 13:
        outlet.fate, outlet.moves = "moved", START + (0.2 + number / 1000) * days * DAY
    hours = _HOURS[dice.choices(list(_HOURS), (6, 3, 1, 2, 2))[0]]
    week = _DAYS[dice.choices(list(_DAYS), (6, 3, 2))[0]]
    zone = dice.choice((-8, -5, -5, -3, 0, 1, 1, 1, 2, 3, 5.5, 8, 9))
    a_day = min(300.0, dice.lognormvariate(math.log(3), 1.9))  # a few agencies, many local papers, weeklies and blogs
    if outlet.fate == "silent":
        a_day = max(a_day, 2.0)  # nobody can tell that a quarterly has fallen silent
    end = outlet.ends if outlet.fate == "silent" else START + days * DAY
    weight = sum(hours) * sum(week) / 7
    hour = START - 7 * DAY
    while hour < end:
        local = hour + zone * HOUR
        rate = a_day * hours[int(local // HOUR) % 24] * week[(int(local // DAY) + 3) % 7] / weight
        for _ in range(_poisson(dice, rate)):
            if (at := hour + dice.uniform(0, HOUR)) < min(end, outlet.ends):  # the dead bring out nothing either
                outlet.articles.append(at)
        hour += HOUR
    outlet.articles.sort()
    for _ in range(_poisson(dice, 0.4)):
        start = START + dice.uniform(0, days) * DAY
        outlet.outages.append((start, start + dice.choice((0.3, 1, 3, 9)) * HOUR))
    return outlet


def _poisson(dice: random.Random, mean: float) -> int:
    limit, count, product = math.exp(-mean), 0, dice.random()
    while product > limit:
        count += 1
        product *= dice.random()
    return count
