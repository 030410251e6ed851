"""Points in time as people write them: ``7d`` for seven days ago, a date, or a date and time. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from archive.errors import ConfigError

__all__ = ["parse_since"]

_DURATION = re.compile(r"(\d+)\s*([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}


def parse_since(text: str, now: datetime) -> datetime:
    """The moment that `text` means, in UTC where it names no offset; ConfigError when it means none."""
    text = text.strip()
    try:
        if duration := _DURATION.fullmatch(text.lower()):
            return now - timedelta(seconds=int(duration[1]) * _SECONDS[duration[2]])
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise ConfigError(f"since {text!r} is neither a duration (90m, 7d, 2w) nor a date (2026-01-31)") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
