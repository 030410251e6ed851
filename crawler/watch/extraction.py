"""Whether reading a source's articles got worse, compared with its own past: its site has changed its layout. Pure.

Pages are judged by the handful, which is five at least, and what came in six hours at least, so that three have seen a
night and a day: a batch of agency pieces, or of old ones that a site lists anew, is one among several. Worse is what
lasts for three handfuls, is worse than any as many were before, and is no chance.

That texts, titles and dates are not there, or behind a wall, is no matter of what a page tells: a third of what was
there is enough. Authors and long texts are: for days an election brings notices only, and holidays agency pieces. There
is always some other page among them; where there is none any more, of so many that chance and such days can be ruled
out, the layout is new.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import comb, fsum
from typing import Final

from archive.catalogue.texts import Texts
from crawler.watch.rhythm import DAY, HOUR

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
_LACKING: Final = 0.5
"""A source of which more than that were always so has little to lose."""
_LEFT: Final = 0.67
"""Of what used to be well, the share that is to be left at most, in each handful; what is worse stays so up to …"""
_MENDED_IN: Final = 6
_MENDED: Final = 0.83
_CHANCE: Final = 1e-6
"""That a window is so by chance: a thousand sources are asked a dozen times a day, for four symptoms."""
_FEW: Final = 0.2
"""Of what comes and goes with what pages tell, the share below which there is little to lose, …"""
_GONE: Final = 0.1
"""… what is left of it where it is gone, to what was usual, …"""
_SPARSE: Final = 0.2
"""… and what is left at worst on days that bring something else."""
_UNLIKELY: Final = 1e-2
"""That such days bring so little of it."""
_DAYS: Final = 3 * DAY
"""How long that must have been so: days have their subjects."""
_LONG: Final = (0.5, 0.75)
"""Parts of all pages that are shorter than what counts as long."""
_BACK: Final = 0.33


@dataclass(frozen=True, slots=True, kw_only=True)
class Handful(Texts):
    """Pages that a source brought one after the other."""

    at: float
    """When the first was read; seconds since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    name: str
    text: str
    """For a person, with the numbers."""
    since: float
    """When it began, by the handful; seconds since 1970."""


@dataclass(frozen=True, slots=True)
class _Count:
    """Of a handful: how many pages are well in one respect, of how many."""

    at: float
    well: int
    of: int


_LACKS: Final[tuple[tuple[str, str, Callable[[Handful], tuple[int, int]]], ...]] = (
    ("empty", "without an article", lambda one: (one.pages - one.empty, one.pages)),
    ("walled", "walled off", lambda one: (one.pages - one.walled, one.pages)),
    ("untitled", "without a title", lambda one: (one.pages - one.empty - one.untitled, one.pages - one.empty)),
    ("undated", "without a date", lambda one: (one.pages - one.empty - one.undated, one.pages - one.empty)),
)


def symptoms(handfuls: Sequence[Handful], since: float | None = None) -> list[Symptom]:
    """What is worse now, of handfuls in order of time; `since`: when it became so, of a source that is known to be."""
    # The last may be too small yet to say anything.
    whole = [one for one in handfuls if one.pages >= ENOUGH]
    found = []
    for name, what, share in _LACKS:
        if not since and any(_is_well(*share(one)) for one in whole[-_WINDOWS[0] :]):
            continue
        counts = [_Count(one.at, *share(one)) for one in whole]
        if worse := _lacking([one for one in counts if one.of >= _LEAST], since):
            start, now, usual = worse
            found.append(Symptom(name=name, text=f"{1 - now:.0%} {what} (before: {1 - usual:.0%})", since=start))
    read = [one for one in whole if one.pages > one.empty]
    signed = [_Count(one.at, one.pages - one.empty - one.unsigned, one.pages - one.empty) for one in read]
    if worse := _gone(signed, since):
        start, now, usual = worse
        found.append(
            Symptom(name="unsigned", text=f"{1 - now:.0%} without an author (before: {1 - usual:.0%})", since=start)
        )
    for part in _LONG:
        least = _class([one for one in read if since is None or one.at < since], part)
        long = [_Count(one.at, sum(one.lengths[least:]), sum(one.lengths)) for one in read]
        if worse := _gone(long, since):
            start, now, usual = worse
            text = f"{now:.0%} of {2 ** (least / 2):.0f} words or more (before: {usual:.0%})"
            found.append(Symptom(name="short", text=text, since=start))
            break
    return found


def _is_well(well: int, of: int) -> bool:
    """Whether that says by itself that nothing got worse, as it does for nearly all sources."""
    return of >= _LEAST and well >= _LEFT * of


def _lacking(counts: Sequence[_Count], since: float | None) -> tuple[float, float, float] | None:
    """Since when fewer are well than ever, their share now, and what is usual."""
    for window in (_MENDED_IN,) if since else _WINDOWS:
        past, recent = _parted(counts, window, since)
        if len(past) < _PAST or not recent:
            continue
        usual, now = _share(past), _share(recent)
        if usual < 1 - _LACKING:
            continue
        if since:
            if now < _MENDED * usual:
                return recent[0].at, now, usual
        elif (
            max(one.well / one.of for one in recent) < _LEFT * usual
            and now < _lowest(past, window)
            and _tail(1 - now, 1 - usual, window, len(past)) < _CHANCE
        ):
            return recent[0].at, now, usual
    return None


def _gone(counts: Sequence[_Count], since: float | None) -> tuple[float, float, float] | None:
    """The same of what comes and goes with what pages tell: worse is that next to nothing of it is left."""
    for window in (_MENDED_IN,) if since else range(_WINDOWS[0], len(counts) - _PAST + 1):
        past, recent = _parted(counts, window, since)
        if len(past) < _PAST or not recent:
            break
        usual, now = _share(past), _share(recent)
        if usual < _FEW:
            break
        if since:
            if now < _BACK * usual:
                return recent[0].at, now, usual
        elif now > _GONE * usual:
            break
        elif (
            recent[-1].at - recent[0].at >= _DAYS
            and now < _lowest(past, window)
            and _at_most(recent, _SPARSE * usual) < _UNLIKELY
        ):
            return recent[0].at, now, usual
    return None


def _class(handfuls: Sequence[Handful], part: float) -> int:
    """The class of lengths that is reached when so large a part of all pages is counted, from the shortest on."""
    totals = [sum(each) for each in zip(*(one.lengths for one in handfuls), strict=True)]
    whole = sum(totals)
    return next((at for at, so_far in enumerate(accumulate(totals)) if so_far >= part * whole), 0)


def _parted(counts: Sequence[_Count], window: int, since: float | None) -> tuple[Sequence[_Count], Sequence[_Count]]:
    """What was before, and the newest."""
    if since is None:
        return counts[:-window], counts[-window:]
    return [one for one in counts if one.at < since], [one for one in counts if one.at >= since][-window:]


def _share(counts: Sequence[_Count]) -> float:
    return sum(one.well for one in counts) / sum(one.of for one in counts)


def _lowest(past: Sequence[_Count], window: int) -> float:
    """The least share of any so many handfuls, one after the other."""
    well = [0, *accumulate(one.well for one in past)]
    of = [0, *accumulate(one.of for one in past)]
    ends = range(min(window, len(past)), len(past) + 1)
    return min((well[end] - well[end - ends[0]]) / (of[end] - of[end - ends[0]]) for end in ends)


def _tail(now: float, usual: float, window: int, known: int) -> float:
    """How probable so high a share is (binomial), given the usual one; what never was is taken for one in all known."""
    of = window * ENOUGH
    chance = (usual * known * ENOUGH + 1) / (known * ENOUGH + 2)
    return fsum(comb(of, k) * chance**k * (1 - chance) ** (of - k) for k in range(round(now * of), of + 1))


def _at_most(counts: Sequence[_Count], chance: float) -> float:
    """How probable it is that so few are well, where each is by that chance (binomial)."""
    well, of = sum(one.well for one in counts), sum(one.of for one in counts)
    return fsum(comb(of, k) * chance**k * (1 - chance) ** (of - k) for k in range(well + 1))
