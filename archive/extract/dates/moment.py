"""What a reading of a date comes to, and what is known of the text it is read from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, Literal

from archive.urls import host_of

__all__ = ["EARLIEST", "LATEST", "NOWHERE", "Clock", "Moment", "Setting", "at"]

EARLIEST: Final = 1690
"""Scanned newspapers carry their own dates; what lies before is a mistake."""
LATEST: Final = 2100

_AHEAD: Final = timedelta(days=1)
"""How far the clock of a page may be ahead of ours: it may be tomorrow there already."""
_NO_COUNTRIES: Final = frozenset({"ai", "cc", "co", "fm", "gg", "io", "la", "ly", "me", "sh", "to", "tv", "ws", "eu"})
"""Country domains that are used without regard to the country."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A day, or an instant of one."""

    value: str
    """RFC 3339 with offset, or a bare date."""
    precision: Literal["day", "hour", "minute", "second"]
    """How exact it is; ``hour`` of what is said to be some hours ago."""
    zoned: bool = False
    """Whether the page named the zone."""

    @property
    def day(self) -> str:
        return self.value[:10]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where and when a text was found: it decides between readings, and what "yesterday" is."""

    language: str | None = None
    """ISO 639 code, in lower case."""
    region: str | None = None
    """ISO 3166 code, in upper case, or the number of a part of the world."""
    captured: datetime | None = None
    """With its zone; None: not known, and nothing that is relative is read."""

    @classmethod
    def of(cls, tag: str | None, url: str = "", captured: datetime | None = None) -> Setting:
        """`tag` as pages declare languages (``en-GB``, ``pt_BR``, ``zh-Hant-TW``); the domain may have the country.

        American English is what systems declare by default: a country's domain is believed before it.
        """
        parts = (tag or "").strip().replace("_", "-").split("-")
        region = next((part.upper() for part in parts[1:] if len(part) == (3 if part.isdigit() else 2)), None)
        if region in (None, "US"):
            domain = host_of(url).rpartition(".")[2]
            if len(domain) == 2 and domain not in _NO_COUNTRIES:
                region = "GB" if domain == "uk" else domain.upper()
        language = parts[0].lower()
        return cls(language=language if language.isalpha() else None, region=region, captured=captured)

    def is_ahead(self, moment: Moment | date) -> bool:
        """Whether it is later than the page itself, which no publication is."""
        if self.captured is None:
            return False
        day = moment if isinstance(moment, date) else datetime.fromisoformat(moment.value).date()
        return day - _AHEAD > self.captured.date()

    def full(self, year: int) -> int:
        """The year of which these are the last two digits; of the Buddhist era in Thai, where ours is to come."""
        latest = self.captured.year + 1 if self.captured else 2069
        if self.language == "th" and year > min(latest % 100, 42):
            return 2500 + year
        return next(century + year for century in (2000, 1900) if century + year <= latest or century == 1900)

    def latest(self, month: int, day: int) -> date | None:
        """The last such day before the page was captured."""
        for year in (self.captured.year + 1, self.captured.year, self.captured.year - 1) if self.captured else ():
            try:
                found = date(year, month, day)
            except ValueError:
                continue
            if not self.is_ahead(found):
                return found
        return None


NOWHERE: Final = Setting()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A time of day."""

    time: time
    to_the_second: bool
    zone: tzinfo | None


def at(day: date, clock: Clock | None = None) -> Moment:
    """The moment of this day; a time without zone is taken for UTC, since nothing says otherwise."""
    if clock is None:
        return Moment(value=day.isoformat(), precision="day")
    instant = datetime.combine(day, clock.time, clock.zone or UTC)
    precision: Literal["minute", "second"] = "second" if clock.to_the_second else "minute"
    return Moment(value=instant.isoformat(), precision=precision, zoned=clock.zone is not None)
