"""Dates as pages write them to RFC 3339: with offset where the page gives a time, bare where it gives a day.

Machine formats (ISO 8601 in its many spellings, RFC 2822, seconds since 1970) need nothing else. What people read
needs to be known where it stands (`Setting`): the language has the words, the country the order of day and month, and
the time of the capture says what "yesterday" is, and which of two readings cannot be meant. Dates of other calendars
(Buddhist, Japanese, Minguo, Persian, Hijri, Hebrew) count where the text has no date of ours. What stays ambiguous is
not read. Pure, and never looks at the clock.

``moment`` has what goes in beside the text and what comes out; ``fold`` makes spellings one; ``months`` are the words
at hand, ``words`` those of all languages, ``calendars`` the days; ``named``, ``numeric`` and ``hebrew`` find a day in a
text, ``clock`` the time beside it, ``relative`` how long ago it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from archive.extract.dates.calendars import day_of
from archive.extract.dates.clock import clock
from archive.extract.dates.fold import fold
from archive.extract.dates.hebrew import hebrew
from archive.extract.dates.moment import NOWHERE, Clock, Moment, Setting, at
from archive.extract.dates.named import Found, named, scan, yearless
from archive.extract.dates.numeric import numeric, of_era, of_other_calendar, yearless_numeric
from archive.extract.dates.relative import relative
from archive.extract.dates.words import COMMON, Lexicon, everything, of_language, own

__all__ = ["NOWHERE", "Moment", "Setting", "parse"]

_LONGEST: Final = 200
_EPOCH: Final = re.compile(r"(\d{10})(\d{3})?", re.ASCII)
_ISO: Final = re.compile(
    r"(?<!\d)(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d\d?)(?P=sep)(?P<d>\d\d?)(?!\d)"
    r"|(?<![a-z\d])(?P<y2>\d{4})(?P<m2>\d\d)(?P<d2>\d\d)(?![a-su-z\d])",
    re.ASCII,
)
_LABEL: Final = 10
"""Letters of what may stand beside a day without a year: Published, Friday."""
_RIGHT_BEFORE: Final = re.compile(r"\d[:.h]\d\d(?:\s?[ap]\.?m\.?)?\W{0,3}$")
_RIGHT_AFTER: Final = re.compile(r"\W{0,4}\d")
"""Of two times, the one that is for this date: 14:05 27.11.2026 (changed 14:10)."""
_ARABIC: Final = re.compile("[\u0600-\u06ff]")
_HEBREW: Final = re.compile("[\u05d0-\u05ea]")
_HAN: Final = re.compile("[\u3400-\u9fff]")
_THAI: Final = re.compile("[\u0e00-\u0e7f]")
_AT_HAND: Final = frozenset({None, "en", "es", "fr", "de", "pt", "it", "nl", "pl", "ru"})
"""Languages whose words need no table, and where nothing is known."""
_NUMBER: Final = re.compile(r"\d")
_NUMBERS: Final = re.compile(r"\d\D+\d")
"""What every whole date has, at least: a day and a year."""
_NEAR: Final = 40
"""Characters behind a date, and before it, in which its time may stand."""


def parse(text: str | None, setting: Setting = NOWHERE) -> Moment | None:
    """The first date in `text`, or None where it holds none that is certain."""
    text = (text or "")[:_LONGEST]
    arabic, thai = (not text.isascii() and script.search(text) is not None for script in (_ARABIC, _THAI))
    if thai and setting.language != "th":
        setting = replace(setting, language="th")
    text = fold(text)
    if match := _EPOCH.fullmatch(text):
        instant = datetime.fromtimestamp(int(match[1]), UTC)  # ten digits: never later than 2286
        return Moment(value=instant.isoformat(), precision="second", zoned=True)
    for match in _ISO.finditer(text):
        year, month, number = filter(None, match.group("y", "m", "d", "y2", "m2", "d2"))
        if day := day_of("gregorian", int(year), int(month), int(number)):
            rest = text[match.end() :].lstrip("t_, -")
            return at(day, clock(rest, COMMON if rest.isascii() else next(_lexicons(setting)), setting))
    lexicons = _lexicons(setting) if _NUMBERS.search(text) or _HEBREW.search(text) else ()
    for lexicon in lexicons:
        if found := _day(text, lexicon, setting, arabic=arabic):
            return at(found.day, _clock(text, found, lexicon, setting))
    if setting.captured is None:
        return None
    lexicon = next(_lexicons(setting))
    return relative(text, lexicon, setting) or _of_these_days(text, lexicon, setting)


def _of_these_days(text: str, lexicon: Lexicon, setting: Setting) -> Moment | None:
    """A day without its year, where a time stands beside it or the text says little else: prose has such days, too."""
    known = own(setting.language) if setting.language else None
    found = yearless_numeric(text, setting) or (yearless(scan(text, known), setting) if known else None)
    if found is None:
        return None
    time = _clock(text, found, lexicon, setting)
    rest = text[: found.start] + text[found.end :]
    return at(found.day, time) if time or sum(map(str.isalpha, rest)) <= _LABEL else None


def _day(text: str, lexicon: Lexicon, setting: Setting, *, arabic: bool) -> Found | None:
    """The first day of our calendar in a folded text; failing that, of another."""
    tokens = scan(text, lexicon)
    return (
        (of_era(text, setting) if setting.language == "ja" or _HAN.search(text) else None)
        or named(text, tokens, "gregorian", setting)
        or numeric(text, setting)
        or (hebrew(text) if _HEBREW.search(text) else None)
        or named(text, tokens, "persian", setting)
        or named(text, tokens, "hijri", setting)
        or named(text, tokens, "hebrew", setting)
        or of_other_calendar(text, setting, arabic=arabic)
    )


def _clock(text: str, found: Found, lexicon: Lexicon, setting: Setting) -> Clock | None:
    """The time behind the day, within it (Fri Nov 27 14:05:00 2026), or before it."""
    after, before = text[found.end : found.end + _NEAR], text[max(0, found.start - _NEAR) : found.start]
    within = text[found.start : found.end]
    if _RIGHT_BEFORE.search(before) and not _RIGHT_AFTER.match(after):
        after = ""
    return (
        clock(after, lexicon, setting)
        or (clock(within, lexicon, setting) if ":" in within else None)
        or (clock(before, lexicon, setting) if _NUMBER.search(before) else None)
    )


def _lexicons(setting: Setting) -> Iterator[Lexicon]:
    """Words to try in turn: the language's, those at hand, those of all languages."""
    if setting.language not in _AT_HAND:
        yield of_language(setting.language)
    else:
        yield COMMON
    yield everything()
