"""WARC files -> records: many in a stream with FastWARC, or one by its place, strictly. Ours, and others' too.

Plain and gzipped files are read alike. Blocks come as they are; what HTTP they hold is parsed by `archive.http`, which
knows more odd responses than either library. A record that is shorter than it says raises DamagedRecord; a file that
ends between records just ends, so compare counts with ``files.jsonl``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, BinaryIO

from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecord, WarcRecordType
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from archive import http
from archive.errors import DamagedRecord
from archive.http import Head
from archive.readable import Readable
from archive.spool import SPOOL_LIMIT, Spool, chunks
from archive.warc.members import Damage, Whole, member_at

__all__ = ["Record", "parse_date", "read_at", "records"]

_PIECE = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record as it lies in a file."""

    headers: tuple[tuple[str, str], ...]
    """Named fields, as written and in order."""
    block: bytes | Spool
    file: str
    """Bare name, as the file is called on disk."""
    offset: int
    length: int
    """Bytes on disk: of the gzip member, or of the record in a plain file."""

    def get(self, name: str) -> str | None:
        """The first field of that name, whatever its case."""
        name = name.lower()
        return next((value for key, value in self.headers if key.lower() == name), None)

    def all(self, name: str) -> list[str]:
        name = name.lower()
        return [value for key, value in self.headers if key.lower() == name]

    @property
    def type(self) -> str:
        return (self.get("WARC-Type") or "").lower()

    @property
    def id(self) -> str:
        """WARC-Record-ID without its brackets."""
        return (self.get("WARC-Record-ID") or "").strip("<> ")

    @property
    def url(self) -> str | None:
        """WARC-Target-URI, without the brackets that some writers put around it."""
        url = self.get("WARC-Target-URI")
        return url[1:-1] if url and url.startswith("<") and url.endswith(">") else url

    @property
    def date(self) -> datetime:
        """WARC-Date; ValueError when there is none to be read."""
        return parse_date(self.get("WARC-Date") or "")

    @property
    def head(self) -> Head | None:
        """The head of an HTTP response, parsed anew at each access; None for all other blocks."""
        if self.type not in ("response", "revisit"):
            return None
        if isinstance(self.block, bytes):
            return http.parse_head(self.block)
        start = b""
        for piece in chunks(self.block):
            start += piece
            head = http.parse_head(start)
            if head is not None or len(start) >= http.HEAD_LIMIT or not http.begins_head(start):
                return head
        return None

    def payload(self) -> Iterator[bytes]:
        """The entity body, transfer encodings removed; of records that are no HTTP response, the block."""
        head = self.head
        if head is not None:
            return http.payload(self.block, head)
        return (bytes(piece) for piece in chunks(self.block))


def parse_date(text: str) -> datetime:
    """A WARC-Date in UTC: RFC 3339, from the year alone down to fractions of a second; ValueError when it is none."""
    moment = datetime.fromisoformat(text + "0000-01-01T00:00:00Z"[len(text) :] if len(text) < 10 else text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def records(path: Readable, types: Collection[str] = ()) -> Iterator[Record]:
    """The records of a file in order, of the given types or of all; DamagedRecord where no record can be read."""
    wanted = {kind.lower() for kind in types}
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        waiting: Record | None = None  # until it is known where the next one begins
        for found in _iterated(path, file):
            if waiting is not None:
                yield replace(waiting, length=found.stream_pos - waiting.offset)
                waiting = None
            headers = tuple((_text(name), _text(value)) for name, value in found.headers.items_bytes())
            if wanted and _type(headers) not in wanted:
                continue
            if not any(name.lower() == "content-length" and value for name, value in headers):  # cut within its fields
                raise DamagedRecord(path, found.stream_pos, "the record has no Content-Length")
            block = _block(found.reader, found.content_length)
            if len(block) < found.content_length:
                why = f"ends after {len(block)} of {found.content_length} bytes of its block"
                raise DamagedRecord(path, found.stream_pos, why)
            waiting = Record(headers=headers, block=block, file=path.name, offset=found.stream_pos, length=0)
        if waiting is not None:
            yield replace(waiting, length=size - waiting.offset)


def _iterated(path: Readable, file: BinaryIO) -> Iterator[WarcRecord]:
    """FastWARC's records; what it says of damage (an OSError without a number) as DamagedRecord."""
    at = 0
    try:
        for found in FastIterator(file, record_types=WarcRecordType.any_type, parse_http=False):
            at = found.stream_pos
            yield found
    except OSError as error:
        if error.errno is not None:
            raise
        raise DamagedRecord(path, at, f"behind the record that begins here nothing can be read ({error})") from error


def read_at(path: Readable, offset: int, length: int | None = None) -> Record:
    """The one record whose gzip member (or, in a plain file, whose version line) begins at `offset`.

    DamagedRecord when it is not whole, its checksum is wrong, or its length is not `length`.
    """
    with path.open("rb") as file:
        try:
            file.seek(offset)
            whole = _plain_at(file, offset) if file.read(5) == b"WARC/" else member_at(file, offset)
        except Damage as damage:
            raise DamagedRecord(path, damage.offset, damage.why) from damage
    if length is not None and length != whole.length:
        raise DamagedRecord(path, offset, f"the record here takes {whole.length} bytes, not {length}")
    return Record(headers=whole.headers, block=whole.block, file=path.name, offset=offset, length=whole.length)


def _plain_at(file: BinaryIO, offset: int) -> Whole:
    file.seek(offset)
    try:
        iterator = ArchiveIterator(file, no_record_parse=True)
        found = next(iterator)
        declared = int(found.length if found.length is not None else -1)
        block = _block(found.raw_stream, declared)
        if len(block) != declared:
            raise Damage(offset, f"ends after {len(block)} of {declared} bytes of its block")
        return Whole(length=iterator.get_record_length(), headers=tuple(found.rec_headers.headers), block=block)
    except (StopIteration, EOFError, ArchiveLoadFailed, StatusAndHeadersParserException) as error:
        raise Damage(offset, f"no WARC record here ({str(error).strip() or 'end of file'})") from error


def _type(headers: tuple[tuple[str, str], ...]) -> str:
    return next((value.lower() for name, value in headers if name.lower() == "warc-type"), "")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _block(reader: Any, length: int) -> bytes | Spool:
    """As much of `length` bytes as there is."""
    block: bytes | Spool = Spool() if length > SPOOL_LIMIT else b""
    while length > 0 and (piece := reader.read(min(length, _PIECE if isinstance(block, Spool) else length))):
        length -= len(piece)
        if isinstance(block, Spool):
            block.write(piece)
        else:
            block += piece
    return block
