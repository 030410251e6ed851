"""Members of a file as it lies -> captures: for repair, rebuild and takedown, which read what they did not write."""

from __future__ import annotations

from typing import Final

from archive.http import parse_head
from archive.index.scan import capture_of
from archive.model import Capture
from archive.warc.members import Damage, Member
from archive.warc.reader import parse_date

__all__ = ["captured"]

_HEAD: Final = 16 * 1024
"""Bytes of a block in which its HTTP head nearly always ends."""


def captured(member: Member, file: str) -> Capture | None:
    """The capture that a member of the file of this final name is, if it is one; Damage when it has no date."""
    if member.kind not in ("response", "revisit"):
        return None
    try:
        date = parse_date(next(iter(member.all("WARC-Date")), ""))
    except ValueError as error:
        raise Damage(member.offset, f"the record has no date ({error})") from error
    head = parse_head(member.begins(_HEAD)) or parse_head(member.start)
    return capture_of(member.headers, head, date=date, file=file, offset=member.offset, length=member.length)
