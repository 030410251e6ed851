"""The words that dates are written with: months of every calendar, halves of the day, by language.

What is at hand are the months of the languages most news is in, and those of other calendars. For other languages, the
tables of dateparser (CLDR's, and what its users sent in) are loaded when a text is first met that needs them; of
dateparser itself nothing is used, since it guesses, and looks at the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from archive.extract.dates.calendars import Calendar
from archive.extract.dates.fold import fold
from archive.extract.dates.months import HALVES, MONTHS

if TYPE_CHECKING:
    from babel import Locale

__all__ = ["COMMON", "Lexicon", "Word", "everything", "of_language", "own", "relatives", "tables"]

_NAMES: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
"""As dateparser calls the months."""

_LANGUAGES: Final = (
    "en", "es", "fr", "de", "pt", "it", "nl", "pl", "tr", "id", "vi", "cs", "sv", "ro", "hu", "da", "fi", "sk", "nb",
    "hr", "lt", "sl", "ca", "et", "lv", "sq", "az", "eu", "gl", "is", "sw", "fil", "ms", "bs", "af", "uz-Latn", "ga",
    "cy", "mt", "ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "uz-Cyrl", "mn", "ar", "fa", "ur", "ps", "ckb", "ug",
    "el", "he", "yi", "hy", "ka", "am", "ti", "hi", "mr", "ne", "bn", "as", "gu", "pa", "or", "ta", "te", "kn", "ml",
    "si", "th", "lo", "km", "my", "ja", "zh", "ko", "yue",
)  # fmt: skip
"""Asked in this order where the language is not known, or is not the one declared; the first to know a word has it."""

_ALSO: Final = {
    "no": "nb", "nn": "nb", "tl": "fil", "iw": "he", "in": "id", "sh": "hr", "uz": "uz-Latn", "prs": "fa",
}  # fmt: skip
"""Codes under which dateparser does not have a language."""


_STEM: Final = 6
"""Letters from which on the last one of a name may be another."""
_SCRIPTS: Final = ("Latn", "Cyrl", "Arab", "Guru", "Hant")
"""Of which some languages have tables of their own."""
_PERIODS: Final = {
    "am": 0, "morning1": 0, "morning2": 0, "noon": 12, "pm": 12, "afternoon1": 12, "afternoon2": 12, "evening1": 12,
    "evening2": 12,
}  # fmt: skip
"""CLDR's parts of the day, as the hours that they add."""


class Word(NamedTuple):
    """What a word stands for: a month of a calendar, or the hours a half of the day adds."""

    number: int
    calendar: Calendar | None
    """None: no month."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words, folded."""

    words: dict[str, Word]
    starts: dict[str, list[str]]
    """For each first letter the words that begin with it, longest first."""
    inflects: bool
    """Whether endings are understood that no table has (novembrī, azaroaren): in one language, not in all at once."""

    @classmethod
    def of(cls, entries: Iterable[tuple[str, Word]], *, inflects: bool = False) -> Lexicon:
        words: dict[str, Word] = {}
        for text, word in entries:
            if name := fold(text.replace("_", " ")).rstrip("."):
                words.setdefault(name, word)
                if word.calendar is None and len(name) == 2:
                    words.setdefault(".".join(name), word)
        if inflects:
            stems = {name[:-1]: word for name, word in words.items() if word.calendar and len(name) > _STEM}
            words = stems | words
        starts: dict[str, list[str]] = {}
        for name in sorted(words, key=len, reverse=True):
            starts.setdefault(name[0], []).append(name)
        return cls(words, starts, inflects)


def _common() -> Iterator[tuple[str, Word]]:
    for calendar, months in MONTHS:
        for number, names in enumerate(months.split("|"), 1):
            yield from ((name, Word(number, calendar)) for name in names.split())
    for hours, names in HALVES.items():
        yield from ((name, Word(hours, None)) for name in names.split())


COMMON: Final = Lexicon.of(_common())
"""What is at hand."""


@cache
def tables(language: str) -> tuple[dict[str, Any], ...]:
    """dateparser's tables of a language, and of its scripts."""
    name = _ALSO.get(language, language)
    return tuple(filter(None, map(_table, (name, *(f"{name}-{script}" for script in _SCRIPTS)))))


def _table(name: str) -> dict[str, Any] | None:
    """One table; None where there is none.

    The file by itself: with the package come 50 ms and 9 MB that are of no use here.
    """
    package = find_spec("dateparser")
    if package is None or not package.submodule_search_locations or not name.replace("-", "").isalpha():
        return None
    file = Path(package.submodule_search_locations[0], "data", "date_translation_data", f"{name}.py")
    spec = spec_from_file_location(f"{__name__}.{name}", file) if file.exists() else None
    if spec is None or spec.loader is None:
        return None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, Any] = module.info
    return found


def _listed(language: str) -> Iterator[tuple[str, Word]]:
    """The words of a language and of its regions: those of one place are no other's month in another."""
    for listed in tables(language):
        for each in (listed, *listed.get("locale_specific", {}).values()):
            for number, month in enumerate(_NAMES, 1):
                yield from ((word, Word(number, "gregorian")) for word in each.get(month, ()))
            for hours, half in ((0, "am"), (12, "pm")):
                yield from ((word, Word(hours, None)) for word in each.get(half, ()))


@cache
def _locale(language: str) -> Locale | None:
    """CLDR's account of a language."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(_ALSO.get(language, language), sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def _inflected(language: str) -> Iterator[tuple[str, Word]]:
    """The words of a language as they stand in dates and by themselves, by CLDR itself."""
    locale = _locale(language)
    if locale is None:
        return
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            yield from ((word, Word(month, "gregorian")) for month, word in locale.months[context][width].items())
            periods = locale.day_periods.get(context, {}).get(width, {})
            yield from ((word, Word(_PERIODS[key], None)) for key, word in periods.items() if key in _PERIODS)


def relatives(language: str, unit: str) -> Iterator[tuple[str, str]]:
    """How a language says how many of a unit ago, by CLDR: the plural form (``one``, ``two``, ``few``), and the text.

    ``{0}`` stands where the number does, if it is there.
    """
    from babel.localedata import load

    for locale in filter(None, map(_locale, (language, *(f"{language}-{script}" for script in _SCRIPTS)))):
        fields = load(str(locale)).get("date_fields", {})
        for width in ("", "-short", "-narrow"):
            field = fields.get(unit + width, {})
            ahead = set(field.get("future", {}).values())  # what both have is only an amount
            yield from ((form, text) for form, text in field.get("past", {}).items() if text not in ahead)


@cache
def own(language: str) -> Lexicon:
    """The words of one language, and of no other."""
    return Lexicon.of((*_listed(language), *_inflected(language)), inflects=True)


@cache
def of_language(language: str) -> Lexicon:
    """The words of one language; what it does not know is looked up among those at hand."""
    return Lexicon.of((*_listed(language), *_inflected(language), *_common()), inflects=True)


@cache
def everything() -> Lexicon:
    """The words of all languages that the web has much news in."""
    listed = (entry for language in _LANGUAGES for entry in _listed(language) if len(entry[0]) > 1)
    return Lexicon.of((*_common(), *listed))
