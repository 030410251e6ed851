from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from archive.errors import ConfigError
from archive.since import parse_since

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("7d", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("90m", NOW - timedelta(minutes=90)),
        (" 2 W ", NOW - timedelta(weeks=2)),
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31T08:00+02:00", datetime(2026, 1, 31, 6, tzinfo=UTC)),
        ("2026-01-31 08:00:01Z", datetime(2026, 1, 31, 8, 0, 1, tzinfo=UTC)),
    ],
)
def test_moments(text: str, moment: datetime) -> None:
    assert parse_since(text, NOW) == moment


@pytest.mark.parametrize("text", ["", "yesterday", "7", "d", "7y", "2026-02-30", "99999999999999999999w", "-1d"])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(ConfigError, match="7d"):
        parse_since(text, NOW)
