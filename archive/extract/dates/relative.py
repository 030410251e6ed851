"""How long ago, counted from the capture of the page: 5 minutes ago, vor 3 Stunden, вчера, 14:05.

Weeks and months are too coarse to tell a day, and are not read; nor are "today" and "yesterday" without a time, where
the text says anything else: they are words of headlines. The day of "yesterday" is taken for that of UTC, as times
without a zone are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final, Literal

from archive.extract.dates.clock import clock
from archive.extract.dates.fold import fold
from archive.extract.dates.moment import Moment, Setting, at
from archive.extract.dates.named import UNSPACED
from archive.extract.dates.words import Lexicon, relatives, tables

__all__ = ["relative"]

_UNITS: Final[dict[str, tuple[timedelta, Literal["day", "hour", "minute"]]]] = {
    "second": (timedelta(seconds=1), "minute"),
    "minute": (timedelta(minutes=1), "minute"),
    "hour": (timedelta(hours=1), "hour"),
    "day": (timedelta(days=1), "day"),
}
"""How long a unit is, and how exact it is to count by it."""
_WEB: Final = 1990
"""A page that is older has no date."""
_MOST: Final = 400
"""Of a unit; nobody counts on."""
_NUMBER: Final = re.compile(r"\(\\d\+\+\[\.,\]\?\\d\*\+\)|\{0\}")
"""Where the number stands in dateparser's patterns, and in CLDR's."""
_HOLE: Final = "\ue000"
_ONE: Final = (
    "a", "an", "one", "un", "une", "una", "uno", "ein", "eine", "einer", "einem", "uma", "um", "een", "en", "ett", "et",
    "jednu", "jedna", "jeden", "bir", "satu", "egy", "o",
)  # fmt: skip
_ALONE: Final = {
    ("ar", "minute"): ("دقيقة", "دقيقتين"),
    ("ar", "hour"): ("ساعة", "ساعتين"),
    ("ar", "day"): ("يوم", "يومين"),
}
"""Units that are one or two by their form."""
_BEFORE: Final = "قبل"
_FORMS: Final = {"one": "1", "two": "2"}
_COUNT: Final = "(number)"
_LETTER: Final = r"[^\W\d_]"


def relative(text: str, lexicon: Lexicon, setting: Setting) -> Moment | None:
    """The moment that a folded text counts back to; in English, too, which many sites of other languages do that in."""
    if setting.captured is None or setting.captured.year < _WEB:
        return None
    for language in dict.fromkeys((setting.language or "en", "en")):
        for days in range(3):
            if match := _day_names(language, days).search(text):
                beside = clock(text[match.end() :], lexicon, setting) or clock(text[: match.start()], lexicon, setting)
                if beside or match[0] == text.strip(" .,:|"):
                    return at(setting.captured.astimezone(UTC).date() - timedelta(days), beside)
        for unit, (length, precision) in _UNITS.items():
            if match := _ago(language, unit).search(text):
                name = match.lastgroup or ""
                count = int(match[match.lastindex or 0]) if name.startswith("n") else int(name[1:2])
                if count <= _MOST:
                    return _back(setting.captured, count * length, precision)
    return None


def _back(captured: datetime, by: timedelta, precision: Literal["day", "hour", "minute"]) -> Moment:
    instant = captured.astimezone(UTC) - by
    if precision == "day":
        return at(instant.date())
    value = instant.replace(second=0, microsecond=0).isoformat()
    return Moment(value=value, precision=precision, zoned=True)


@cache
def _ago(language: str, unit: str) -> re.Pattern[str]:
    """Texts that say how many of a unit ago."""
    return _any(dict.fromkeys((*_by_template(language, unit), *_by_words(language, unit))))


def _by_template(language: str, unit: str) -> Iterator[tuple[str, str]]:
    for listed in tables(language):
        templates = listed.get("relative-type-regex", {})
        for template in set(templates.get(f"\\1 {unit} ago", ())).difference(templates.get(f"in \\1 {unit}", ())):
            yield from _filled(template, "")
        for count in ("1", "2"):
            for phrase in listed.get("relative-type", {}).get(f"{count} {unit} ago", ()) if unit != "day" else ():
                yield _bounded(fold(phrase)), count
    for form, template in relatives(language, unit):
        yield from _filled(template, _FORMS.get(form, ""))


def _filled(template: str, count: str) -> Iterator[tuple[str, str]]:
    """A template with its number; and without it (час назад), where it is of one or two."""
    folded = fold(_NUMBER.sub(_HOLE, template))
    if _HOLE in folded and folded[0] not in "+-":  # a sign is more often a dash
        yield _bounded(folded).replace(_HOLE, _COUNT), ""
    alone = " ".join(folded.replace(_HOLE, " ").split())
    if count and len(alone) > 3:
        yield f"(?:^|[:|·,(]\\s?){_bounded(alone)}", count


def _by_words(language: str, unit: str) -> Iterator[tuple[str, str]]:
    """Every word for "ago" with every form of the unit: templates have not all that are printed."""
    for listed in tables(language):
        ago = _one_of(word for word in listed.get("ago", ()) if word != "before")
        of = _one_of(listed.get(unit, ()))
        if ago and of:
            for number, count in ((rf"{_COUNT}\s?", ""), (rf"(?<!{_LETTER}){_one_of(_ONE)}\s", "1")):
                yield rf"{number}{of}\.?\s?{ago}(?!{_LETTER})", count
                yield rf"(?<!{_LETTER}){ago}\s{number}{of}(?!{_LETTER})", count
        for number, form in zip(_FORMS.values(), _ALONE.get((language, unit), ()), strict=False):
            yield rf"(?<!{_LETTER})(?:{ago}|{_BEFORE})\s{fold(form)}(?!{_LETTER})", number


def _one_of(words: Iterable[str]) -> str:
    folded = sorted({fold(word) for word in words}, key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, folded))})" if folded else ""


@cache
def _day_names(language: str, days: int) -> re.Pattern[str]:
    names = (listed.get("relative-type", {}).get(f"{days} day ago", ()) for listed in tables(language))
    return _any((_bounded(fold(name)), str(days)) for each in names for name in each)


def _bounded(folded: str) -> str:
    """A pattern for these words where they are no part of others."""
    start, end = (
        edge if character.isalpha() and not UNSPACED.match(character) else ""
        for edge, character in ((f"(?<!{_LETTER})", folded[0]), (f"(?!{_LETTER})", folded[-1]))
    )
    return start + re.escape(folded).replace(r"\ ", r"\s?") + end


def _any(patterns: Iterable[tuple[str, str]]) -> re.Pattern[str]:
    """Any of these. The group that matched is called ``n…`` and holds the number, or has the number in its name."""
    named = (
        pattern.replace("(number)", rf"(?P<n{index}>\d{{1,3}})", 1) if not count else f"(?P<c{count}_{index}>{pattern})"
        for index, (pattern, count) in enumerate(patterns)
    )
    return re.compile(rf"(?<!\d)(?:{'|'.join(named) or '(?!)'})")
