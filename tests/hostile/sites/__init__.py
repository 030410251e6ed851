"""All hostile sites, by name."""

from tests.hostile.case import Case
from tests.hostile.sites import bombs, floods, markup, redirects, traps, walls, wires

__all__ = ["CASES", "GROUPS"]

GROUPS: dict[str, tuple[Case, ...]] = {
    "Addresses without end": traps.CASES,
    "Redirects": redirects.CASES,
    "Floods": floods.CASES,
    "Bombs": bombs.CASES,
    "Markup": markup.CASES,
    "On the wire": wires.CASES,
    "Walls": walls.CASES,
}

CASES: dict[str, Case] = {case.name: case for cases in GROUPS.values() for case in cases}
