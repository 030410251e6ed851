"""The simulated month of benchmarks/schedule, with fewer sources: found in time, few looks, and no false alarm."""

from __future__ import annotations

from benchmarks.schedule.__main__ import FIXED, FRESH, simulate
from benchmarks.schedule.world import DAY, START, world
from crawler.watch.health import Health

DAYS = 28


def test_a_month_of_a_hundred_sources() -> None:
    outlets = world(5, sources=100, days=DAYS)
    result = simulate(outlets, DAYS)
    articles = sum(at >= START for outlet in outlets for at in outlet.articles)
    looks = sum(result.looks.values())
    # What benchmarks/schedule asks of 300 sources is 0.95 and a third.
    assert sum(delay <= FRESH for delay in result.delays) / articles > 0.93
    assert looks < 0.37 * len(outlets) * DAYS * DAY / FIXED
    assert result.overlaps == 0
    assert result.longest <= 7 * 3600
    fates = {outlet.name: outlet.fate for outlet in outlets}
    expected = {"silent": Health.SILENT, "dead": Health.FAILING}
    assert result.warned == {name: expected[fate] for name, fate in fates.items() if fate in expected}
    assert result.moved == {seed: to for outlet in outlets for seed, to in outlet.leads(START + DAYS * DAY).items()}
    assert len(result.moved) == 2
    assert 0 < max(result.in_vain.values()) < 2 * DAYS
