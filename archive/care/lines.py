"""The index line that a record should have."""

from __future__ import annotations

from archive.care.header import Header
from archive.http import Head
from archive.index import cdxj
from archive.index.scan import capture_of
from archive.warc.reader import parse_date

__all__ = ["expected_line"]


def expected_line(header: Header, head: Head | None, *, file: str, offset: int, length: int) -> str | None:
    """The line of a response or revisit; None of records that the index leaves out, and of those without a date."""
    if header.type not in ("response", "revisit"):
        return None
    try:
        date = parse_date(header.values.get("warc-date", ""))
    except ValueError:
        return None
    capture = capture_of(header.lines, head, date=date, file=file, offset=offset, length=length)
    return None if capture is None else cdxj.line(capture)
