"""All hostile sites, by name."""

from tests.hostile.case import Case
from tests.hostile.sites import bombs, redirects, traps

__all__ = ["CASES", "GROUPS"]

GROUPS: dict[str, tuple[Case, ...]] = {
    "Addresses without end": traps.CASES,
    "Redirects": redirects.CASES,
    "Bombs": bombs.CASES,
}

CASES: dict[str, Case] = {case.name: case for cases in GROUPS.values() for case in cases}
