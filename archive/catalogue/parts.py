"""Articles over several pages: which pages belong to a first one, and which first pages are to be read again.

Each page is a capture with a reading of its own; those of further pages (kind ``part``) have the key of the first page,
whose URL they name. The reading of the first has the text of all. It lists them, so it shows by itself whether it is
out of date: then its page is put into the queue again, in the transaction that brought the other page.
"""

from __future__ import annotations

import sqlite3
from typing import Final

import msgspec

from archive.catalogue import documents
from archive.catalogue.schema import statements
from archive.model import Extraction

__all__ = ["further_pages", "queue_outdated"]

_SQL: Final = statements("readings")


def further_pages(connection: sqlite3.Connection, key: str, since: int = 0) -> list[tuple[str, Extraction]]:
    """Capture and reading of each further page of the article whose first page has this key, in order.

    Of each page the newest capture. Once some were there, changed or not, since the first page's own (`since`), those
    only: an article that was changed may have fewer pages than before.
    """
    rows = connection.execute(_SQL["parts"], (key,)).fetchall()
    newest = [row for row in rows if row[1] >= since] or rows
    found: dict[int, tuple[str, Extraction]] = {}
    for capture_id, _, document in newest:
        _, extraction = documents.decode(document)
        found[extraction.part or 0] = (capture_id, extraction)
    return [found[number] for number in sorted(found)]


def queue_outdated(connection: sqlite3.Connection, key: str) -> None:
    """Have the first page of this key read again, if its newest reading does not list the pages there are by now."""
    first = connection.execute(_SQL["first_page"], (key,)).fetchone()
    if first is None or first[2] is None:  # not there, or still to be read, and with all of them then
        return
    capture_id, date, listed = first
    pages = [name for name, _ in further_pages(connection, key, date)]
    if msgspec.json.decode(listed) != pages:
        connection.execute(_SQL["read_again"], (capture_id,))
