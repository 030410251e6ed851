"""How long a server asks to be left alone: Retry-After, in seconds or as a date (RFC 9110 section 10.2.3). Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["retry_after"]

_SECONDS = re.compile(r"\d{1,9}(?:\.\d+)?")


def retry_after(value: bytes | None, date: bytes | None, now: datetime) -> float | None:
    """Seconds from now; None for no such header, or one that says nothing.

    A date is read by the server's own clock, where it shows that in a Date header: rounded up, never early.
    """
    if value is None:
        return None
    text = value.decode("latin-1").strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    then = _date(text)
    if then is None:
        return None
    return max(0.0, (then - (_date((date or b"").decode("latin-1")) or now)).total_seconds())


def _date(text: str) -> datetime | None:
    """All three forms of RFC 9110 section 5.6.7."""
    try:
        found = parsedate_to_datetime(text.strip())
    except (TypeError, ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
