"""The catalogue's file: opened, brought to the current schema, its statements at hand.

SQLite in WAL mode: readers never wait, writers wait for each other up to the busy timeout. With ``synchronous=NORMAL``
a killed process loses no transaction; a power cut may cost the last ones, and following the files brings them back.
A catalogue of another schema is not changed into this one: what is derived is derived anew, by a rebuild. Of the
statements, each has its name in a line ``-- name: …``.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path

from archive.errors import Locked, NoCatalogue, StorageError, WirecopyError

__all__ = ["connect", "explained", "place", "statements", "transaction"]

SCHEMA = 5
"""Counts up whenever schema.sql changes, or what is put into its columns."""

BUSY_SECONDS = 30.0

_NAME = re.compile(r"^-- name: (\w+).*\n", re.MULTILINE)


def connect(path: Path, *, create: bool) -> sqlite3.Connection:
    """The catalogue at `path`, with the current schema; NoCatalogue when it is missing or something else."""
    if not create and not path.exists():
        raise NoCatalogue(path, "does not exist")
    with explained(path):
        where = place(path, "rwc" if create else "rw")
        connection = sqlite3.connect(where, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA cache_size = -32000")
            _set_up(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def place(path: Path, mode: str) -> str:
    """The URI of a database in WAL mode.

    Where nothing can be written, SQLite cannot set up the shared memory of a write-ahead log; and where there is none,
    nobody is writing.
    """
    still = not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-shm").exists()
    return f"{path.resolve().as_uri()}?mode={mode}{'&immutable=1' if still else ''}"


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """A writing transaction: all or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """SQLite's errors as those that say what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise _operational(path, error) from error
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise
        raise NoCatalogue(path, f"is damaged ({error})") from error


@cache
def statements(name: str) -> Mapping[str, str]:
    """The named statements of the file `name`.sql."""
    _, *pieces = _NAME.split(files(__package__).joinpath(f"{name}.sql").read_text("utf-8"))
    return dict(zip(pieces[::2], pieces[1::2], strict=True))


def _operational(path: Path, error: sqlite3.OperationalError) -> WirecopyError:
    code = error.sqlite_errorcode & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Locked(path, "another process that writes to it")
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
        return StorageError(path, str(error))
    return NoCatalogue(path, f"cannot be used ({error})")


def _set_up(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection) == SCHEMA:
        return
    connection.execute("PRAGMA journal_mode = WAL")
    with transaction(connection):
        if _version(connection) == 0:
            for statement in _split(files(__package__).joinpath("schema.sql").read_text("utf-8")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {SCHEMA}")
    if _version(connection) != SCHEMA:
        age = "an older" if _version(connection) < SCHEMA else "a newer"
        raise NoCatalogue(path, f"was made by {age} wirecopy")


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _split(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
