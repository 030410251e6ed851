"""The catalogue's rows against the records they point to. Read-only, and silent when there is no catalogue."""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterator, Mapping
from pathlib import Path

from archive.care.defects import Defect
from archive.care.facts import id_key
from archive.care.inventory import is_there
from archive.care.links import Links
from archive.catalogue.schema import place

__all__ = ["rows_without_records"]

_TABLES = {
    "captures": 'SELECT id, file, "offset" FROM captures',
    "readings": 'SELECT id, file, "offset" FROM readings',
}


def rows_without_records(
    catalogue: Path, links: Links, files: Mapping[str, tuple[int, int | None]], unread: Container[str] = ()
) -> Iterator[Defect]:
    """`files`: final name of each WARC file looked at, to its number and, while it grows, its last record's offset.

    Rows that point behind that came later; so did those of files that are there by now, but were not listed. Of files
    that were left `unread` nothing is said.
    """
    if not catalogue.exists():
        return
    label = catalogue.name
    try:
        database = sqlite3.connect(place(catalogue, "ro"), uri=True)
        try:
            for table, query in _TABLES.items():
                for record_id, file, offset in database.execute(query):
                    number, last = files.get(file, (None, None))
                    if number is None:
                        if file in unread or is_there(catalogue.parent, file):
                            continue
                    elif (last is not None and offset > last) or links.has(number, offset, id_key(record_id)):
                        continue
                    what = f"a row of {table} points to {file} at byte {offset}"
                    yield Defect(code="row-without-record", file=label, record_id=record_id, what=what)
        finally:
            database.close()
    except sqlite3.Error as error:
        yield Defect(code="catalogue-damaged", file=label, what=str(error))
