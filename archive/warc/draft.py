"""A record before it has a place: its fields and block, and how both become one gzip member.

warcio writes the record, with every digest set beforehand: left alone it would parse and rewrite HTTP heads, digest
chunked payloads with their framing, add payload digests where the standard has none, and drop the heads of revisits.
The member is compressed here because warcio's own gzip is fixed at level 9, twenty times the CPU.
"""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from isal import igzip_lib, isal_zlib
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.model import Capture, Truncation
from archive.spool import SPOOL_LIMIT, Spool

__all__ = ["Entry", "Place", "RecordDraft", "member", "new_id", "warc_date"]

_LEVEL = 2  # of ISA-L: a sixth of the CPU of zlib's default, for files about as large as its level 3 makes


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a record came to lie."""

    file: str
    """Bare and final name."""
    offset: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the index says of a capture, besides where it lies."""

    date: datetime
    status: int | None
    mime: str
    digest: str | None
    truncated: Truncation | None = None
    redirect: str | None = None
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDraft:
    """A record of any type; WARC-Warcinfo-ID is added when it is known in which file it goes."""

    type: str
    id: str
    """``urn:uuid:…``"""
    fields: tuple[tuple[str, str], ...]
    """All other named fields, without Content-Type and Content-Length."""
    content_type: str
    block: bytes | Spool = b""
    url: str = ""
    """WARC-Target-URI, where the record has one; it is among the fields too."""
    stored: bool = False
    """Whether the block is compressed already, so that compressing it again is a waste."""
    entry: Entry | None = None
    """Set on the one record of a group that is a capture."""

    def capture(self, place: Place) -> Capture:
        assert self.entry is not None
        return Capture(
            id=self.id,
            url=self.url,
            date=self.entry.date,
            status=self.entry.status,
            mime=self.entry.mime,
            digest=self.entry.digest,
            truncated=self.entry.truncated,
            redirect=self.entry.redirect,
            asks=self.entry.asks,
            file=place.file,
            offset=place.offset,
            length=place.length,
        )


def new_id() -> str:
    return f"urn:uuid:{uuid.uuid4()}"


def warc_date(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds (WARC/1.1, 5.4)."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def member(draft: RecordDraft, warcinfo: str | None) -> bytes | Spool:
    """The record as one gzip member; `warcinfo` is the id of the file's first record, None for that record itself."""
    if isinstance(draft.block, Spool) or len(draft.block) > SPOOL_LIMIT:
        return _spooled(draft, warcinfo)
    record = serialise(draft, warcinfo)
    if draft.stored:
        return zlib.compress(record, 0, 31)
    compressed: bytes = igzip_lib.compress(record, _LEVEL, igzip_lib.COMP_GZIP)
    return compressed


def serialise(draft: RecordDraft, warcinfo: str | None) -> bytes:
    """The record as it is before compression."""
    out = _Parts()
    _write(draft, warcinfo, out)
    return b"".join(out.parts)


def _spooled(draft: RecordDraft, warcinfo: str | None) -> Spool:
    spool = Spool()
    try:
        out = _Compressed(spool, stored=draft.stored)
        _write(draft, warcinfo, out)
        out.finish()
    except BaseException:
        spool.close()
        raise
    return spool


def _write(draft: RecordDraft, warcinfo: str | None, out: Any) -> None:
    named = [("WARC-Type", draft.type), ("WARC-Record-ID", f"<{draft.id}>"), *draft.fields]
    if warcinfo is not None:
        named.append(("WARC-Warcinfo-ID", f"<{warcinfo}>"))
    headers = StatusAndHeaders("", named, protocol="WARC/1.1")
    stream = _Stream(draft.block)
    # Told that a record is a revisit, warcio would leave out its block; the type that is written is among the fields.
    length = len(draft.block)
    _Writer(out, gzip=False).write_record(
        ArcWarcRecord("warc", "resource", headers, stream, None, draft.content_type, length)
    )


class _Writer(WARCWriter):  # type: ignore[misc]
    """warcio's writer, adding no digest of its own."""

    def ensure_digest(self, record: Any, block: bool = True, payload: bool = True) -> None:
        """Nothing: drafts come with their digests, and without those they must not have."""


class _Stream:
    """A block as warcio reads one, in the pieces it has rather than those asked for."""

    def __init__(self, block: bytes | Spool) -> None:
        self._pieces: Iterator[bytes] = block.chunks() if isinstance(block, Spool) else iter((block,))

    def read(self, _size: int) -> bytes:
        return next(self._pieces, b"")


class _Parts:
    """Takes what warcio writes, and keeps it."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.write = self.parts.append

    def flush(self) -> None:
        """Nothing waits."""


class _Compressed:
    """Takes what warcio writes, and compresses it into a spool."""

    def __init__(self, spool: Spool, *, stored: bool) -> None:
        self._spool = spool
        self._compressor: Any = zlib.compressobj(0, zlib.DEFLATED, 31) if stored else isal_zlib.compressobj(2, 8, 31)

    def write(self, data: bytes) -> None:
        for start in range(0, len(data), 1 << 20):
            self._spool.write(self._compressor.compress(data[start : start + (1 << 20)]))

    def flush(self) -> None:
        """warcio flushes after each record; the member ends only with `finish`."""

    def finish(self) -> None:
        self._spool.write(self._compressor.flush())
