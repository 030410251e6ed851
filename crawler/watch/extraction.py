"""Whether reading a source's articles got worse, compared with its own past: its site has changed its layout. Pure.

Pages are judged by the handful, which is five at least, and what came in six hours at least, so that three have seen a
night and a day: a batch of agency pieces, or of old ones that a site lists anew, is one among several. Worse is what
lasts for three handfuls, is worse than any three were before, and is no chance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb, fsum
from statistics import fmean, median
from typing import Final

from crawler.watch.rhythm import HOUR

__all__ = ["ENOUGH", "KEPT", "LONG", "Handful", "Symptom", "symptoms"]

ENOUGH: Final = 5
"""Pages of a handful, at least, …"""
LONG: Final = 6 * HOUR
"""… and seconds."""
KEPT: Final = 300
"""Handfuls that are kept of a source: ten weeks of one that publishes all day, years of most."""
_LEAST: Final = 3
"""Of what is counted, in each: a share of one or two says nothing."""
_WINDOWS: Final = (3, 6, 12)
"""Handfuls that are held against those before; the longer ones tell where half of all articles were so before."""
_PAST: Final = 12
"""Handfuls that must be known of before."""
_LOST: Final = 0.67
"""Of the pages that used to be well, the share that must be so no more, in each handful."""
_LACKING: Final = 0.5
"""A source of which more than that were always so has little to lose."""
_CHANCE: Final = 1e-6
"""That a window is so by chance: a thousand sources are asked a dozen times a day, for five symptoms."""
_SHORTER: Final = 0.4
"""Of the usual length, below which texts are too short to be whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handful:
    """Some pages that a source brought one after the other, as `archive.catalogue.texts` counts them."""

    at: float
    """When the first was read; seconds since 1970."""
    pages: int
    empty: int
    walled: int
    untitled: int
    undated: int
    unsigned: int
    words: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    name: str
    text: str
    """For a person, with the numbers."""
    since: float
    """When it began, by the handful; seconds since 1970."""


_SHARES: Final[tuple[tuple[str, str, Callable[[Handful], tuple[int, int]]], ...]] = (
    ("empty", "without an article", lambda one: (one.empty, one.pages)),
    ("walled", "walled off", lambda one: (one.walled, one.pages)),
    ("untitled", "without a title", lambda one: (one.untitled, one.pages - one.empty)),
    ("undated", "without a date", lambda one: (one.undated, one.pages - one.empty)),
    ("unsigned", "without an author", lambda one: (one.unsigned, one.pages - one.empty)),
)


def symptoms(handfuls: Sequence[Handful], since: float | None = None) -> list[Symptom]:
    """What is worse now, of handfuls in order of time; `since`: when it became so, of a source that is known to be."""
    # The last may be too small yet to say anything.
    whole = [one for one in handfuls if one.pages >= ENOUGH]
    found = []
    for name, what, share in _SHARES:
        counted = [(one.at, count / of) for one in whole for count, of in [share(one)] if of >= _LEAST]
        if worse := _more(counted, since):
            start, now, usual = worse
            found.append(Symptom(name=name, text=f"{now:.0%} {what} (before: {usual:.0%})", since=start))
    if shorter := _shorter([(one.at, one.words) for one in whole if one.words], since):
        start, now, usual = shorter
        found.append(Symptom(name="short", text=f"texts of {now:.0f} words (before: {usual:.0f})", since=start))
    return found


def _more(shares: Sequence[tuple[float, float]], since: float | None) -> tuple[float, float, float] | None:
    """Since when a share is higher than it ever was, what it is, and what is usual."""
    for window in _WINDOWS[:1] if since else _WINDOWS:
        past, recent = _parted(shares, window, since)
        if len(past) < _PAST:
            continue
        usual, now = fmean(past), fmean(recent)
        lost = 1 - _LOST * (1 - usual)
        if usual > _LACKING or (now if since else min(recent)) < lost:
            continue
        highest = max(fmean(past[at : at + window]) for at in range(max(1, len(past) - window + 1)))
        if since or (now > highest and _tail(now, usual, window, len(past)) < _CHANCE):
            return shares[-window][0], now, usual
    return None


def _shorter(lengths: Sequence[tuple[float, float]], since: float | None) -> tuple[float, float, float] | None:
    window = _WINDOWS[0]
    past, recent = _parted(lengths, window, since)
    if len(past) < _PAST:
        return None
    usual = median(past)
    if max(recent) >= _SHORTER * usual or (not since and max(recent) >= min(past)):
        return None
    return lengths[-window][0], median(recent), usual


def _parted(values: Sequence[tuple[float, float]], window: int, since: float | None) -> tuple[list[float], list[float]]:
    """What was before, and the newest."""
    past = [value for at, value in values if at < since] if since else [value for _, value in values[:-window]]
    return past, [value for _, value in values[-window:]]


def _tail(now: float, usual: float, window: int, known: int) -> float:
    """How probable so high a share is (binomial), given the usual one; what never was is taken for one in all known."""
    of = window * ENOUGH
    chance = (usual * known * ENOUGH + 1) / (known * ENOUGH + 2)
    return fsum(comb(of, k) * chance**k * (1 - chance) ** (of - k) for k in range(round(now * of), of + 1))
