"""What a collection holds, record by record, in a temporary database that can be asked what belongs to what.

Every WARC file is read from its first byte to its last, files that a recovery cut off (``.cut``) too, once; what does
not fit into memory, SQLite puts on the disk by itself. Damaged stretches are told of, and read past.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from archive.digest import Algorithm, digest_of
from archive.errors import DamagedRecord
from archive.readable import Readable, size_of
from archive.warc.members import Damage, Member
from archive.warc.reader import read_at
from archive.warc.salvage import salvage

__all__ = ["Held", "Holdings", "Progress"]

Progress = Callable[[int, int], None]
"""Told of the bytes read so far, and of all there are."""

_FILES: Final = (".warc.gz", ".warc.gz.cut")
_SCHEMA: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE records (file INTEGER, offset INTEGER, length INTEGER, id TEXT, type TEXT, url TEXT, date TEXT, near TEXT,
                      refers TEXT, digest TEXT, profile TEXT);
CREATE TABLE pages (id TEXT, page TEXT);
BEGIN;
"""
_INDEXES: Final = "".join(f"CREATE INDEX records_{name} ON records ({name});" for name in ("id", "near", "refers"))
_LISTED: Final = re.compile(rb'"pages":\[([^\]]*)\]')
"""In a reading's document, at its start: captures whose text is in it besides that of the one it refers to."""


class Held(NamedTuple):
    """A record, and what it says of others."""

    file: int
    """Number of its file."""
    offset: int
    length: int
    id: str
    type: str
    url: str
    date: str
    near: str
    """The first that it names as concurrent."""
    refers: str
    """The first that it refers to."""
    digest: str
    """WARC-Payload-Digest; the one that was asked for, where the payload has that whatever the field says."""
    profile: str


class Holdings:
    """All records; for one thread, to be closed."""

    def __init__(
        self,
        folders: Iterable[Path],
        elsewhere: Iterable[Readable] = (),
        *,
        digest: str | None = None,
        on_progress: Progress = lambda done, total: None,
    ) -> None:
        """`elsewhere`: files that are in none of the folders.

        `digest`: payloads are digested to find those that have it.
        """
        self.files: Sequence[Readable] = [*(path for folder in folders for path in _files(folder)), *elsewhere]
        self.counts = [0] * len(self.files)
        """How many records each file has."""
        self.damaged: list[DamagedRecord] = []
        self._digest = digest
        self._pages: list[tuple[str, str]] = []
        self._database = sqlite3.connect("", isolation_level=None)
        try:
            self._database.executescript(_SCHEMA)
            total, done = sum(size_of(file) for file in self.files), 0
            for number, file in enumerate(self.files):
                rows = self._records(number, partial(_tell, on_progress, done, total))
                self._database.executemany("INSERT INTO records VALUES (?,?,?,?,?,?,?,?,?,?,?)", rows)
                done += size_of(file)
            self._database.executemany("INSERT INTO pages VALUES (?,?)", self._pages)
            self._database.executescript(_INDEXES)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._database.close()

    def of_id(self, record_id: str) -> list[Held]:
        return self._where("id = ?", record_id)

    def of_url(self, url: str) -> list[Held]:
        return self._where("url = ?", url)

    def of_digest(self, digest: str) -> list[Held]:
        return self._where("digest = ?", digest)

    def near(self, record_id: str) -> list[Held]:
        """Records that name this one as concurrent."""
        return self._where("near = ?", record_id)

    def referring_to(self, record_id: str) -> list[Held]:
        return self._where("refers = ?", record_id)

    def joining(self, record_id: str) -> list[Held]:
        """Readings of other captures that have the text of this one in them, and what these refer to."""
        rows = self._database.execute("SELECT id FROM pages WHERE page = ?", (record_id,)).fetchall()
        documents = [held for (name,) in rows for held in self.of_id(name)]
        texts = [held for each in documents for held in self.of_id(each.refers) if held.type == "conversion"]
        return [*documents, *texts]

    def _where(self, condition: str, value: str) -> list[Held]:
        if not value:  # a record without an id belongs to nothing
            return []
        query = f"SELECT * FROM records WHERE {condition} ORDER BY file, offset"  # noqa: S608 - our own conditions
        return [Held(*row) for row in self._database.execute(query, (value,))]

    def _records(self, number: int, on_progress: Callable[[int], None]) -> Iterator[Held]:
        path = self.files[number]
        for item in salvage(path):
            on_progress(item.offset)
            if isinstance(item, Damage):
                self.damaged.append(DamagedRecord(path, item.offset, item.why))
                continue
            self.counts[number] += 1
            held = self._held(number, item)
            if held.type == "metadata" and (listed := _LISTED.search(item.start)):
                pages = re.findall(r'"([^"]+)"', listed[1].decode("utf-8", "replace"))
                self._pages += [(held.id, page) for page in pages]
            yield held

    def _held(self, number: int, member: Member) -> Held:
        fields: dict[str, str] = {}
        for name, value in member.headers:
            fields.setdefault(name.lower(), value)
        kind = fields.get("warc-type", "").lower()
        url = fields.get("warc-target-uri", "")
        stated = fields.get("warc-payload-digest", "")
        if self._digest and kind == "response" and stated != self._digest and self._has_payload(number, member):
            stated = self._digest
        return Held(
            file=number,
            offset=member.offset,
            length=member.length,
            id=_bare(fields.get("warc-record-id", "")),
            type=kind,
            url=url[1:-1] if url.startswith("<") and url.endswith(">") else url,
            date=fields.get("warc-date", ""),
            near=_bare(fields.get("warc-concurrent-to", "")),
            refers=_bare(fields.get("warc-refers-to", "")),
            digest=stated,
            profile=fields.get("warc-profile", ""),
        )

    def _has_payload(self, number: int, member: Member) -> bool:
        assert self._digest is not None
        algorithm: Algorithm = "sha1" if self._digest.startswith("sha1:") else "sha256"
        record = read_at(self.files[number], member.offset, member.length)
        return digest_of(record.payload(), algorithm) == self._digest


def _tell(on_progress: Progress, before: int, total: int, offset: int) -> None:
    on_progress(before + offset, total)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("[!.]*") if path.name.endswith(_FILES)) if folder.is_dir() else []


def _bare(field: str) -> str:
    return field.strip("<> ")
