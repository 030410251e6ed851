"""The time of day beside a date, with the zone that it is in."""

from __future__ import annotations

import re
from datetime import time, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from archive.extract.dates.moment import Clock, Setting
from archive.extract.dates.named import scan
from archive.extract.dates.words import Lexicon

__all__ = ["clock"]

_TIME: Final = re.compile(
    r"(?<![\d:.,-])(?<!\d/)(?P<H>\d\d?)"
    r"(?:(?:\s?[:h時时시点點ч]\s?|\s?uhr\s|\.(?=\d\d(?:\.\d\d)?(?![\d.]\d|\d)))(?P<M>\d\d?)(?!\d)"
    r"(?:(?:\s?[:.분分m]\s?|:)(?P<S>\d\d)(?!\d)(?:[.,:]\d+)?)?"  # 14:05, 14h05, 14.05.30, 14時5分
    r"|(?P<M2>\d\d)(?P<S2>\d\d)?(?=[z+-]|$)"  # 140530Z
    r"|(?=\s?(?:h|時|时|시|点|點|uhr|ч)(?![^\W\d_]))|(?=\s?[ap]\.?\s?m\b))"  # 14h, 2 pm
)
_ZONE: Final = re.compile(
    r"[\s.分분秒초]{0,4}(?:uhr|hrs?|น\.?|ч\.?|h|بتوقيت)?\s*\(?"
    r"(?P<z>(?:gmt|utc)?\s?[+-]\d\d?:?(?:\d\d)?(?!\d)|[a-z]{1,5}\b|мск)"
)
_HALF: Final = re.compile(r"\s?(?P<half>[ap])\.?\s?m\b\.?")
_OFFSET: Final = re.compile(r"([+-])(\d\d?):?(\d\d)?$")
_HOURS: Final = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2,
    "eest": 3, "msk": 3, "мск": 3, "trt": 3, "sast": 2, "cat": 2, "wat": 1, "eat": 3, "gst": 4, "pkt": 5, "npt": 5.75,
    "ict": 7, "wib": 7, "wita": 8, "wit": 9, "sgt": 8, "myt": 8, "pht": 8, "hkt": 8, "awst": 8, "jst": 9, "kst": 9,
    "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "brt": -3, "art": -3, "est": -5,
    "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10,
    "nst": -3.5, "ndt": -2.5, "adt": -3, "ast": -4,
}  # fmt: skip
"""Hours that a zone is ahead, of those that mean one offset wherever they are printed …"""
_ELSEWHERE: Final = {
    ("ist", "IN"): 5.5, ("ist", "IL"): 2, ("ist", "IE"): 1, ("ist", None): 5.5, ("cst", "CN"): 8, ("cst", "TW"): 8,
    ("cst", "CU"): -5, ("bst", "BD"): 6, ("ast", "SA"): 3, ("ast", "IQ"): 3, ("pst", "PH"): 8, ("sst", "SG"): 8,
}  # fmt: skip
"""… and of those that mean another in some country."""
_PLACES: Final = {
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles",
}  # fmt: skip
"""Zones that American news names without saying whether it is summer; words of other languages."""
_HOMES: Final = {"hi": "IN", "he": "IL", "ga": "IE", "zh": "CN", "bn": "BD", "ar": "SA", "fil": "PH"}
"""The country a zone is of, where only the language is known."""
_WORD: Final = re.compile(r"[^\W\d_]")
_HALF_NEAR: Final = 3
"""Characters between a half of the day and its clock."""


def clock(text: str, lexicon: Lexicon, setting: Setting) -> Clock | None:
    """The first time of day in a folded text."""
    for match in _TIME.finditer(text):
        hour, minute, second = int(match["H"]), int(match["M"] or match["M2"] or 0), match["S"] or match["S2"]
        end = match.end()
        if half := _HALF.match(text, end):
            hour, end = hour % 12 + (12 if half["half"] == "p" else 0), half.end()
        elif _WORD.search(
            text[max(0, match.start() - _HALF_NEAR - 1) : match.start()] + text[end : end + _HALF_NEAR + 1]
        ):
            for token in scan(text, lexicon):
                if token.kind == "half" and (
                    0 <= token.start - end <= _HALF_NEAR
                    or (0 <= match.start() - token.end <= _HALF_NEAR and not text[token.start].isascii())
                ):
                    hour = hour % 12 + token.value if hour <= 12 else hour
                    end = max(end, token.end)
                    break
        try:
            found = time(hour, minute, int(second or 0))
        except ValueError:
            continue
        zone = _ZONE.match(text, end)
        return Clock(time=found, to_the_second=bool(second), zone=_zone(zone["z"], setting) if zone else None)
    return None


def _zone(name: str, setting: Setting) -> tzinfo | None:
    name = name.strip()
    if name in _PLACES:
        return ZoneInfo(_PLACES[name]) if setting.language == "en" else None
    if match := _OFFSET.search(name):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        return timezone(offset if match[1] == "+" else -offset) if offset < timedelta(hours=15) else None
    region = setting.region or _HOMES.get(setting.language or "")
    hours = _ELSEWHERE.get((name, region), _HOURS.get(name, _ELSEWHERE.get((name, None))))
    return timezone(timedelta(hours=hours)) if hours is not None else None
