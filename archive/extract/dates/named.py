"""Dates whose month is a word, of whichever calendar, their parts in any order that languages have.

A month counts where a day and a year stand beside it. What is between them does not matter as long as it is short:
"of", "de", "оны", "р.", commas, ordinals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

from archive.extract.dates.calendars import Calendar, day_of
from archive.extract.dates.moment import LATEST, Setting
from archive.extract.dates.words import Lexicon

__all__ = ["UNSPACED", "Found", "Token", "named", "scan", "yearless"]


class Found(NamedTuple):
    """A day, and where in the text it stands."""

    day: date
    start: int
    end: int


class Token(NamedTuple):
    """A number, a time of day, or a word of a lexicon."""

    kind: str
    """``number``, ``clock``, ``half``, or a calendar, of which it is a month."""
    value: int
    start: int
    end: int


_ATOM: Final = re.compile(
    r"(?P<clock>\d\d?:\d\d(?::\d\d)?(?!\d))|(?P<number>\d+)|[^\s\d!-&(-/:-@\[-`{-~·•|«»…]+", re.ASCII
)
UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u0f00-\u0fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
"""Scripts that put no spaces between words, or endings right behind them."""
_LETTER: Final = re.compile(r"[^\W\d_]|[\u0900-\u0dff]")
_ENDING: Final = re.compile(r"[^\W\d_]{1,4}(?![^\W\d_])")
_PREFIXES: Final = "בלמה"
"""What Hebrew writes as one word with the month: in, of, from, the."""
_CLOSE: Final = 4
_NEAR: Final = 16
"""Characters that may stand between the parts of a date."""


def scan(text: str, lexicon: Lexicon) -> list[Token]:
    """What of a folded text says something of a date; all else is left out."""
    tokens: list[Token] = []
    at = 0
    while match := _ATOM.search(text, at):
        start, at = match.span()
        if kind := match.lastgroup:
            tokens.append(Token(kind, int(match[0]) if kind == "number" else 0, start, at))
            continue
        found = _word(text, start, lexicon)
        if found is None and text[start] in _PREFIXES and at - start > 2:
            found = _word(text, start + 1, lexicon)
        if found is not None:
            tokens.append(found)
            at = found.end
        elif UNSPACED.match(text, start):
            at = start + 1
    return tokens


def _word(text: str, start: int, lexicon: Lexicon) -> Token | None:
    for name in lexicon.starts.get(text[start], ()):
        end = start + len(name)
        if text.startswith(name, start):
            word = lexicon.words[name]
            ending = _ENDING.match(text, end) if lexicon.inflects and word.calendar and len(name) > 4 else None
            if ending or _ends(text, end):
                return Token(word.calendar or "half", word.number, start, ending.end() if ending else end)
    return None


def _ends(text: str, end: int) -> bool:
    """Whether a word may end here."""
    if end == len(text):
        return True
    if text[end - 1].isdecimal():
        return not text[end].isdecimal()
    if text[end - 1].isascii() and not text[end].isascii():
        return True  # PMకి
    return not _LETTER.match(text, end) or UNSPACED.match(text, end - 1) is not None


def named(text: str, tokens: list[Token], calendar: Calendar, setting: Setting) -> Found | None:
    """The first whole date with a month of this calendar."""
    for index, month in enumerate(tokens):
        if month.kind == calendar:
            for day, year in _around(tokens, index):
                number = _year(text, year, calendar, setting)
                if number and (found := _day(number, month, day, calendar, setting)):
                    return _spanned(found, day, month, year)
    return None


def yearless(tokens: list[Token], setting: Setting) -> Found | None:
    """The first day right beside a month of ours, taken for the last such day before the page was captured."""
    for before, after in pairwise(tokens):
        for day, month in ((before, after), (after, before)):
            if (
                (day.kind, month.kind) == ("number", "gregorian")
                and after.start - before.end <= _CLOSE
                and day.end - day.start <= 2
                and (found := setting.latest(month.value, day.value))
            ):
                return _spanned(found, day, month)
    return None


def _spanned(day: date, *parts: Token) -> Found:
    return Found(day, min(part.start for part in parts), max(part.end for part in parts))


def _beside(tokens: list[Token], index: int, step: int) -> list[Token]:
    """Up to two numbers near the token, to one side, the nearer first; a time of day may stand between."""
    found: list[Token] = []
    last = tokens[index]
    at = index + step
    while 0 <= at < len(tokens) and len(found) < 2:
        token = tokens[at]
        gap = token.start - last.end if step > 0 else last.start - token.end
        if gap > _NEAR or token.kind not in ("number", "clock", "half"):
            break
        if token.kind == "number":
            found.append(token)
        last, at = token, at + step
    return found


def _around(tokens: list[Token], index: int) -> Iterator[tuple[Token, Token]]:
    """Days and years that the numbers around a month may be, the likeliest first."""
    before, after = _beside(tokens, index, -1), _beside(tokens, index, 1)
    orders = [
        *((day, year) for day in before[:1] for year in after[:1]),  # 27 November 2026
        *((day, year) for year in before[:1] for day in after[:1]),  # 2026 November 27
        *((after[0], year) for year in after[1:]),  # November 27, 2026
        *((before[0], year) for year in before[1:]),  # 2026, 27 November
    ]
    yield from (pair for pair in orders if pair[1].end - pair[1].start > 2)
    yield from (pair for pair in orders if pair[1].end - pair[1].start == 2 and pair[1].start > pair[0].start)


def _year(text: str, year: Token, calendar: Calendar, setting: Setting) -> int | None:
    """The year that a number is; one of two digits only where nothing says that it is something else."""
    if year.end - year.start != 2:
        return year.value if year.end - year.start == 4 else None
    if calendar != "gregorian" or not _BARE.match(text, year.end) or text[year.start - 1] not in " -'./":
        return None
    return setting.full(year.value)


_BARE: Final = re.compile(r"$|\s*[,|)(·•]|\s*-(?!\d)|\s+(?!\d)[^\s\d]|\.(?!\d)|\s+\d\d?[:h.]\d\d")
"""What may follow a year of two digits."""


def _day(year: int, month: Token, day: Token, calendar: Calendar, setting: Setting) -> date | None:
    if day.end - day.start > 2:
        return None
    if calendar == "gregorian" and setting.language == "th" and year > LATEST:
        calendar = "buddhist"
    return day_of(calendar, year, month.value, day.value)
