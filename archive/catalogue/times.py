"""Times as the catalogue keeps them: whole microseconds since 1970 in UTC. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

__all__ = ["DAY", "EARLIEST", "from_micros", "published_micros", "to_micros"]

DAY = 86_400_000_000
EARLIEST = -(1 << 62)
"""Before all captures."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def published_micros(published: str | None) -> int | None:
    """RFC 3339 or a bare date, which counts as its first instant in UTC; None when it is neither."""
    try:
        moment = datetime.fromisoformat(published or "")
    except ValueError:
        return None
    return to_micros(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
