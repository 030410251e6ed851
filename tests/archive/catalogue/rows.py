"""What a catalogue says, as plain rows that can be compared: by ids, without the numbers that follow arrival."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from archive.catalogue.captures import Unread
from archive.catalogue.store import Catalogue

__all__ = ["rows", "unread"]

QUERIES = {
    "captures": """
        SELECT id, urlkey, url, key, redirect, date, status, mime, digest, truncated, file, offset, length,
            asks, unread
        FROM captures ORDER BY id""",
    "readings": """
        SELECT id, capture_id, date, extractor, version, options, kind, labels, asks, error, place, key, shows,
            sketch, document, file, offset
        FROM readings ORDER BY id""",
    "article_states": """
        SELECT article_id, key, reading_id, capture_id, first_seen, changed, dated, looked,
            wishes, labels, origins
        FROM article_states ORDER BY article_id""",
    "articles": "SELECT * FROM articles ORDER BY article_id",
    "versions": "SELECT * FROM versions ORDER BY article_id, number",
    "events": "SELECT * FROM events ORDER BY article_id, number",
    "aliases": "SELECT * FROM aliases ORDER BY key, article_id",
    "words": """
        SELECT s.article_id, v.col, v.offset, v.term FROM instances AS v JOIN article_states AS s ON s.number = v.doc
        ORDER BY 1, 2, 3""",
    "words of no article": """
        SELECT * FROM instances AS v WHERE NOT EXISTS (SELECT 1 FROM article_states WHERE number = v.doc)""",
}


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    connection = sqlite3.connect(path)
    try:
        connection.execute("CREATE VIRTUAL TABLE temp.instances USING fts5vocab(main, words, instance)")
        return {name: connection.execute(query).fetchall() for name, query in QUERIES.items()}
    finally:
        connection.close()


def unread(catalogue: Catalogue) -> Iterator[Unread]:
    """All pages that wait to be read, in order of arrival within each host."""
    for host in catalogue.unread_hosts(1000):
        place = 0
        while page := catalogue.next_unread(host, place):
            place = page.number
            yield page
