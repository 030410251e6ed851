"""Days of the calendars that news is dated by, as days of ours. Libraries do the counting, loaded when first needed.

Hijri days are those of Umm al-Qura, the civil calendar of Saudi Arabia: sites that print no other date beside it are
Saudi, and it is a table, so that each day is one day. The tabular calendars differ from it by a day or two, and what is
sighted elsewhere is known to nobody beforehand. hijridate has it as published, for 1343 to 1500 AH (1924 to 2077).
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from archive.extract.dates.moment import EARLIEST, LATEST

__all__ = ["Calendar", "day_of", "years"]

Calendar = Literal["gregorian", "buddhist", "minguo", "persian", "hijri", "hebrew"]

_AHEAD: Final = {"gregorian": 0, "buddhist": 543, "minguo": -1911}
"""Years that a calendar with our months and days is ahead; Thailand's has had them since 1941."""

years: Final[dict[Calendar, range]] = {
    "gregorian": range(EARLIEST, LATEST + 1),
    "buddhist": range(2484, LATEST + 544),
    "minguo": range(1, 190),
    "persian": range(1250, 1480),
    "hijri": range(1343, 1501),
    "hebrew": range(5450, 5861),
}
"""Years that a date may be of."""


def day_of(calendar: Calendar, year: int, month: int, day: int) -> date | None:
    """Our day; None where the calendar has no such day, or none that news can be of."""
    if year not in years[calendar]:
        return None
    try:
        if calendar == "persian":
            from persiantools.jdatetime import JalaliDate

            return date.fromordinal(JalaliDate(year, month, day).to_gregorian().toordinal())
        if calendar == "hijri":
            from hijridate import Hijri

            return date.fromisoformat(Hijri(year, month, day).to_gregorian().isoformat())
        if calendar == "hebrew":
            from pyluach.dates import HebrewDate

            return date.fromisoformat(HebrewDate(year, month, day).to_pydate().isoformat())
        return date(year - _AHEAD[calendar], month, day)
    except (ValueError, OverflowError):
        return None
