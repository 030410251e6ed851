"""What a host's ``/.well-known/tdmrep.json`` reserves: bytes to rules, rules and path to an answer. Pure.

TDM Reservation Protocol, community group report, "TDM File on the Origin Server": a list of locations, patterned as in
robots.txt (its "Use of regular expressions": ``*`` and ``$``, others spelt with ``%``, case counts), each with
``tdm-reservation`` (1: reserved) and perhaps the address of a policy. Of several that fit, unlike in robots.txt, "the
most specific match is the first in sequence". Where none fits, or the first has another value than 0 and 1 ("protocol
errors" in its section "tdm-reservation"), nothing is declared. What the page's own response says goes before
(archive.extract.wishes).
"""

from __future__ import annotations

import json
from typing import Any, Final

from crawler.politeness.robots import Rules

__all__ = ["PATH", "Reservations", "reservations", "reserved"]

PATH: Final = "/.well-known/tdmrep.json"

Reservations = tuple[tuple[Rules, str | None], ...]
"""Rules that refuse the paths they are for, and what those are reserved by: the policy's address, or ``1``."""

_MOST: Final = 500
_LONGEST: Final = 2000


def reservations(body: bytes) -> Reservations:
    """The rules of a file, of those that can be read; none where nothing is reserved."""
    try:
        listed: Any = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    found: list[tuple[Rules, str | None]] = []
    for rule in listed[:_MOST] if isinstance(listed, list) else ():
        if not isinstance(rule, dict) or not isinstance(location := rule.get("location"), str):
            continue
        policy = rule.get("tdm-policy")
        by = policy[:_LONGEST] if isinstance(policy, str) and policy.isprintable() and policy.strip() else "1"
        found.append((Rules.of([(location, False)]), by if str(rule.get("tdm-reservation")) == "1" else None))
    return tuple(found) if any(by for _, by in found) else ()


def reserved(target: str, rules: Reservations) -> str | None:
    """What the path and query of a URL are reserved by, by the first rule that fits; None when they are not."""
    return next((by for rule, by in rules if not rule.allows(target)), None)
