"""Archives of other makers join a collection: read in place where that can be, else written anew; then indexed.

A gzipped WARC file with a record a member is linked to from ``archive/`` (or copied, when asked), so that everything
that reads the collection reads it too, pywb included. All other forms become such a file in ``archive/``
(`archive.care.foreign`). Each file is taken once, told by its SHA-256.

Crash: a file is imported once it has its name, which comes last, behind its index and its line in ``files.jsonl``. What
was left under a dotted name is removed by the next import, which takes the file again.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Final, Literal

import msgspec

from archive.care.foreign import Form, arc_records, form_of, is_readable, repacked
from archive.care.indexing import index_file
from archive.care.listing import closed_file
from archive.care.packaged import Misstated, stated, take_out
from archive.care.rewrite import write_file
from archive.collection import Collection
from archive.disk import Disk, refused
from archive.errors import DamagedRecord, Locked, NotFound
from archive.pack.check import Stated
from archive.pack.wacz import PACKAGE
from archive.spool import Spool
from archive.version import __version__
from archive.warc.draft import RecordDraft, member
from archive.warc.files import add_line
from archive.warc.records import Warcinfo, warcinfo

__all__ = ["Imported", "import_file", "importing", "passing", "sources"]

_BESIDE: Final = ".import-"
"""How names in ``archive/`` begin that the next import may remove."""
_TAKEN_OUT: Final = f"{_BESIDE}from-"
"""… those of files that are only passing through, too."""
_LOCK: Final = "import.lock"
_SUFFIXES: Final = (".warc.gz", ".warc", ".warc.zst", ".arc.gz", ".arc", ".wacz")
_ENDING: Final = re.compile(r"(\.open)?(\.(warc|arc))?(\.(gz|zst|wacz|warc|arc))?$", re.IGNORECASE)
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._\-]+")
_PIECE: Final = 1024 * 1024


How = Literal["linked", "copied", "converted", "known", "unreadable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of one file."""

    source: str
    """The file as it was named; within a WACZ, with its path there."""
    how: How
    file: str | None = None
    """Its name in ``archive/``."""
    records: int = 0
    captures: int = 0
    damaged: tuple[DamagedRecord, ...] = ()
    why: str | None = None
    """Why it is unreadable."""
    misstated: str | None = None
    """What of it is not as the WACZ says that it came in; what could be read was taken."""

    @property
    def whole(self) -> bool:
        """Whether nothing was lost, nor is in doubt."""
        return self.how != "unreadable" and not self.damaged and self.misstated is None


def sources(path: Path) -> list[Path]:
    """The files that a path names: itself, or all archives below it by their names. NotFound when there are none."""
    if path.is_file():
        return [path]
    found = sorted(p for p in path.rglob("*") if p.is_file() and p.name.lower().endswith(_SUFFIXES))
    if not found:
        there = f"has no {', '.join(_SUFFIXES[:-1])} or {_SUFFIXES[-1]} file" if path.is_dir() else "is not there"
        raise NotFound(f"{path} {there}")
    return found


@contextmanager
def importing(collection: Collection) -> Iterator[None]:
    """Holds the collection for imports: with writers beside, but one import at a time."""
    disk, path = Disk(), collection.path / _LOCK
    with collection.shared("wirecopy import"):
        try:
            fd = disk.open_or_create(path)
        except OSError as error:
            raise refused(error, path) from error
        try:
            if not disk.lock(fd):
                raise Locked(collection.path, "another import")
            for left in collection.archive_dir.glob(f"{_BESIDE}*"):
                left.unlink()
            yield
        finally:
            disk.close(fd)


@contextmanager
def passing(collection: Collection, name: str) -> Iterator[Path]:
    """Where a file may lie until it is imported, from which it is removed."""
    path = collection.archive_dir / f"{_TAKEN_OUT}{PurePosixPath(name).name or 'file'}"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def import_file(
    collection: Collection, path: Path, *, copy: bool = False, name: str | None = None
) -> Iterator[Imported]:
    """Take in one file, or each that a WACZ holds; within `importing`. `name`: how to tell of it.

    StorageError when the collection cannot be written; whatever is wrong with the file itself is in the result.
    """
    name = name or str(path)
    try:
        form = form_of(path)
        if form == "wacz":
            yield from _wacz(collection, path, name)
        elif form is None:
            yield Imported(source=name, how="unreadable", why="neither WARC nor ARC nor WACZ, by its first bytes")
        else:
            yield _Import(collection, path, form, name).run(copy=copy)
    except FileNotFoundError:
        yield Imported(source=name, how="unreadable", why="it is not there")
    except PermissionError as error:
        if error.filename and Path(error.filename) != path:
            raise refused(error, collection.path) from error
        yield Imported(source=name, how="unreadable", why="it may not be read")
    except OSError as error:
        raise refused(error, collection.path) from error


def _wacz(collection: Collection, path: Path, name: str) -> Iterator[Imported]:
    """The WARC files within, taken out."""
    try:
        with zipfile.ZipFile(path) as package:
            listed: Mapping[str, Stated] = {}
            try:
                listed = stated(package)
            except Misstated as error:
                yield Imported(source=f"{name}!{PACKAGE}", how="unreadable", why=str(error))
            inside = [entry for entry in package.infolist() if entry.filename.lower().endswith(_SUFFIXES[:-1])]
            for entry in inside:
                with passing(collection, entry.filename) as taken_out:
                    why = take_out(package, entry, listed.get(entry.filename), taken_out)
                    for one in import_file(collection, taken_out, copy=True, name=f"{name}!{entry.filename}"):
                        yield replace(one, misstated=why)
            for absent in sorted(listed.keys() - {entry.filename for entry in inside}):
                if absent.lower().endswith(_SUFFIXES[:-1]):
                    yield Imported(
                        source=f"{name}!{absent}", how="unreadable", why=f"{PACKAGE} lists it; it is not there"
                    )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        yield Imported(source=name, how="unreadable", why=f"no WACZ that can be read ({error})")
        return
    if not inside:
        yield Imported(source=name, how="unreadable", why="a ZIP file with no WARC files in it")


class _Import:
    def __init__(self, collection: Collection, path: Path, form: Form, name: str) -> None:
        self._collection = collection
        self._path = path
        self._form = form
        self._name = name
        self._disk = Disk()
        self._sha256 = _sha256(path)
        self._damaged: list[DamagedRecord] = []

    def run(self, *, copy: bool) -> Imported:
        for listed in self._collection.closed_files().values():
            if self._sha256 in (listed.sha256, listed.origin) and self._is_there(listed.name):
                return Imported(source=self._name, how="known", file=listed.name, records=listed.records)
        if self._is_in_place():
            target = beside = self._collection.archive_dir / self._path.name
            how: How = "linked"
        else:
            target = self._target()
            beside = target.with_name(f"{_BESIDE}{target.name}")
            how = self._put(beside, copy=copy)
        origin = self._sha256 if how == "converted" else None
        line = closed_file(beside, target, origin=origin)
        captures = index_file(beside, self._collection.indexes_dir, self._damaged.append, name=target.name)
        add_line(self._disk, self._collection.files_path, msgspec.json.encode(line))
        if beside != target:
            self._disk.replace(beside, target)  # nobody else imports, and writers' names are of another kind
        self._disk.sync_directory(target.parent)
        return Imported(
            source=self._name,
            how=how,
            file=target.name,
            records=line.records,
            captures=captures,
            damaged=tuple(self._told(each, beside) for each in {(e.offset, e.why): e for e in self._damaged}.values()),
        )

    def _told(self, damage: DamagedRecord, beside: Path) -> DamagedRecord:
        """By the name that the file came under: the one beside its place is gone once it has that."""
        return DamagedRecord(Path(self._name), damage.offset, damage.why) if damage.path == beside else damage

    def _is_in_place(self) -> bool:
        """Whether somebody put it into ``archive/`` himself, and it can stay as it is."""
        if self._path.name.startswith(_TAKEN_OUT):
            return False
        home = self._collection.archive_dir.resolve()
        if self._path.name in self._collection.copies():
            return False
        return self._path.absolute().parent.resolve() == home and self._form == "warc.gz" and is_readable(self._path)

    def _put(self, beside: Path, *, copy: bool) -> How:
        if self._form == "warc.gz" and is_readable(self._path):
            if copy:
                write_file(self._disk, beside, _bytes(self._path))
                return "copied"
            beside.symlink_to(self._path.resolve())
            return "linked"
        write_file(self._disk, beside, self._converted())
        return "converted"

    def _converted(self) -> Iterator[bytes]:
        if self._form != "arc":
            yield from repacked(self._path, self._form, self._damaged.append)
            return
        values = Warcinfo(
            software=f"wirecopy/{__version__}",
            operator=self._collection.config.operator,
            description=f"made of the ARC file {self._path.name}, sha256 {self._sha256}",
        )
        first = warcinfo(values, filename=self._target().name, date=datetime.now(UTC))
        yield _packed(first, None)
        for draft in arc_records(self._path, self._damaged.append):
            yield _packed(draft, first.id)

    def _target(self) -> Path:
        """A name of its own in ``archive/``, after the file's."""
        stem = _UNSAFE.sub("_", _ENDING.sub("", self._path.name.removeprefix(_TAKEN_OUT))).lstrip(".") or "import"
        target, number = self._collection.archive_dir / f"{stem}.warc.gz", 1
        while self._is_there(target.name):
            number += 1
            target = target.with_name(f"{stem}_{number}.warc.gz")
        return target

    def _is_there(self, name: str) -> bool:
        path = self._collection.archive_dir / name
        # A link may lead nowhere for now, and what was shipped has its name for good.
        return path.exists() or path.is_symlink() or name in self._collection.copies()


def _packed(draft: RecordDraft, warcinfo_id: str | None) -> bytes:
    piece = member(draft, warcinfo_id)
    if isinstance(piece, Spool):
        try:
            return b"".join(piece.chunks())
        finally:
            piece.close()
    return piece


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _bytes(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
