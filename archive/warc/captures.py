"""Members of a file as it lies -> captures: for repair, rebuild and takedown, which read what they did not write."""

from __future__ import annotations

from archive.http import parse_head
from archive.index.scan import capture_of
from archive.model import Capture
from archive.warc.members import Damage, Member
from archive.warc.reader import parse_date

__all__ = ["captured"]


def captured(member: Member, file: str) -> Capture | None:
    """The capture that a member of the file of this final name is, if it is one; Damage when it has no date."""
    fields = {name.lower(): value for name, value in member.headers}
    if fields.get("warc-type", "").lower() not in ("response", "revisit"):
        return None
    try:
        date = parse_date(fields.get("warc-date", ""))
    except ValueError as error:
        raise Damage(member.offset, f"the record has no date ({error})") from error
    head = parse_head(member.start)
    return capture_of(member.headers, head, date=date, file=file, offset=member.offset, length=member.length)
