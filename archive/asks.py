"""What a publisher asks not to be done with a page, in the words of a capture's own records: lines. Pure.

header x-robots-tag: noai                 a field of the response's head: one of HEADERS
meta robots: noindex                      an element of the page
robots.txt refuses: CCBot, GPTBot         what the capture's metadata record says of the host's files …
tdmrep.json reserves: https://example.org/policy.json
crawl obeys: wirecopy                     … and of how the crawl took all of this

What they come to is told by archive.extract.wishes. A revisit has a head and a metadata record of its own, and the page
of another capture: so its index line has these lines, and `after` puts both together.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

from archive.http import Head
from archive.model import Discovery

__all__ = ["after", "line", "of_records"]

HEADERS: Final = ("x-robots-tag", "tdm-reservation", "tdm-policy", "content-usage", "content-signal")
_LONGEST: Final = 2000
"""Characters of a value, such as a policy's address."""
_MOST: Final = 50
"""Fields of one name: hostile heads have thousands."""


def line(name: str, value: str) -> str:
    """A line of `name` (the place and what it is called there) and a value, whatever is in that."""
    return f"{name}: {' '.join(value.split())[:_LONGEST]}"


def of_records(head: Head | None, found: Discovery) -> tuple[str, ...]:
    """What the response's head and the capture's metadata record say; most say nothing."""
    lines: list[str] = []
    if head is not None:
        names = {name.lower() for name, _ in head.headers}
        for name in HEADERS:
            if name.encode() in names:
                fields = islice(head.all(name.encode()), _MOST)
                lines += [line(f"header {name}", value.decode("latin-1")) for value in fields]
    if found.refused:
        lines.append(line("robots.txt refuses", ", ".join(found.refused)))
    if found.reserved:
        lines.append(line("tdmrep.json reserves", found.reserved))
    if found.obeys:
        lines.append(line("crawl obeys", found.obeys))
    return tuple(lines)


def after(before: Sequence[str], own: Sequence[str], *, unmodified: bool) -> tuple[str, ...]:
    """What holds with a revisit whose records say `own`, of a page of which `before` held.

    The elements of the page are as they were. So is, of an `unmodified` one (a 304), each header field that it does not
    have: it replaces those of the response that it confirms (RFC 9111, clause 3.2), and need not have all.
    """
    named = {each.partition(": ")[0] for each in own}
    return (
        *own,
        *(
            each
            for each in before
            if each.startswith("meta ")
            or (unmodified and each.startswith("header ") and each.partition(": ")[0] not in named)
        ),
    )
