"""``state.sqlite``: how each source stands and what its crawls came to, which no WARC record tells.

Small, never rebuilt, and safe to lose: sources are then looked at as new ones are. A crawl is one transaction; one that
was begun and never ended (its process was killed, or the machine lost power) does not count: its sources are due.
"""

from __future__ import annotations

import os
import sqlite3
from array import array
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from archive.catalogue.schema import place
from archive.errors import StorageError
from crawler.items import SourceResult
from crawler.sources.source import Budget
from crawler.watch.children import Ended
from crawler.watch.planner import LEAST, Past
from crawler.watch.rhythm import DAY

__all__ = ["NAME", "Ledger", "Run", "run_of"]

NAME: Final = "state.sqlite"
_KEPT: Final = 90 * DAY
"""How long runs and times of publication are kept."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sources (
    id TEXT PRIMARY KEY, since REAL NOT NULL, last REAL, failures INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS published (source TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (source, at)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS moves (
    source TEXT NOT NULL, seed TEXT NOT NULL, target TEXT NOT NULL, PRIMARY KEY (source, seed)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS spent (
    source TEXT NOT NULL, day INTEGER NOT NULL, pages INTEGER NOT NULL, bytes INTEGER NOT NULL, seconds REAL NOT NULL,
    PRIMARY KEY (source, day)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (
    source TEXT NOT NULL, started REAL NOT NULL, ended REAL NOT NULL, crawl TEXT, outcome TEXT NOT NULL,
    answered INTEGER NOT NULL, failed INTEGER NOT NULL, found INTEGER NOT NULL, known INTEGER NOT NULL,
    new INTEGER NOT NULL, changed INTEGER NOT NULL, gone INTEGER NOT NULL,
    left INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX IF NOT EXISTS runs_of ON runs (source, started);
CREATE TABLE IF NOT EXISTS handfuls (
    source TEXT NOT NULL, at REAL NOT NULL, pages INTEGER NOT NULL, empty INTEGER NOT NULL, walled INTEGER NOT NULL,
    untitled INTEGER NOT NULL, undated INTEGER NOT NULL, unsigned INTEGER NOT NULL, lengths BLOB NOT NULL,
    PRIMARY KEY (source, at)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS conditions (
    source TEXT NOT NULL, kind TEXT NOT NULL, since REAL NOT NULL, text TEXT NOT NULL, PRIMARY KEY (source, kind)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, event TEXT NOT NULL, made REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS live (one INTEGER PRIMARY KEY CHECK (one = 1), text TEXT NOT NULL) STRICT;
"""

_ADDED: Final = (("left", "INTEGER NOT NULL DEFAULT 0"), ("reason", "TEXT NOT NULL DEFAULT ''"))
"""Columns of runs that files of an older wirecopy do not have."""

_SPEND = """
INSERT INTO spent VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
    SET pages = pages + excluded.pages, bytes = bytes + excluded.bytes, seconds = seconds + excluded.seconds
"""

_FORGET = """
DELETE FROM published WHERE source = ? AND at < ?
    AND at < (SELECT at FROM published WHERE source = ? ORDER BY at DESC LIMIT 1 OFFSET ? - 1)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One crawl, as far as it was for one source. Times in seconds since 1970."""

    source: str
    started: float
    ended: float
    crawl: str | None
    """Its id."""
    outcome: str
    answered: int = 0
    failed: int = 0
    found: int = 0
    known: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    left: int = 0
    """Article candidates left for a later crawl, as `max_pages` was reached."""
    reason: str = ""
    """Why the crawl ended, by Scrapy's name."""

    @property
    def succeeded(self) -> bool:
        return self.answered > 0


class Ledger:
    def __init__(self, path: Path) -> None:
        """Opens the file, which is made when absent; raises StorageError where that cannot be.

        Where nothing can be written, it is a copy in memory: to be looked at.
        """
        self._path = path
        writable = os.access(path.parent, os.W_OK)
        try:
            self._db = sqlite3.connect(path if writable else ":memory:", isolation_level=None, timeout=30)
            if path.exists() and not writable:
                with closing(sqlite3.connect(place(path, "ro"), uri=True)) as there:
                    there.backup(self._db)
            self._db.execute("PRAGMA journal_mode = WAL")
            if "words" in self._columns("handfuls"):  # of an older wirecopy: what is usual is learned anew
                self._db.execute("DROP TABLE handfuls")
            self._db.executescript(_SCHEMA)
            columns = self._columns("runs")
            for name, kind in _ADDED:
                if name not in columns:
                    self._db.execute(f"ALTER TABLE runs ADD COLUMN {name} {kind}")
        except sqlite3.Error as error:
            hint = "; if it is damaged, move it away: sources are then watched as new ones are" if path.exists() else ""
            raise StorageError(path, f"{error}{hint}") from error

    def _columns(self, table: str) -> set[str]:
        return {row[1] for row in self._db.execute(f"PRAGMA table_info({table})")}

    def close(self) -> None:
        self._db.close()

    def pasts(self) -> dict[str, Past]:
        """What is known of every source, by id."""
        published: dict[str, array[float]] = {}
        for name, at in self._db.execute("SELECT source, at FROM published ORDER BY source, at"):
            published.setdefault(name, array("d")).append(at)
        moves: dict[str, dict[str, str]] = {}
        for name, seed, target in self._db.execute("SELECT source, seed, target FROM moves"):
            moves.setdefault(name, {})[seed] = target
        rows = self._db.execute("SELECT id, since, last, failures FROM sources")
        return {
            name: Past(
                since=since,
                last=last,
                failures=failures,
                published=published.get(name, ()),
                moved=moves.get(name, {}),
            )
            for name, since, last, failures in rows
        }

    def seen(self, names: Iterable[str], now: float) -> None:
        """Note since when sources are watched."""
        self.write([("INSERT OR IGNORE INTO sources (id, since) VALUES (?, ?)", (name, now)) for name in names])

    def ended(self, run: Run, published: Iterable[float], moved: Mapping[str, str]) -> None:
        """One crawl of one source is over; `moved`: where its seeds have moved to, unless none answered."""
        now = run.ended
        failures = "0" if run.succeeded else "failures + 1"
        moves = [("INSERT INTO moves VALUES (?, ?, ?)", (run.source, *move)) for move in moved.items()]
        values = (run.answered, run.failed, run.found, run.known, run.new, run.changed, run.gone)
        more = (run.left, run.reason)
        self.write(
            [
                ("INSERT OR IGNORE INTO sources (id, since) VALUES (?, ?)", (run.source, run.started)),
                (f"UPDATE sources SET last = ?, failures = {failures} WHERE id = ?", (run.started, run.source)),  # noqa: S608
                (
                    "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (run.source, run.started, run.ended, run.crawl, run.outcome, *values, *more),
                ),
                *([("DELETE FROM moves WHERE source = ?", (run.source,)), *moves] if run.succeeded else ()),
                *(("INSERT OR IGNORE INTO published VALUES (?, ?)", (run.source, min(at, now))) for at in published),
                ("DELETE FROM runs WHERE source = ? AND started < ?", (run.source, now - _KEPT)),
                (_FORGET, (run.source, now - _KEPT, run.source, LEAST)),
            ]
        )

    def spend(self, name: str, day: int, cost: Budget) -> None:
        """A crawl that was for this source alone cost so much, on that day (`budget.day_of`)."""
        self.write(
            [
                ("DELETE FROM spent WHERE source = ? AND day < ?", (name, day)),
                (_SPEND, (name, day, cost.pages, cost.bytes, cost.seconds)),
            ]
        )

    def spent(self, name: str, day: int) -> Budget:
        """What all its crawls of that day cost."""
        query = "SELECT pages, bytes, seconds FROM spent WHERE source = ? AND day = ?"
        row = self._db.execute(query, (name, day)).fetchone()
        return Budget(pages=row[0], bytes=row[1], seconds=row[2]) if row else Budget()

    def runs(self, name: str, most: int) -> list[Run]:
        """The newest crawls of a source, newest first."""
        names = [field.name for field in fields(Run)]
        query = f"SELECT {', '.join(names)} FROM runs WHERE source = ? ORDER BY started DESC LIMIT ?"  # noqa: S608
        return [Run(**dict(zip(names, row, strict=True))) for row in self._db.execute(query, (name, most))]

    def answered(self, name: str) -> float | None:
        """When the last crawl of a source that it answered was begun."""
        return self.read("SELECT max(started) FROM runs WHERE source = ? AND answered > 0", name)[0][0]  # type: ignore[no-any-return]

    def read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self._db.execute(query, values).fetchall()

    def write(self, statements: list[tuple[str, tuple[object, ...]]]) -> None:
        """All or nothing; raises StorageError."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                for statement, values in statements:
                    self._db.execute(statement, values)
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise StorageError(self._path, str(error)) from error


def run_of(result: SourceResult, *, started: float, ended: float, ended_as: Ended) -> Run:
    return Run(
        source=result.source,
        started=started,
        ended=ended,
        crawl=ended_as.crawl,
        outcome=ended_as.outcome,
        answered=result.answered,
        failed=result.failed,
        found=result.found,
        known=result.known,
        new=result.new,
        changed=result.changed,
        gone=result.gone,
        left=result.left,
        reason=ended_as.reason,
    )
