"""Dates as pages write them to RFC 3339: with offset where the page gives a time, bare where it gives a day.

Machine formats (ISO 8601 in its many spellings, RFC 2822, seconds since 1970) and dates with month names of the
languages most news is in. A time without zone is taken for UTC, since nothing says otherwise. What is ambiguous
(03/04/2024) is not read here. Years may be those of the Buddhist era in Thai, of a Japanese era, or of the Republic of
China, each with its own words beside them. Pure, and never looks at the clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, Literal

__all__ = ["Moment", "parse"]

_EARLIEST: Final = 1690
"""Scanned newspapers carry their own dates; what lies before is a mistake."""
_LATEST: Final = 2100

_ISO: Final = re.compile(
    r"(?P<y>\d{4})(?P<sep>[-/.]?)(?P<m>\d\d?)(?P=sep)(?P<d>\d\d?)(?!\d)(?:[T_\s,–-]+(?P<rest>\d.*))?",
    re.DOTALL | re.ASCII,
)
_NAMED: Final = re.compile(
    r"(?:(?P<d>\d\d?)(?:st|nd|rd|th|er|[.ºª])?\s+(?:of\s+|de\s+)?(?P<m>[^\W\d_]{3,12})\.?,?\s+(?:del?\s+)?"
    r"|(?P<m2>[^\W\d_]{3,12})\.?\s+(?P<d2>\d\d?)(?:st|nd|rd|th)?\s*,?\s+)(?P<y>\d{4})(?!\d)(?P<rest>.{0,40})",
    re.IGNORECASE | re.DOTALL,
)
_DOTTED: Final = re.compile(
    r"(?<![\d.])(?P<d>\d\d?)\.\s?(?P<m>\d\d?)\.\s?(?P<y>\d{4})(?!\d)(?P<rest>.{0,40})", re.DOTALL
)
_CJK: Final = re.compile(
    r"(?P<y>\d{4})\s*[年년]\s*(?P<m>\d\d?)\s*[月월]\s*(?P<d>\d\d?)\s*[日일](?P<rest>.{0,40})", re.DOTALL
)
_TIME: Final = re.compile(
    r"(?<!\d)(?P<H>\d\d?)(?:(?:[:h時시]|\.(?=\d\d\b))\s?(?P<M>\d\d)(?:[:分]?(?P<S>\d\d)(?:[.,:]\d+)?)?|(?P<M2>\d\d)(?P<S2>\d\d)?(?=[Z+-]|$))"
    r"\s*(?:(?P<half>[ap])\.?m\b\.?)?\s*\(?(?P<z>(?:GMT|UTC)?\s?[+−-]\d\d?:?(?:\d\d)?(?!\d)|[A-Z]{1,4}\b)?",
    re.IGNORECASE,
)
_ERA: Final = re.compile(
    r"(?P<era>令和|平成|昭和|大正|明治|民國|民国)\s*(?P<y>元|\d{1,3})\s*年\s*(?P<m>\d\d?)\s*月\s*(?P<d>\d\d?)\s*日(?P<rest>.{0,40})",
    re.DOTALL,
)
_ERAS: Final = {
    "令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867, "民國": 1911, "民国": 1911,
}  # fmt: skip
"""The year before the first of a Japanese era, and of the Republic of China; months and days are ours."""
_THAI_MONTHS: Final = tuple(
    names.split()
    for names in (
        "มกราคม ม.ค.", "กุมภาพันธ์ ก.พ.", "มีนาคม มี.ค.", "เมษายน เม.ย.", "พฤษภาคม พ.ค.", "มิถุนายน มิ.ย.",
        "กรกฎาคม ก.ค.", "สิงหาคม ส.ค.", "กันยายน ก.ย.", "ตุลาคม ต.ค.", "พฤศจิกายน พ.ย.", "ธันวาคม ธ.ค.",
    )
)  # fmt: skip
_THAI: Final = re.compile(
    rf"(?P<d>\d\d?)\s*(?P<m>{'|'.join(re.escape(name) for names in _THAI_MONTHS for name in names)})\s*"
    r"(?:พ\.?\s?ศ\.?|ค\.?\s?ศ\.?)?\s*(?P<y>\d{4})(?!\d)(?P<rest>.{0,40})",
    re.DOTALL,
)
_BUDDHA: Final = 543
"""Years that the Buddhist era of Thailand is ahead, which has had our months and days since 1941."""
_EPOCH: Final = re.compile(r"(\d{10})(\d{3})?", re.ASCII)
_OFFSET: Final = re.compile(r"([+−-])(\d\d?):?(\d\d)?$")
_HOURS: Final = {
    "z": 0, "utc": 0, "gmt": 0, "bst": 1, "cet": 1, "cest": 2, "msk": 3, "jst": 9, "kst": 9, "aest": 10, "aedt": 11,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
"""Zones that mean one offset wherever news is written; others are no help."""

_MONTHS: Final = tuple(
    frozenset(names.split())
    for names in (
        "january jan januar jänner januari janvier janv enero ene gennaio gen janeiro stycznia styczeń января ocak",
        "february feb febr februar februari février févr febrero febbraio fevereiro fev lutego luty февраля şubat",
        "march mar märz mrz mars maart mrt marzo março marca marzec марта mart",
        "april apr avril avr abril abr aprile kwietnia kwiecień апреля nisan",
        "may mai mei mayo maggio mag maio maja maj мая mayıs",
        "june jun juni juin junio giugno giu junho czerwca czerwiec июня haziran",
        "july jul juli juillet juil julio luglio lug julho lipca lipiec июля temmuz",
        "august aug augustus augusti août aout agosto ago sierpnia sierpień августа ağustos",
        "september sep sept septembre septiembre settembre set setembro września wrzesień сентября eylül",
        "october oct oktober okt octobre octubre ottobre ott outubro out października październik октября ekim",
        "november nov novembre noviembre novembro listopada listopad ноября kasım",
        "december dec dezember dez décembre déc diciembre dic dicembre dezembro grudnia grudzień декабря aralık",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A day, or an instant of one."""

    value: str
    """RFC 3339 with offset, or a bare date."""
    precision: Literal["day", "minute", "second"]
    zoned: bool = False
    """Whether the page named the zone."""

    @property
    def day(self) -> str:
        return self.value[:10]


def parse(text: str | None) -> Moment | None:
    """The first date in `text`, or None where it holds none that is certain."""
    text = " ".join((text or "")[:200].split())
    if match := _EPOCH.fullmatch(text):
        instant = datetime.fromtimestamp(int(match[1]), UTC)  # ten digits: never later than 2286
        return Moment(value=instant.isoformat(), precision="second", zoned=True)
    for pattern in (_ISO, _NAMED, _DOTTED, _CJK):
        if match := pattern.search(text):
            parts = match.groupdict(default="")
            month, day = parts["m"] or parts["m2"], parts["d"] or parts["d2"]
            number = int(month) if month.isdecimal() else _month(month)
            if number and (moment := _moment(int(parts["y"]), number, int(day), parts["rest"])):
                return moment
    return None if text.isascii() else _of_other_years(text)


def _of_other_years(text: str) -> Moment | None:
    """A date whose year is counted from elsewhere: of the Buddhist era, of a Japanese one, of the Republic of China."""
    if match := _ERA.search(text):
        number = 1 if match["y"] == "元" else int(match["y"])
        return _moment(_ERAS[match["era"]] + number, int(match["m"]), int(match["d"]), match["rest"])
    if match := _THAI.search(text):
        month = next(number for number, names in enumerate(_THAI_MONTHS, 1) if match["m"] in names)
        year = int(match["y"])
        return _moment(year - _BUDDHA if year > _LATEST else year, month, int(match["d"]), match["rest"])
    return None


def _month(name: str) -> int | None:
    return next((number for number, names in enumerate(_MONTHS, 1) if name.casefold() in names), None)


def _moment(year: int, month: int, day: int, rest: str) -> Moment | None:
    if not _EARLIEST <= year <= _LATEST:
        return None
    try:
        date = datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
    clock = _TIME.search(rest)
    if not clock:
        return Moment(value=date.date().isoformat(), precision="day")
    hour, minute, second = int(clock["H"]), int(clock["M"] or clock["M2"]), clock["S"] or clock["S2"]
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"] in "pP" else 0)
    zone = _zone(clock["z"])
    try:
        instant = date.replace(hour=hour, minute=minute, second=int(second or 0), tzinfo=zone or UTC)
    except ValueError:
        return Moment(value=date.date().isoformat(), precision="day")
    return Moment(value=instant.isoformat(), precision="second" if second else "minute", zoned=zone is not None)


def _zone(name: str | None) -> timezone | None:
    name = (name or "").strip()
    if match := _OFFSET.search(name):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        return timezone(offset if match[1] == "+" else -offset) if offset < timedelta(hours=15) else None
    hours = _HOURS.get(name.casefold())
    return timezone(timedelta(hours=hours)) if hours is not None else None
