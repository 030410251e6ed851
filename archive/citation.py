"""Where the words of an article stand, down to the byte, and what of it anybody can check without us.

A citation names records: of each page that the text was taken from, and of the reading, which has the text. Each is
read and digested while it is cited, so that what is named is there.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Final

from archive.api import Collection
from archive.catalogue import documents, query
from archive.digest import Algorithm, digest
from archive.errors import DamagedRecord, VersionNotFound
from archive.spool import chunks
from archive.warc.reader import Record

__all__ = ["Citation", "Cited", "cite"]

_HEADER_LIMIT: Final = 1024 * 1024
_GZIP: Final = 31  # zlib's number for gzip


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """One record."""

    id: str
    type: str
    date: str
    """WARC-Date, as written."""
    file: str
    """Its path in the collection."""
    offset: int
    length: int
    """Bytes of its gzip member."""
    header: int
    """Bytes of the record before its block, uncompressed."""
    block: int
    """Bytes of its block."""
    block_digest: str
    """As computed now, and as WARC-Block-Digest says, where that is spelled so."""
    payload_digest: str | None
    ip: str | None
    protocols: tuple[str, ...]
    cipher: str | None
    sha256: str | None
    """Of the whole file, as noted when it was closed; None while it grows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    article_id: str
    version: int
    title: str | None
    url: str
    extractor: str
    pages: tuple[Cited, ...]
    """Responses that the text was taken from: one, unless the article has several pages."""
    reading: Cited
    """The record that has the text."""


def cite(collection: Collection, name: str, version: int | None = None) -> Citation:
    """The newest version of an article, or another by its number.

    ArticleNotFound, VersionNotFound; DamagedRecord when a record is not what it says.
    """
    article = collection.article(name)
    versions = {each.number: each for each in collection.versions(article.article_id)}
    if version is not None and version not in versions:
        raise VersionNotFound(article.article_id, version, len(versions))
    number = version or max(versions, default=1)
    newest = version is None or version == max(versions)
    reading_id = article.reading.id if newest else versions[number].reading_id
    reading = collection.read(*query.place_of_reading(collection.catalogue, reading_id))
    capture_id, extraction = documents.decode(b"".join(map(bytes, chunks(reading.block))))
    pages = [
        collection.read(*query.place_of_capture(collection.catalogue, page)) for page in (capture_id, *extraction.pages)
    ]
    return Citation(
        article_id=article.article_id,
        version=number,
        title=extraction.title,
        url=pages[0].url or "",
        extractor=f"{extraction.extractor} {extraction.version}",
        pages=tuple(_cited(collection, page) for page in pages),
        reading=_cited(collection, reading),
    )


def _cited(collection: Collection, record: Record) -> Cited:
    stated = record.get("WARC-Block-Digest")
    algorithm: Algorithm = "sha256" if stated and stated.startswith("sha256:") else "sha1"
    found = digest(record.block, algorithm)
    if stated and len(stated) == len(found) and stated.lower() != found.lower():  # others spell them in other ways
        raise DamagedRecord(record.file, record.offset, f"the block does not have the digest {stated}")
    name = record.file.removesuffix(".open")
    listed = collection.closed_files().get(name)
    folder = collection.text_dir if (collection.text_dir / record.file).exists() else collection.archive_dir
    return Cited(
        id=record.id,
        type=record.type,
        date=record.get("WARC-Date") or "",
        file=f"{listed.where if listed else folder.name}/{record.file}",
        offset=record.offset,
        length=record.length,
        header=_header(collection, record),
        block=len(record.block),
        block_digest=found,
        payload_digest=record.get("WARC-Payload-Digest"),
        ip=record.get("WARC-IP-Address"),
        protocols=tuple(record.all("WARC-Protocol")),
        cipher=record.get("WARC-Cipher-Suite"),
        sha256=listed.sha256 if listed else None,
    )


def _header(collection: Collection, record: Record) -> int:
    """Bytes up to the empty line that ends the named fields."""
    with collection.readable(record.file.removesuffix(".open")).open("rb") as file:
        file.seek(record.offset)
        start = zlib.decompressobj(_GZIP).decompress(file.read(min(record.length, _HEADER_LIMIT)), _HEADER_LIMIT)
    return start.index(b"\r\n\r\n") + 4
