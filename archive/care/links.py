"""Facts of all files side by side: duplicate ids, references that lead nowhere, revisits, index lines, catalogue rows.

They are kept in a temporary SQLite database, which the system deletes with the process: a hundred bytes or so a record,
on disk once they outgrow its cache, so a collection of any size is compared in bounded memory.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from archive.care.facts import Batch, IdKey, ReferenceKind, id_text

__all__ = ["Finding", "Links"]

_SCHEMA: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -65536;
CREATE TABLE records (file INTEGER, offset INTEGER, id, type TEXT, uri INTEGER, date TEXT, digest TEXT,
                      truncated INTEGER, line INTEGER);
CREATE TABLE refs (file INTEGER, offset INTEGER, id, kind INTEGER, target);
CREATE TABLE revisits (file INTEGER, offset INTEGER, id, target, original_uri INTEGER, original_date TEXT, uri INTEGER,
                       digest TEXT);
CREATE TABLE lines (file INTEGER, offset INTEGER, hash INTEGER, cdxj INTEGER, position INTEGER);
"""

_DANGLING: Final = {
    ReferenceKind.CONCURRENT: ("dangling-concurrent", "WARC-Concurrent-To"),
    ReferenceKind.REFERS: ("dangling-refers", "WARC-Refers-To"),
    ReferenceKind.WARCINFO: ("dangling-warcinfo", "WARC-Warcinfo-ID"),
}


class Finding(NamedTuple):
    code: str
    file: int
    """Number of the WARC file; of the index for `line_findings`."""
    offset: int
    id: str | None
    what: str


class Links:
    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_SCHEMA)
        self._database.execute("BEGIN")

    def close(self) -> None:
        self._database.close()

    def add(self, file: int, batch: Batch) -> None:
        many = self._database.executemany
        many("INSERT INTO records VALUES (?,?,?,?,?,?,?,?,?)", [(file, *fact) for fact in batch.records])
        many("INSERT INTO refs VALUES (?,?,?,?,?)", [(file, *fact) for fact in batch.references])
        many("INSERT INTO revisits VALUES (?,?,?,?,?,?,?,?)", [(file, *fact) for fact in batch.revisits])

    def add_lines(self, lines: Iterable[tuple[int, int, int, int, int]]) -> None:
        """WARC file, offset in it, `short` of the line, number of the index, position in it; of each line."""
        self._database.executemany("INSERT INTO lines VALUES (?,?,?,?,?)", lines)

    def forget_lines(self) -> None:
        self._database.execute("DELETE FROM lines")

    def complete(self) -> None:
        """All is in; what follows only asks."""
        run = self._database.execute
        run("CREATE INDEX records_id ON records (id)")
        run("CREATE INDEX records_place ON records (file, offset)")
        run("CREATE INDEX refs_removed ON refs (target) WHERE kind = 4")
        run("CREATE INDEX lines_place ON lines (file, offset)")

    def duplicates(self, names: list[str]) -> Iterator[Finding]:
        """Each record whose id an earlier one has; `names` of the files by number."""
        twice = "SELECT id FROM records WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1"
        for (key,) in self._rows(twice):
            first, *others = self._rows("SELECT file, offset FROM records WHERE id = ? ORDER BY 1, 2", key)
            for file, offset in others:
                what = f"{names[first[0]]} has a record of this id at byte {first[1]}"
                yield Finding("duplicate-id", file, offset, id_text(key), what)

    def dangling(self) -> Iterator[Finding]:
        """References that lead nowhere, save those to records whose tombstone is there; tombstones of what is there."""
        rows = self._rows(
            """SELECT file, offset, id, kind, target FROM refs WHERE kind <> 4
               AND NOT EXISTS (SELECT 1 FROM records WHERE records.id = refs.target
                               AND (refs.kind <> 3 OR records.type = 'warcinfo'))
               AND NOT EXISTS (SELECT 1 FROM refs AS gone WHERE gone.kind = 4 AND gone.target = refs.target)"""
        )
        for file, offset, key, kind, target in rows:
            code, name = _DANGLING[ReferenceKind(kind)]
            yield Finding(code, file, offset, id_text(key), f"{name} is {id_text(target)}")
        still = self._rows("SELECT r.file, r.offset, r.id FROM refs JOIN records AS r ON r.id = target WHERE kind = 4")
        for file, offset, key in still:
            yield Finding("not-removed", file, offset, id_text(key), "a tombstone says that it was removed")

    def revisits(self) -> Iterator[Finding]:
        """Revisits that do not resolve, or not to what they say (6.7, and which originals we allow)."""
        if self._one("SELECT EXISTS (SELECT 1 FROM revisits WHERE target IS NULL)"):
            self._database.execute("CREATE INDEX records_uri ON records (uri, date)")
        every = "SELECT file, offset, id, target, original_uri, original_date, uri, digest FROM revisits"
        for file, offset, key, target, uri, date, own_uri, digest in self._rows(every):
            name = id_text(key)
            original = self._original(key, target, uri, date, own_uri, digest)
            if original is None:
                removed = self._one("SELECT EXISTS (SELECT 1 FROM refs WHERE kind = 4 AND target = ?)", target)
                where = id_text(target) or "by URI, date and digest"
                what = f"the original ({where}) {'was removed' if removed else 'is not there'}"
                yield Finding("unresolvable-revisit", file, offset, name, what)
                continue
            of, kind, its_uri, its_date, its_digest, truncated = original
            if kind == "revisit" or truncated:
                what = f"the original ({id_text(of)}) is {'a revisit itself' if kind == 'revisit' else 'truncated'}"
                yield Finding("revisit-target", file, offset, name, what)
            if digest and its_digest and digest.lower() != its_digest.lower():
                yield Finding("revisit-digest", file, offset, name, f"{digest}, but the original has {its_digest}")
            if (uri is not None and uri != its_uri) or (date is not None and date != its_date):
                part = "Target-URI" if uri is not None and uri != its_uri else "Date"
                yield Finding("revisit-copy", file, offset, name, f"WARC-Refers-To-{part} is not that of the original")

    def _original(
        self,
        key: IdKey | None,
        target: IdKey | None,
        uri: int | None,
        date: str | None,
        own_uri: int | None,
        digest: str | None,
    ) -> tuple[IdKey, str, int | None, str | None, str | None, int] | None:
        columns = "SELECT id, type, uri, date, digest, truncated FROM records"
        if target is not None:
            found = self._rows(f"{columns} WHERE id = ?", target)
        elif uri is not None and date is not None:
            found = self._rows(f"{columns} WHERE uri = ? AND date = ? AND type <> 'revisit'", uri, date)
        else:  # old revisits name nothing but the digest
            same = "WHERE uri = ? AND lower(digest) = lower(?) AND type <> 'revisit' AND id IS NOT ?"
            found = self._rows(f"{columns} {same}", own_uri, digest, key)
        return next(found, None)

    def index_findings(self, indexed: Iterable[int]) -> Iterator[Finding]:
        """Captures without a line, of the files that should be indexed."""
        for file in indexed:
            wanted = self._one("SELECT count(*) FROM records WHERE file = ? AND line IS NOT NULL", file)
            there = self._one("SELECT EXISTS (SELECT 1 FROM lines WHERE file = ?)", file)
            if wanted and not there:
                yield Finding("index-missing", file, 0, None, f"none of its {wanted} captures is in an index")
                continue
            missing = self._rows(
                """SELECT offset, id FROM records WHERE file = ? AND line IS NOT NULL AND NOT EXISTS
                   (SELECT 1 FROM lines WHERE lines.file = records.file AND lines.offset = records.offset)""",
                file,
            )
            for offset, key in missing:
                yield Finding("record-without-line", file, offset, id_text(key), "no index line points here")

    def line_findings(self) -> Iterator[tuple[Finding, int, int]]:
        """Lines that say other than the records, with the WARC file and offset they point to."""
        rows = self._rows(
            """SELECT l.cdxj, l.position, l.file, l.offset, r.id, r.line IS NOT NULL, r.line = l.hash
               FROM lines AS l LEFT JOIN records AS r ON r.file = l.file AND r.offset = l.offset
               WHERE r.line IS NULL OR r.line <> l.hash GROUP BY l.cdxj, l.position"""
        )
        for cdxj, position, file, offset, key, wanted, same in rows:
            if not wanted:
                what = "no record starts" if key is None else "a record that the index leaves out is"
                yield Finding("line-without-record", cdxj, position, id_text(key), what), file, offset
            elif not same:
                yield Finding("line-differs", cdxj, position, id_text(key), ""), file, offset
        again = self._rows(
            """SELECT max(cdxj), max(position), file, offset FROM lines GROUP BY file, offset HAVING count(*) > 1"""
        )
        for cdxj, position, file, offset in again:
            yield (
                Finding("index-duplicate", cdxj, position, None, "another line points to the same place"),
                file,
                offset,
            )

    def has(self, file: int, offset: int, key: IdKey) -> bool:
        """Whether a record of this id starts there."""
        row = "SELECT EXISTS (SELECT 1 FROM records WHERE file = ? AND offset = ? AND id = ?)"
        return bool(self._one(row, file, offset, key))

    def last(self, file: int) -> int:
        """Where the last record of a file starts; -1 when it has none."""
        return self._one("SELECT coalesce(max(offset), -1) FROM records WHERE file = ?", file)

    def _rows(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        return self._database.execute(sql, values)

    def _one(self, sql: str, *values: object) -> int:
        (value,) = self._database.execute(sql, values).fetchone()
        return int(value)
