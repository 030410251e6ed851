"""Closed files copied to a store, proven there, and only then let go of here.

A pass takes one file after the other. Its bytes here are held against ``files.jsonl``; it is noted as begun, sent, read
back whole and digested; it is noted as checked, and that is fsynced. Only a file that is noted so may lose its local
copy, by the rules of `archive.care.retention`, and only after the store was asked once more whether the very content
that was checked is still there. Killed at any point, the next pass goes on: what was sent is looked at first, and not
sent again. A file of that name which is not ours is never overwritten.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, cast

from archive.care.erase import erase
from archive.care.proof import proven, sha256_of
from archive.care.retention import Here, Rules, expendable
from archive.collection import Collection
from archive.disk import refused
from archive.errors import ConfigError, StoreError
from archive.storage.address import Address
from archive.storage.manifest import FOLDERS, Folder, Line, Step, add, read_lines
from archive.storage.stores import open_store
from archive.warc.draft import warc_date
from archive.warc.files import ClosedFile

__all__ = ["Failure", "Pass", "ship", "to_ship"]

WHO: Final = "wirecopy ship"
_TRIES: Final = 3
_IN_A_ROW: Final = 3
"""Files that fail one after the other before the store is given up for this time."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    file: str
    why: str

    def __str__(self) -> str:
        return f"{self.file}: {self.why}"


@dataclass(slots=True, kw_only=True)
class Pass:
    """What a pass has come to so far."""

    shipped: list[str] = field(default_factory=list)
    """Files whose copy is proven now, and was not before."""
    bytes: int = 0
    dropped: list[str] = field(default_factory=list)
    """Files that are only in the store now."""
    freed: int = 0
    erased: int = 0
    """Copies of what was taken down."""
    failed: list[Failure] = field(default_factory=list)


def to_ship(collection: Collection, address: Address) -> list[ClosedFile]:
    """Closed files that are here and not proven to be there, in the order in which they were closed."""
    lines = read_lines(collection.shipped_path)
    found = []
    for listed in collection.closed_files().values():
        line = lines.get((listed.name, address.url))
        if _path(collection, listed) and not (line and line.step == "checked" and line.sha256 == listed.sha256):
            found.append(listed)
    return found


def ship(
    collection: Collection,
    address: Address,
    rules: Rules,
    *,
    recheck: bool = False,
    on_progress: Progress = lambda done, total: None,
    on_file: Callable[[str], None] = lambda said: None,
) -> Pass:
    """One pass; Locked while another one is under way, or somebody has the collection to himself.

    `recheck`: of files that are here and there, the store is asked again, and those that are not as they were are
    shipped again.

    What goes wrong with single files is in what it returns. StoreError or ConfigError when the store is no use at all.
    """
    with collection.only_one("ship"), collection.shared(WHO):
        try:
            return _Shipping(collection, address, rules, on_progress, on_file).run(recheck)
        except OSError as error:
            raise refused(error, collection.path) from error


class _Shipping:
    def __init__(
        self,
        collection: Collection,
        address: Address,
        rules: Rules,
        on_progress: Progress,
        on_file: Callable[[str], None],
    ) -> None:
        if address.scheme == "directory" and Path(address.url).is_relative_to(collection.path.resolve()):
            raise ConfigError(f"{address}: lies within the collection, which is to be shipped away from there")
        self._collection = collection
        self._address = address
        self._rules = rules
        self._store = open_store(address)
        self._disk = collection.archive_shelf.disk
        self._on_progress = on_progress
        self._on_file = on_file
        self._lines = {
            line.file: line for line in read_lines(collection.shipped_path).values() if line.store == address.url
        }
        self._done = self._total = 0
        self._pass = Pass()

    def run(self, recheck: bool) -> Pass:
        self._store.prepare(known=any(line.step == "checked" for line in self._lines.values()))
        try:
            self._pass.erased = erase(self._collection)
        except StoreError as error:
            self._fail(error.where, error.why)
        if recheck:
            self._recheck()
        waiting = to_ship(self._collection, self._address)
        self._total = 2 * sum(listed.size for listed in waiting)
        self._drop()
        in_a_row = 0
        for listed in waiting:
            try:
                self._ship(listed)
                in_a_row = 0
            except _Unfit as unfit:
                self._fail(listed.name, str(unfit))
            except StoreError as error:
                self._fail(listed.name, str(error))
                in_a_row += 1
                if in_a_row == _IN_A_ROW:
                    self._fail(str(self._address), f"given up until the next pass, after {in_a_row} files in a row")
                    break
            self._drop()
        if self._pass.shipped or self._pass.dropped or self._pass.erased:
            self._keep_lists()
        return self._pass

    def _recheck(self) -> None:
        """Asks again for files that are here and there, and finds those there that no list says are there."""
        listed = self._collection.closed_files()
        for here in self._both(listed):
            self._is_there(listed[here.name])
        for name, lost in listed.items():
            if name not in self._lines and lost.where in FOLDERS and not self._collection.is_here(name):
                self._check(lost, f"{lost.where}/{name}")

    def _keep_lists(self) -> None:
        """With these two, what is there is enough to begin anew with when this disk is lost."""
        for list_ in (self._collection.files_path, self._collection.shipped_path):
            try:
                self._store.put(list_.name, list_, lambda count: None)
            except StoreError as error:
                self._fail(list_.name, str(error))

    def _ship(self, listed: ClosedFile) -> None:
        path = _path(self._collection, listed)
        if path is None:
            return
        if sha256_of(path) != listed.sha256:
            raise _Unfit("is not what files.jsonl says, so it is not shipped; 'wirecopy verify' tells more")
        key = f"{listed.where}/{listed.name}"
        last = self._lines.get(listed.name)
        if self._store.look(key) is not None:  # of a pass that was killed, or of somebody else
            if self._check(listed, key):
                return
            if last is None or last.step != "begun":
                other = f"{self._address}/{key} is another file"
                raise _Unfit(f"{other}, and is not overwritten: ship to a place of its own, or move that one away")
        self._note("begun", listed)
        for _ in range(_TRIES):
            self._store.put(key, path, self._told)
            if self._check(listed, key):
                return
        raise StoreError(f"{self._address}/{key}", f"what was read back is not what was sent, {_TRIES} times")

    def _check(self, listed: ClosedFile, key: str) -> bool:
        """Whether the store has the file, byte for byte; noted if so."""
        kept = proven(self._store, key, size=listed.size, sha256=listed.sha256, told=self._told)
        if kept is None:
            return False
        self._note("checked", listed, kept.mark)
        self._pass.shipped.append(listed.name)
        self._pass.bytes += listed.size
        self._on_file(f"{listed.name}: {listed.size} bytes at {self._address}/{key}, read back and as they should be")
        return True

    def _drop(self) -> None:
        """Lets go of local files, as the rules say."""
        if self._rules.keep is None and not self._rules.free:
            return
        state = os.statvfs(self._collection.path)
        listed = self._collection.closed_files()
        for here in expendable(self._both(listed), self._rules, state.f_bavail * state.f_frsize):
            try:
                self._let_go(listed[here.name])
            except StoreError as error:
                self._fail(here.name, f"stays here: {error}")
                return  # the store does not answer: neither will it for the next

    def _both(self, listed: Mapping[str, ClosedFile]) -> list[Here]:
        """Files that are here, and proven to be there."""
        now = time.time()
        failed = {failure.file for failure in self._pass.failed}
        return [
            Here(name=name, size=path.stat().st_size, age=now - path.stat().st_mtime)
            for name, line in self._lines.items()
            if name in listed
            and name not in failed
            and line.step == "checked"
            and line.sha256 == listed[name].sha256
            and (path := _path(self._collection, listed[name]))
        ]

    def _let_go(self, listed: ClosedFile) -> None:
        path = _path(self._collection, listed)
        if not self._is_there(listed):
            self._fail(listed.name, f"stays here: its copy at {self._address} is not what was shipped any more")
        elif path is not None:
            self._disk.remove(path)
            self._disk.sync_directory(path.parent)
            self._pass.dropped.append(listed.name)
            self._pass.freed += listed.size

    def _is_there(self, listed: ClosedFile) -> bool:
        """Whether what was checked is there still; where it is not, the file is due to be shipped again.

        What was touched since then may be the same bytes.
        """
        key = f"{listed.where}/{listed.name}"
        kept = self._store.look(key)
        if kept is not None and kept.mark == self._lines[listed.name].mark:
            return True
        again = proven(self._store, key, size=listed.size, sha256=listed.sha256, told=lambda count: None)
        if again is None:
            self._note("begun", listed)
        else:
            self._note("checked", listed, again.mark)
        return again is not None

    def _note(self, step: Step, listed: ClosedFile, mark: str = "") -> None:
        line = Line(
            step=step,
            file=listed.name,
            folder=cast("Folder", listed.where),
            size=listed.size,
            sha256=listed.sha256,
            store=self._address.url,
            endpoint=self._address.endpoint,
            region=self._address.region,
            when=warc_date(datetime.now(UTC)),
            mark=mark,
        )
        add(self._disk, self._collection.shipped_path, line)
        self._lines[listed.name] = line

    def _fail(self, file: str, why: str) -> None:
        self._pass.failed.append(Failure(file=file, why=why))

    def _told(self, count: int) -> None:
        self._done += count
        self._on_progress(self._done, max(self._total, self._done))


class _Unfit(Exception):
    """A file that is not to be shipped as things are."""


def _path(collection: Collection, listed: ClosedFile) -> Path | None:
    """Where a closed file lies here, if it does."""
    path = collection.path / listed.where / listed.name if listed.where in FOLDERS else None
    return path if path is not None and path.is_file() and not path.is_symlink() else None
