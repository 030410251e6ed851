"""WARC and ARC files of other makers: what a file is, told by its bytes, and its records written as ours are read.

A collection's tools read gzipped WARC files of one record a member. Others become such a file: plain and zstd ones and
those compressed as a whole record by record, their fields and blocks byte for byte; ARC files by way of new records,
since an ARC record has no more than five fields. What cannot be read is told, and read past where it can be.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecord, WarcRecordType
from isal import isal_zlib
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from archive.care.whole import Lost, Split, survey, written
from archive.digest import digest_of
from archive.errors import DamagedRecord
from archive.http import parse_head, payload
from archive.redirects import redirect_target
from archive.warc.draft import Entry, RecordDraft, new_id, warc_date

__all__ = ["Form", "arc_records", "form_of", "is_readable", "repacked"]

Form = Literal["warc.gz", "warc", "warc.zst", "arc", "wacz"]

OnDamage = Callable[[DamagedRecord], None]

_ZSTD: Final = (b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18")
"""A frame of data, and one with a dictionary for all that follow."""
_LEVEL: Final = 2  # as archive.warc.draft has it
_PIECE: Final = 256 * 1024
_BROKEN: Final = (EOFError, ArchiveLoadFailed, StatusAndHeadersParserException, zlib.error)


def form_of(path: Path) -> Form | None:
    """What kind of archive a file is; None when it is none that we know."""
    with path.open("rb") as file:
        start = file.read(16)
    if start.startswith(b"\x1f\x8b"):
        with suppress(OSError, EOFError), gzip.open(path) as inflated:
            start = inflated.read(16)
        return "arc" if start.startswith(b"filedesc:") else "warc.gz" if start.startswith(b"WARC/") else None
    if start.startswith(b"WARC/"):
        return "warc"
    if start.startswith(b"filedesc:"):
        return "arc"
    if start.startswith(_ZSTD):
        return "warc.zst"
    return "wacz" if start.startswith(b"PK\x03\x04") else None


def is_readable(path: Path) -> bool:
    """Whether every record of a gzipped WARC file can be read by its place, those in damaged stretches aside."""
    with path.open("rb") as file:
        found = survey(file.fileno(), os.fstat(file.fileno()).st_size)
        return not any(isinstance(item, Split) for item in found)


def repacked(path: Path, form: Form, on_damage: OnDamage) -> Iterator[bytes]:
    """A WARC file of any form as one with a record a member."""
    if form == "warc.gz":
        with path.open("rb") as file:
            end = os.fstat(file.fileno()).st_size
            found = list(survey(file.fileno(), end))
            for item in found:
                if isinstance(item, Lost):
                    on_damage(DamagedRecord(path, item.offset, item.why))
            yield from written(file.fileno(), end, found)
        return
    at = 0
    try:
        with path.open("rb") as file:
            for record in FastIterator(file, record_types=WarcRecordType.any_type, parse_http=False):
                at = record.stream_pos
                if (member := _member(record)) is None:
                    on_damage(DamagedRecord(path, at, "the record is shorter than it says"))
                    return
                yield member
    except OSError as error:
        if error.errno is not None:
            raise
        on_damage(DamagedRecord(path, at, f"behind the record that begins here nothing can be read ({error})"))


def _member(record: WarcRecord) -> bytes | None:
    """A record with its own fields, as a gzip member; None when the file ends within it."""
    packer = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, 31)
    fields = b"".join(name + b": " + value + b"\r\n" for name, value in record.headers.items_bytes())
    version = record.headers.status_line_bytes or b"WARC/1.0"
    parts = [packer.compress(version + b"\r\n" + fields + b"\r\n")]
    left = record.content_length
    while left and (piece := record.reader.read(min(left, _PIECE))):
        parts.append(packer.compress(piece))
        left -= len(piece)
    if left:
        return None
    return b"".join([*parts, packer.compress(b"\r\n\r\n"), packer.flush()])


def arc_records(path: Path, on_damage: OnDamage) -> Iterator[RecordDraft]:
    """The documents of an ARC file (version 1 and 2) as responses, or resources where they came by other ways."""
    with path.open("rb") as file:
        iterator = ArchiveIterator(file, no_record_parse=True)
        while True:
            try:
                record = next(iterator)
                if record.rec_headers.get_header("uri", "").startswith("filedesc:"):
                    continue
                yield _of_arc(record)
            except StopIteration:
                return
            except ValueError as error:
                on_damage(DamagedRecord(path, iterator.offset, f"no date or length that could be read ({error})"))
            except _BROKEN as error:
                why = f"from here on no record can be read ({str(error).strip() or 'end of file'})"
                on_damage(DamagedRecord(path, iterator.offset, why))
                return


def _of_arc(record: Any) -> RecordDraft:
    get = record.rec_headers.get_header
    url, address, stamp = get("uri"), get("ip-address"), get("archive-date")
    length = int(get("length"))
    block = _whole(record.raw_stream, length)
    date = datetime.strptime(stamp.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    fields = [("WARC-Target-URI", url), ("WARC-Date", warc_date(date))]
    if address and address != "0.0.0.0":  # noqa: S104 - ARC's word for "unknown"
        fields.append(("WARC-IP-Address", address))
    fields.append(("WARC-Block-Digest", digest_of([block])))
    if not url.startswith(("http:", "https:")):
        fields.append(("WARC-Payload-Digest", digest_of([block])))
        return RecordDraft(
            type="resource", id=new_id(), fields=tuple(fields), content_type=get("content-type"), block=block, url=url
        )
    head = parse_head(block)
    digest = digest_of(payload(block, head)) if head is not None else None
    if digest:
        fields.append(("WARC-Payload-Digest", digest))
    return RecordDraft(
        type="response",
        id=new_id(),
        fields=tuple(fields),
        content_type="application/http;msgtype=response",
        block=block,
        url=url,
        entry=Entry(
            date=date,
            status=head.status if head else None,
            mime=head.mime if head else "unk",
            digest=digest,
            redirect=redirect_target(url, head),
        ),
    )


def _whole(stream: Any, length: int) -> bytes:
    parts = []
    while length and (piece := stream.read(min(length, _PIECE))):
        parts.append(piece)
        length -= len(piece)
    if length:
        raise EOFError("the file ends within a record")
    return b"".join(parts)
