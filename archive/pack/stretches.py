"""Where the records lie that make up the capture events of a WARC file, told from a few looks into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import BinaryIO, Final, TypeAlias

from archive.warc.fields import load
from archive.warc.members import Damage, Member, members

__all__ = ["Stretch", "stretches"]

_EVENT: Final = 8
"""Records that follow a capture and may belong to it, at most."""

Stretch: TypeAlias = tuple[int, int]
"""Offset and length of a member."""


def stretches(file: BinaryIO, captures: Mapping[int, tuple[int, str]]) -> tuple[list[Stretch], bool]:
    """The members of these captures, of the records that belong to them, and the file's warcinfo; whether it is ours.

    `captures`: length and record id, by offset.
    """
    found = {offset: length for offset, (length, _) in captures.items()}
    ours = False
    for first in _members(file, 0, 1):
        if first.kind == "warcinfo":
            found[first.offset] = first.length
            ours = dict(load(first.start)).get("software", "").startswith("wirecopy/")
    complete = True
    for offset, (length, record_id) in captures.items():
        kinds = set()
        for other in _followers(file, offset + length, record_id, captures):
            found[other.offset] = other.length
            kinds.add(other.kind)
        complete = complete and "request" in kinds
    if not complete:
        found |= _companions(file, {record_id for _, record_id in captures.values()})
    return sorted(found.items()), ours


def _followers(
    file: BinaryIO, offset: int, record_id: str, captures: Mapping[int, tuple[int, str]]
) -> Iterator[Member]:
    """The records right behind a capture that name it as concurrent: where nearly all writers put them."""
    if offset in captures:
        return
    for other in _members(file, offset, _EVENT):
        if record_id not in other.concurrent:
            return
        yield other
        if other.offset + other.length in captures:
            return


def _companions(file: BinaryIO, ids: set[str]) -> dict[int, int]:
    """Requests and metadata anywhere in the file that name a capture, or that one names: those of wget come first."""
    named: set[str] = set()
    others: list[tuple[str, Stretch]] = []
    found: dict[int, int] = {}
    for each in _members(file, 0, None):
        if each.id in ids:
            named |= each.concurrent
        elif each.kind in ("request", "metadata"):
            if each.concurrent & ids:
                found[each.offset] = each.length
            else:
                others.append((each.id, (each.offset, each.length)))
    return found | dict(stretch for record_id, stretch in others if record_id in named)


def _members(file: BinaryIO, offset: int, most: int | None) -> Iterator[Member]:
    """At most so many from a place on; up to what is damaged."""
    file.seek(offset)
    try:
        yield from islice(members(file), most)
    except Damage:
        return
