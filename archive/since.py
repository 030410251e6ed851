"""Points in time as people write them: ``7d`` for seven days ago, a date, or a date and time. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from archive.errors import ConfigError

__all__ = ["parse_moment", "parse_since"]

_DURATION = re.compile(r"(\d+)\s*([smhdw])")
_STAMP = re.compile(r"\d{4}(?:\d\d){0,5}")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}


def parse_since(text: str, now: datetime) -> datetime:
    """The moment that `text` means, in UTC where it names no offset; ConfigError when it means none."""
    moment = _moment(text.strip(), now)
    if moment is None:
        raise ConfigError(f"since {text!r} is neither a duration (90m, 7d, 2w) nor a date (2026-01-31)")
    return moment


def parse_moment(text: str, now: datetime) -> datetime:
    """The same, and timestamps as archives have them in their addresses: ``20261123101500``, or the start of one."""
    stamp = text.strip()
    if _STAMP.fullmatch(stamp):
        year, rest = stamp[:4], stamp[4:] + "0101000000"[len(stamp) - 4 :]
        stamp = f"{year}-{rest[:2]}-{rest[2:4]}T{rest[4:6]}:{rest[6:8]}:{rest[8:]}Z"
    moment = _moment(stamp, now)
    if moment is None:
        raise ConfigError(f"{text!r} is no point in time: expected 2026-11-23T10:15, 20261123101500 or 7d (ago)")
    return moment


def _moment(text: str, now: datetime) -> datetime | None:
    try:
        if duration := _DURATION.fullmatch(text.lower()):
            return now - timedelta(seconds=int(duration[1]) * _SECONDS[duration[2]])
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
