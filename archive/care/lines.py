"""The lines that the index should have for the captures of a file, as `archive.warc.captures` makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archive.asks import of_records
from archive.care.blocks import Block, Fields
from archive.care.facts import RecordFact, short
from archive.care.header import Header
from archive.http import Head
from archive.index import cdxj
from archive.index.scan import capture_of
from archive.model import Capture, Discovery
from archive.warc.fields import discovery_of, load
from archive.warc.reader import parse_date

__all__ = ["Revisited", "expected_capture"]


class Revisited:
    """A revisit whose line is not known before the metadata record of its event was read, which follows it."""

    def __init__(self, fact: RecordFact, capture: Capture, head: Head | None) -> None:
        self._fact = fact
        self._capture = capture
        self._head = head

    def waits(self, header: Header, targets: Sequence[str]) -> bool:
        """Whether the record with this header stands between the two; `targets`: what it names as concurrent."""
        return header.type == "request" and self._capture.id in targets

    def fact(self, header: Header | None, block: Block | None, targets: Sequence[str]) -> RecordFact:
        """What is to be told of the revisit, now that this record, or the end, came behind it."""
        found = Discovery()
        if header and header.type == "metadata" and isinstance(block, Fields) and self._capture.id in targets:
            found = discovery_of(load(block.text))
        line = cdxj.line(replace(self._capture, asks=of_records(self._head, found)))
        return self._fact._replace(line=short(line))


def expected_capture(header: Header, head: Head | None, *, file: str, offset: int, length: int) -> Capture | None:
    """That of a response or revisit; None of records that the index leaves out, and of those without a date."""
    if header.type not in ("response", "revisit"):
        return None
    try:
        date = parse_date(header.values.get("warc-date", ""))
    except ValueError:
        return None
    return capture_of(header.lines, head, date=date, file=file, offset=offset, length=length)
