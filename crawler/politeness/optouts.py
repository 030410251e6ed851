"""How a robots.txt keeps a page from being trained on: by refusing it to crawlers that gather text for that. Pure.

Those are in crawler.agents; a rule for everybody says nothing of training, so only groups by name count. Or in so many
words: Content-Usage (draft-ietf-aipref-attach, section 5) and Content-Signal (contentsignals.org), in the group for us.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from archive.extract.wishes import may_train
from crawler.agents import TRAINERS
from crawler.politeness.robots import Robots, Rules

__all__ = ["Refusals", "refusals", "refused"]

Refusals = tuple[tuple[Rules, tuple[str, ...]], ...]
"""Rules that refuse something, and whom they hold for, or what they are called."""

_MOST: Final = 500
"""Rules of a group that are looked at: there may be thousands, for each of these crawlers anew."""


def refusals(robots: Robots, token: str) -> Refusals:
    """The rules of a file for those of TRAINERS that it names; equal ones once, as files have them for all alike.

    And what it says of training to the crawler with this product token.
    """
    groups: list[tuple[Sequence[tuple[str, bool]], list[str]]] = []
    for name in sorted(TRAINERS):
        patterns = robots.group(name)[:_MOST]
        same = next((names for known, names in groups if known == patterns), None)
        if same is not None:
            same.append(name)
        elif not all(allows or not pattern for pattern, allows in patterns):
            groups.append((patterns, [name]))
    found = [(Rules.of(patterns), tuple(names)) for patterns, names in groups]
    for key, name in (("signal", "Content-Signal"), ("usage", "Content-Usage")):
        paths: dict[str, bool] = {}
        for path, may in (_preference(said) for kind, said in robots.usages(token)[:_MOST] if kind == key):
            if may is not None:
                paths[path] = may and paths.get(path, True)
        if not all(paths.values()):
            found.append((Rules.of(paths.items()), (name,)))
    return tuple(found)


def _preference(said: str) -> tuple[str, bool | None]:
    """The path it is for, as rules have them, and whether that may be trained on."""
    path, _, rest = said.partition(" ") if said.startswith("/") else ("/", "", said)
    return path, may_train(rest)


def refused(target: str, by: Refusals) -> tuple[str, ...]:
    """Who may not have the path and query of a URL, sorted."""
    if len(by) == 1:  # as most files have it
        ((rules, names),) = by
        return () if rules.allows(target) else names
    return tuple(sorted(name for rules, names in by if not rules.allows(target) for name in names))
