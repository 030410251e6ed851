"""Hebrew dates with letters for numbers: כ"ג בכסלו תשפ"ז, the twenty-third of Kislev 5787.

A letter has its number, and those of a word add up; thousands are left out of years, or stand as one letter in front.
"""

from __future__ import annotations

import re
from typing import Final

from archive.extract.dates.calendars import day_of
from archive.extract.dates.named import Found
from archive.extract.dates.words import COMMON

__all__ = ["hebrew"]

_LETTERS: Final = "אבגדהוזחטיכלמנסעפצקרשתךםןףץ"
_NUMBERS: Final = (*range(1, 10), *range(10, 100, 10), 100, 200, 300, 400, 20, 40, 50, 80, 90)
_VALUES: Final = dict(zip(_LETTERS, _NUMBERS, strict=True))
_MONTHS: Final = {
    name: word.number for name, word in COMMON.words.items() if word.calendar == "hebrew" and not name.isascii()
}
_DATE: Final = re.compile(
    r"(?<![א-ת])(?P<d>[א-ל]['\"]?[א-ט]?'?|\d\d?)\s(?:ב|ל)?"
    rf"(?P<m>{'|'.join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))}),?\s"
    r"(?:ה'?)?(?P<y>ת[א-ת]{0,3}[\"']?[א-ת])(?![א-ת])"
)


def hebrew(text: str) -> Found | None:
    """The first such date in a folded text."""
    for match in _DATE.finditer(text):
        day = int(match["d"]) if match["d"].isdigit() else _number(match["d"])
        if found := day_of("hebrew", 5000 + _number(match["y"]), _MONTHS[match["m"]], day):
            return Found(found, match.start(), match.end())
    return None


def _number(letters: str) -> int:
    return sum(_VALUES.get(letter, 0) for letter in letters)
