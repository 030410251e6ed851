"""Closed files read again, some at a time, and held against the SHA-256 noted when they were closed.

Disks lose bits without a word. The files take turns: never read ones first, then those read longest ago. Each result is
a line of ``audit.jsonl`` in the collection, so an audit that is interrupted goes on where it was. It changes nothing
else; `archive.care.verify` says what is wrong inside a file.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from archive.collection import Collection
from archive.disk import Disk, refused
from archive.errors import NotFound, StorageError
from archive.warc.files import ClosedFile, add_line

__all__ = ["AUDIT_NAME", "Audited", "SelfAudit", "audited"]

AUDIT_NAME = "audit.jsonl"
_PIECE = 1024 * 1024
_NICE = 15


class Audited(msgspec.Struct, frozen=True, kw_only=True):
    """A line of ``audit.jsonl``."""

    file: str
    when: datetime
    ok: bool
    why: str | None = None

    def __str__(self) -> str:
        return f"{self.file}: {self.why or 'as it was closed'}"


def audited(collection: Collection) -> dict[str, Audited]:
    """The newest result of each file; lines that a crash left unfinished are passed over."""
    found: dict[str, Audited] = {}
    decoder = msgspec.json.Decoder(Audited)
    with suppress(FileNotFoundError):
        for line in (collection.path / AUDIT_NAME).read_bytes().splitlines():
            with suppress(msgspec.MsgspecError):
                result = decoder.decode(line)
                found[result.file] = result
    return found


class SelfAudit:
    """A thread that reads files until `budget` bytes are through; at least one, where there is one."""

    def __init__(self, collection: Collection, budget: int) -> None:
        self._collection = collection
        self._budget = budget
        self._halted = threading.Event()
        self._thread = threading.Thread(target=self._run, name="audit", daemon=True)
        self.files = 0
        self.defects: list[Audited] = []
        self.error: StorageError | None = None
        """Why results could not be written down, which ended the audit."""

    def start(self) -> None:
        self._thread.start()

    def halt(self) -> None:
        """Begin to stop: the file in hand will be read again by the next audit."""
        self._halted.set()

    def join(self) -> None:
        """Returns when the budget is used up, or, once halted, at once."""
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        with suppress(OSError):  # fetching goes first, where the system can tell threads apart
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
        results = self._collection.path / AUDIT_NAME
        try:
            self._work(results)
        except OSError as error:
            self.error = refused(error, results)
        except StorageError as error:
            self.error = error

    def _work(self, results: Path) -> None:
        left = self._budget
        for listed in _in_turn(self._collection):
            result = _audit(self._collection, listed, self._halted.is_set)
            if result is None:
                return
            add_line(Disk(), results, msgspec.json.encode(result))
            self.files += 1
            if not result.ok:
                self.defects.append(result)
            left -= listed.size
            if left <= 0:
                return


def _in_turn(collection: Collection) -> list[ClosedFile]:
    """The files that should lie here, those longest unread first; what lies only elsewhere is verify's to look at."""
    before = {Path(name).name: result.when for name, result in audited(collection).items()}
    here = (collection.archive_dir.name, collection.text_dir.name)
    shipped = collection.copies()
    files = [
        listed
        for listed in collection.closed_files().values()
        if listed.where in here and (listed.name not in shipped or collection.is_here(listed.name))
    ]
    never = datetime.min.replace(tzinfo=UTC)
    return sorted(files, key=lambda one: (before.get(one.name, never), one.name))


def _audit(collection: Collection, listed: ClosedFile, halted: Callable[[], bool]) -> Audited | None:
    """What is found; None when told to stop."""
    try:
        digest = _sha256(collection.locate(listed.name), halted)
        if digest is None:
            return None
        why = None if digest == listed.sha256 else f"SHA-256 is {digest}, and was {listed.sha256}"
    except (NotFound, FileNotFoundError):
        why = None if listed.name in collection.copies() else "is gone"  # it may have been shipped just now, as proven
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
    return Audited(file=f"{listed.where}/{listed.name}", when=datetime.now(UTC), ok=why is None, why=why)


def _sha256(path: Path, halted: Callable[[], bool]) -> str | None:
    state = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            if halted():
                return None
            state.update(piece)
    return state.hexdigest()
