"""Members of a file as it lies -> captures: for repair, rebuild and takedown, which read what they did not write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from archive.asks import of_records
from archive.http import Head, parse_head
from archive.index.scan import capture_of
from archive.model import Capture, Discovery
from archive.warc.fields import discovery_of, load
from archive.warc.members import Damage, Member
from archive.warc.reader import parse_date

__all__ = ["captures"]

_HEAD: Final = 16 * 1024
"""Bytes of a block in which its HTTP head nearly always ends."""

_Held = tuple[Capture, Head | None]


def captures(
    items: Iterable[Member | Damage], file: str, on_damage: Callable[[Damage], None] = lambda damage: None
) -> Iterator[Capture]:
    """The captures among the members of the file of this final name; Damage is told, of one without a date too.

    A revisit comes once the metadata record of its event is there, which follows it, or something else does.
    """
    held: _Held | None = None
    for item in items:
        if held is not None and not (isinstance(item, Member) and item.kind == "request" and _is_of(item, held[0])):
            yield _with_asks(held, item)
            held = None
        if isinstance(item, Damage):
            on_damage(item)
            continue
        try:
            found = _captured(item, file)
        except Damage as damage:
            on_damage(damage)
            continue
        if found is not None and item.kind == "revisit":
            held = found
        elif found is not None:
            yield found[0]
    if held is not None:
        yield _with_asks(held, None)


def _captured(member: Member, file: str) -> _Held | None:
    """The capture that a member is, if it is one, and its head."""
    if member.kind not in ("response", "revisit"):
        return None
    try:
        date = parse_date(next(iter(member.all("WARC-Date")), ""))
    except ValueError as error:
        raise Damage(member.offset, f"the record has no date ({error})") from error
    head = parse_head(member.begins(_HEAD)) or parse_head(member.start)
    found = capture_of(member.headers, head, date=date, file=file, offset=member.offset, length=member.length)
    return (found, head) if found else None


def _is_of(member: Member, capture: Capture) -> bool:
    return capture.id in member.concurrent


def _with_asks(held: _Held, behind: Member | Damage | None) -> Capture:
    capture, head = held
    found = Discovery()
    if isinstance(behind, Member) and behind.kind == "metadata" and _is_of(behind, capture):
        found = discovery_of(load(behind.start))
    return replace(capture, asks=of_records(head, found))
