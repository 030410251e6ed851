"""What only passes through a place on the page: adverts, teasers and the like that slipped into the text.

Nothing in one text tells an advert from a sentence; the captures together do. A few short lines that make way for
others which have nothing to do with them, and these again for others, in the same place, are passing; so is a line that
came or went three times. All of it is left out when versions are told apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import Final

from rapidfuzz.distance import LCSseq

from archive.compare.sketch import is_short

__all__ = ["passing", "runs"]

_TOGETHER: Final = 6
"""Lines that may change together in one place."""
_SWAPS: Final = 2
_FLIPS: Final = 3
_TOO_MUCH: Final = 200_000_000
"""Pairs above which two sequences are not compared in detail: a fifth of a second, 25 MB."""
_WORD: Final = re.compile(r"[^\W\d_]{3,}|\d+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0eff]")


_Place = tuple[str, str]
"""``above`` or ``below``, and the line that is below or above it."""


def passing(states: Sequence[tuple[str, ...]]) -> frozenset[str]:
    """The paragraphs that are passing, from the paragraphs of sketches in order of capture."""
    swaps: list[tuple[str, str, set[_Place]]] = []
    flips: Counter[str] = Counter()
    for old, new in pairwise(states):
        for old_start, old_end, new_start, new_end in runs(old, new):
            gone, come = old[old_start:old_end], new[new_start:new_end]
            if max(len(gone), len(come)) > _TOGETHER or len(gone) * 2 > len(old) or len(come) * 2 > len(new):
                continue  # too much of the page to be beside the text
            if not (gone and come):
                flips.update(filter(is_short, {*gone, *come}))
            elif len(gone) == len(come):
                for number, (one, other) in enumerate(zip(gone, come, strict=True)):
                    if is_short(one) and is_short(other) and not _related(one, other):
                        places = {*_places(old, old_start + number), *_places(new, new_start + number)}
                        swaps.append((one, other, places))
    counted = Counter(chain.from_iterable(places for _, _, places in swaps))
    rotating = {place for place, count in counted.items() if count >= _SWAPS}
    found = {line for line, count in flips.items() if count >= _FLIPS}
    for one, other, places in swaps:
        if not rotating.isdisjoint(places):
            found |= {one, other}
    for one, other, _ in swaps:  # what makes way for an advert is one
        if one in found or other in found:
            found |= {one, other}
    return frozenset(found)


def _places(state: Sequence[str], number: int) -> tuple[_Place, _Place]:
    """A line's place, told by the line above it, and by the one below."""
    above = state[number - 1] if number else ""
    below = state[number + 1] if number + 1 < len(state) else ""
    return ("below", above), ("above", below)


def runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Where two sequences differ: start and end in the old one, start and end in the new one."""
    start = 0
    least = min(len(old), len(new))
    while start < least and old[start] == new[start]:
        start += 1
    end = 0
    while end < least - start and old[-1 - end] == new[-1 - end]:
        end += 1
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    if not middle_old and not middle_new:
        return
    if not middle_old or not middle_new or len(middle_old) * len(middle_new) > _TOO_MUCH:
        yield start, len(old) - end, start, len(new) - end
        return
    pending: tuple[int, int, int, int] | None = None
    for step in LCSseq.opcodes(middle_old, middle_new):
        if step.tag == "equal":
            continue
        run = (start + step.src_start, start + step.src_end, start + step.dest_start, start + step.dest_end)
        if pending and pending[1] == run[0] and pending[3] == run[2]:
            run = (pending[0], run[1], pending[2], run[3])
        elif pending:
            yield pending
        pending = run
    if pending:
        yield pending


def _related(one: str, other: str) -> bool:
    """Whether one may be an edit of the other: a third of the words of the shorter one stand in both."""
    words, others = (set(_WORD.findall(text.casefold())) for text in (one, other))
    return len(words & others) * 3 >= min(len(words), len(others))
