"""Dates whose month is a number: in the order that the language and the country have, in our calendar or another.

What may be read in two ways (03/04/2024 in English of no known country) is read only where one of the two lies ahead of
the page itself. A year of Iran or of the Hijra is one only where the script or the language says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from archive.extract.dates.calendars import Calendar, day_of
from archive.extract.dates.moment import LATEST, Setting
from archive.extract.dates.named import Found

__all__ = ["numeric", "of_era", "of_other_calendar", "yearless_numeric"]

_TRIPLE: Final = re.compile(
    r"(?<![\d.,/:-])(\d{1,4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{1,2})(?!\d|[-/]\d|\.\d\d?\.\d|:\d)"
)
_UNITS: Final = re.compile(
    r"(?<!\d)(?P<y>\d{4})\s?(?:[年년]|оны)\s?(?:\([^)]{2,8}\)\s?)?(?P<m>\d\d?)(?:\s?[月월]|(?:-р|\s)\s?сарын)\s?(?P<d>\d\d?)(?:\s?[日號号일])?"
)
_YEARLESS: Final = (
    re.compile(r"(?<!\d)(?P<m>\d\d?)\s?[月월]\s?(?P<d>\d\d?)\s?[日號号일]"),
    re.compile(r"(?<![\d.])(?P<d>\d\d?)\.\s?(?P<m>\d\d?)\.\s(?=[^\W\d_]{0,3}\.?\s?\d\d?[:.]\d\d)"),
)
_ERA: Final = re.compile(
    r"(?P<era>令和|平成|昭和|大正|明治|民[國国]|(?<![a-z])[rhst](?=\d))\s?(?P<y>元|\d{1,3})\s?[年./-]\s?(?:\(\d{4}年?\)\s?)?"
    r"(?P<m>\d\d?)\s?[月./-]\s?(?P<d>\d\d?)"
)
_ERAS: Final = {
    "令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867, "民國": 1911, "民国": 1911,
    "r": 2018, "h": 1988, "s": 1925, "t": 1911,
}  # fmt: skip
"""The year before the first of a Japanese era, and of the Republic of China; months and days are ours."""

_MONTH_FIRST: Final = {
    "en": frozenset({"US", "AS", "BI", "GU", "MH", "MP", "PH", "PR", "UM", "VI"}),
    "es": frozenset({"PA", "PR"}),
}
"""Countries in which a language puts the month before the day; CLDR."""
_MONTH_FIRST_ALWAYS: Final = frozenset({"ceb", "chr", "ee", "fil", "ks", "lkt", "or", "tl", "xh", "zu"})
_YEAR_FIRST: Final = frozenset({"ak", "eo", "eu", "hu", "ja", "ko", "lt", "mn", "ne", "sah", "yue", "zh"})
"""Languages of which a year of two digits stands first."""
_DAY_FIRST: Final = frozenset({"HK", "MO", "SG"})
"""… but not in these countries."""
_PERSIAN: Final = frozenset({"fa", "prs", "ps", "ckb", "lrc", "mzn", "glk", "azb"})
_HIJRI: Final = frozenset({"ar", "ur", "id", "ms"})
_OF_HIJRA: Final = re.compile(r"\s?(?:ه(?![^\W\d_])|هجري|ah\b|h\b)")


def numeric(text: str, setting: Setting) -> Found | None:
    """The first whole date of our calendar, or of the Buddhist era."""
    for match in _TRIPLE.finditer(text):
        for year, month, day in _orders(match, setting):
            calendar: Calendar = "buddhist" if year > LATEST and setting.language == "th" else "gregorian"
            if found := day_of(calendar, year, month, day):
                return Found(found, match.start(), match.end())
    for match in _UNITS.finditer(text):
        if found := day_of("gregorian", int(match["y"]), int(match["m"]), int(match["d"])):
            return Found(found, match.start(), match.end())
    return None


def yearless_numeric(text: str, setting: Setting) -> Found | None:
    """The first day and month, taken for the last such day before the page was captured."""
    for match in (match for pattern in _YEARLESS for match in pattern.finditer(text)):
        if found := setting.latest(int(match["m"]), int(match["d"])):
            return Found(found, match.start(), match.end())
    return None


def _orders(match: re.Match[str], setting: Setting) -> Iterator[tuple[int, int, int]]:
    """Year, month and day in the orders in which they may stand."""
    first, second, third = int(match[1]), int(match[3]), int(match[4])
    if len(match[1]) > 2:
        if len(match[4]) <= 2:
            if len(match[1]) == 4:
                yield first, second, third
            elif setting.region == "TW":
                yield first + 1911, second, third
        return
    if len(match[4]) < 4:
        if len(match[1]) != 2 and len(match[4]) != 2:
            return
        if setting.language in _YEAR_FIRST and setting.region not in _DAY_FIRST:
            if len(match[1]) == 2:
                yield setting.full(first), second, third
            return
        if setting.language is None or len(match[4]) != 2:
            return
        third = setting.full(third)
    if first > 12 or first == second or match[2] == ".":
        yield third, second, first
    elif second > 12:
        yield third, first, second
    elif (month_first := _month_first(third, first, second, setting)) is not None:
        yield (third, first, second) if month_first else (third, second, first)


def _month_first(year: int, first: int, second: int, setting: Setting) -> bool | None:
    """Whether the month stands before the day; None where nobody knows."""
    by_month, by_day = (day_of("gregorian", year, *pair) for pair in ((first, second), (second, first)))
    if by_month and by_day and setting.is_ahead(by_month) != setting.is_ahead(by_day):
        return setting.is_ahead(by_day)
    if setting.language is None:
        return None
    if setting.language == "en" and setting.region in (None, "CA"):
        return None
    return setting.language in _MONTH_FIRST_ALWAYS or setting.region in _MONTH_FIRST.get(setting.language, ())


def of_era(text: str, setting: Setting) -> Found | None:
    """A date in a year of a Japanese era, or of the Republic of China."""
    for match in _ERA.finditer(text):
        if match["era"].isascii() and setting.language != "ja":
            continue
        number = 1 if match["y"] == "元" else int(match["y"])
        if found := day_of("gregorian", _ERAS[match["era"]] + number, int(match["m"]), int(match["d"])):
            return Found(found, match.start(), match.end())
    return None


def of_other_calendar(text: str, setting: Setting, *, arabic: bool) -> Found | None:
    """A date in a year of Iran or of the Hijra: in letters or digits of Arabic, or a language that has these calendars.

    Where nothing names the calendar, the year does: news is of 1370 to 1410 in Iran, and of 1411 to 1460 of the Hijra.
    """
    if not arabic and setting.language not in _PERSIAN | _HIJRI:
        return None
    for match in _TRIPLE.finditer(text):
        of_hijra = _OF_HIJRA.match(text, match.end()) is not None
        numbers = (int(match[1]), int(match[3]), int(match[4]))
        year, month, day = numbers if len(match[1]) == 4 else numbers[::-1]
        calendar: Calendar = "hijri" if of_hijra or year > 1410 else "persian"
        if (len(match[1]) == 4) != (len(match[4]) == 4) and (found := day_of(calendar, year, month, day)):
            return Found(found, match.start(), match.end())
    return None
