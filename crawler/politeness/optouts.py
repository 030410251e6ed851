"""Which crawlers that gather text to train on (crawler.agents) a robots.txt keeps from a page. Pure.

A rule for everybody says nothing of training, so only groups by name count.
"""

from __future__ import annotations

from crawler.agents import TRAINERS
from crawler.politeness.robots import Robots, Rules

__all__ = ["Refusals", "refusals", "refused"]

Refusals = tuple[tuple[Rules, tuple[str, ...]], ...]
"""Rules that refuse something, and whom they hold for."""


def refusals(robots: Robots) -> Refusals:
    """The rules of a file for those of TRAINERS that it names; equal ones once, as files have them for all alike."""
    found: list[tuple[Rules, tuple[str, ...]]] = []
    for name in filter(robots.names, TRAINERS):
        rules = robots.rules(name)
        if all(rules.allowed.values()) and all(allows for _, allows in rules.wild):
            continue
        for at, (known, names) in enumerate(found):
            if (known.allowed, known.wild) == (rules.allowed, rules.wild):
                found[at] = (known, (*names, name))
                break
        else:
            found.append((rules, (name,)))
    return tuple(found)


def refused(target: str, by: Refusals) -> tuple[str, ...]:
    """Who may not ask for the path and query of a URL."""
    return tuple(sorted(name for rules, names in by if not rules.allows(target) for name in names))
