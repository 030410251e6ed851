"""What one WARC file tells of its records, in the plain form that crosses to the process that compares files.

Ids are 16 bytes where they are UUIDs, else text; URIs and index lines are 8-byte digests: there are millions of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import blake2b
from typing import NamedTuple

__all__ = ["Batch", "FileSums", "RecordFact", "Reference", "ReferenceKind", "RevisitFact", "id_key", "id_text", "short"]

IdKey = bytes | str


class RecordFact(NamedTuple):
    offset: int
    id: IdKey | None
    type: str
    uri: int | None
    """`short` of WARC-Target-URI."""
    date: str | None
    digest: str | None
    """WARC-Payload-Digest as stated."""
    truncated: bool
    line: int | None
    """`short` of the line that the index should have for it; None when it should have none."""


class ReferenceKind(IntEnum):
    CONCURRENT = 1
    REFERS = 2
    WARCINFO = 3
    REMOVED = 4
    """A tombstone's."""


class Reference(NamedTuple):
    offset: int
    id: IdKey | None
    kind: int
    target: IdKey


class RevisitFact(NamedTuple):
    offset: int
    id: IdKey | None
    target: IdKey | None
    original_uri: int | None
    original_date: str | None
    uri: int | None
    digest: str | None


@dataclass(slots=True)
class Batch:
    """What was found since the last batch."""

    position: int = 0
    """How far into the file this goes."""
    records: list[RecordFact] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    revisits: list[RevisitFact] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSums:
    """A file as a whole."""

    size: int
    sha256: str | None
    records: int
    block_bytes: int
    ours: bool


def id_key(text: str) -> IdKey:
    """`text` without angle brackets."""
    if len(text) == 45 and text.startswith("urn:uuid:"):
        try:
            return bytes.fromhex(text[9:].replace("-", ""))
        except ValueError:
            return text
    return text


def id_text(key: IdKey | None) -> str | None:
    if not isinstance(key, bytes):
        return key
    text = key.hex()
    return f"urn:uuid:{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def short(text: str) -> int:
    """Eight bytes of a digest, signed as SQLite has its numbers."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)
