"""A host's pace and patience, and what Retry-After says, as values."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.politeness.hosts import Host, Manners
from crawler.politeness.retryafter import retry_after

NOW = datetime(2026, 11, 27, 8, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        (b"120", None, 120),
        (b" 0 ", None, 0),
        (b"1.5", None, 1.5),
        (b"Fri, 27 Nov 2026 08:00:30 GMT", None, 30),
        (b"Friday, 27-Nov-26 08:00:30 GMT", None, 30),
        (b"Fri Nov 27 08:00:30 2026", None, 30),
        (b"Fri, 27 Nov 2026 08:00:30 GMT", b"Fri, 27 Nov 2026 08:00:20 GMT", 10),
        (b"Fri, 27 Nov 2026 08:00:30 GMT", b"nonsense", 30),
        (b"Fri, 27 Nov 2026 07:00:00 GMT", None, 0),
        (b"soon", None, None),
        (b"-5", None, None),
        (b"", None, None),
        (None, None, None),
    ],
)
def test_retry_after(value: bytes | None, date: bytes | None, seconds: float | None) -> None:
    assert retry_after(value, date, NOW) == seconds


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_no_header_upsets_it(value: bytes, date: bytes) -> None:
    found = retry_after(value, date, NOW)
    assert found is None or found >= 0


def test_pace_follows_the_host_and_heals() -> None:
    host = Host("h", Manners(delay=1, longest_delay=10))
    host.answered(200, 4.0, 0)
    assert host.delay == 4
    host.answered(404, 0.1, 0)
    assert host.delay == 4, "error pages are quick, and no reason to ask faster"
    host.answered(200, 0.1, 0)
    assert host.delay == pytest.approx(2.05)
    host.failed()
    host.answered(503, 0.1, 0)
    assert host.delay == pytest.approx(8.2)
    host.failed()
    assert host.delay == 10
    for _ in range(9):
        host.answered(200, 0.1, 0)
    assert host.delay == 1


def test_crawl_delay_is_honoured_up_to_a_bound() -> None:
    host = Host("h", Manners(delay=1, longest_crawl_delay=20))
    for asked, kept in ((None, 1), (0.5, 1), (5.0, 5), (2.0, 5), (3600.0, 20)):
        host.asks(asked)
        assert host.delay == kept


def test_what_settings_fix_stays() -> None:
    host = Host("h", Manners(), fixed=0.0, concurrency=8)
    host.failed()
    host.asks(10)
    host.answered(200, 9.0, 0)
    assert host.delay == 0
    host.rests(7, 0, 100.0)
    assert host.ready_at == 107


def test_patience_ends() -> None:
    host = Host("h", Manners(longest_wait=100))
    host.rests(60, 0, 0.0)
    host.rests(60, 0, 10.0)
    assert host.given_up is None, "asked twice for much the same time"
    host.rests(60, 0, 70.0)
    assert host.given_up == "asked to be left alone for 2.17 min"
    assert host.takes(0.0) == "wait"
    patient = Host("h", Manners(longest_wait=100))
    for start in range(0, 1000, 60):
        patient.rests(50, 0, float(start))
        patient.answered(200, 0.1, 0)
    assert patient.given_up is None, "it answered in between"


def test_budgets() -> None:
    host = Host("h", Manners(pages=3, bytes=1000, seconds=60))
    assert [host.takes(float(now)) for now in range(4)] == [None, None, None, "host-pages"]
    large = Host("h", Manners(bytes=1000))
    large.answered(200, 0.1, 999)
    assert large.takes(0.0) is None
    large.answered(200, 0.1, 1)
    assert large.takes(0.0) == "host-bytes"
    slow = Host("h", Manners(seconds=60))
    assert [slow.takes(now) for now in (100.0, 159.0, 160.0)] == [None, None, "host-time"]


def test_a_host_that_makes_trouble_comes_later_and_is_forgiven_what_it_cost() -> None:
    cheap, costly = Host("cheap", Manners()), Host("costly", Manners())
    for _ in range(5):
        for host in (cheap, costly):
            host.answered(200, 0.1, 50_000)
        cheap.costs(0.005)
        costly.costs(0.2)
    assert costly.troubled
    assert not cheap.troubled
    assert cheap.ready_at < cheap.turn < costly.turn <= costly.ready_at + 30
    for _ in range(10):
        costly.answered(200, 0.1, 50_000)
    assert not costly.troubled


def test_failures_and_limits_are_trouble_too() -> None:
    failing, straining = Host("failing", Manners()), Host("straining", Manners())
    for _ in range(3):
        failing.failed()
    straining.strains += 1
    assert failing.troubled
    assert straining.troubled
    straining.answered(200, 0.1, 1000)
    assert straining.troubled, "a limit that was come to is no matter of bad luck"
    straining.strains = 1000
    assert straining.turn <= straining.ready_at + 30, "nobody starves"


def test_what_a_host_sends_costs_it_turns() -> None:
    small, large = Host("small", Manners()), Host("large", Manners())
    small.answered(200, 0.1, 50_000)
    large.answered(200, 0.1, 50_000_000)
    assert large.turn - large.ready_at > 10
    assert small.turn - small.ready_at < 0.1
