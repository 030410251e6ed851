"""Remedies made ready: each new file written beside the one whose place it will take, in an order of `Changeover`.

First WARC files, then their lines in ``files.jsonl``, then indexes, then the catalogue, each from the ones before as
they will be. Nothing here changes a file that anybody reads.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Final

import msgspec

from archive.care.derived import stage_catalogue, stage_indexes
from archive.care.listing import closed_file
from archive.care.remedies import Kind, Remedy
from archive.care.rewrite import warcinfo_of, write_file
from archive.care.whole import Kept, Lost, Split, survey, written
from archive.changeover import Changeover
from archive.collection import Collection
from archive.disk import Disk
from archive.index import cdxj
from archive.index.files import index_name, sorted_paths
from archive.version import __version__
from archive.warc.draft import member, warc_date
from archive.warc.files import ClosedFile
from archive.warc.records import Warcinfo, warcinfo
from archive.warc.recover import CUT

__all__ = ["QUARANTINE", "Mending"]

QUARANTINE: Final = "quarantine"
_PIECE: Final = 1024 * 1024
_SHOWN: Final = 3


class Mending:
    """New files for old, of one collection."""

    def __init__(self, disk: Disk, change: Changeover, collection: Collection) -> None:
        self._disk = disk
        self._change = change
        self._collection = collection
        self._now = datetime.now(UTC)
        self._files: dict[Path, Path] = {}  # WARC files to be indexed anew, and where they lie now
        self._gone: set[str] = set()
        self._tidied: set[Path] = set()
        self._kept: set[Path] = set()  # names taken in quarantine

    def stage(self, remedies: Sequence[Remedy]) -> tuple[tuple[Remedy, str], ...]:
        """Makes everything that the remedies need: what became of each."""
        do: Mapping[Kind, Callable[[Remedy], str]] = {
            "mend": self._mend,
            "set-aside": self._mend,
            "salvage": self._salvage,
            "list": self._list,
            "index": self._index,
            "tidy": self._tidy,
            "catalogue": lambda _: "made anew from the WARC files",
        }
        done = tuple((remedy, do[remedy.kind](remedy)) for remedy in remedies)
        self._files = {path: new for path, new in self._files.items() if path.name not in self._gone}
        staged = {**self._files, **self._indexes()}
        if staged or self._gone or any(remedy.kind == "catalogue" for remedy in remedies):
            stage_catalogue(self._disk, self._change, self._collection, staged)
        return done

    def _mend(self, remedy: Remedy) -> str:
        path = self._collection.path / remedy.file
        kept = self._quarantine(path)
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            size = os.fstat(fd).st_size
            found = list(survey(fd, size))
            if not any(isinstance(item, Kept | Split) for item in found):
                self._change.remove(path)
                self._gone.add(path.name)
                self._note(path, ClosedFile(name=path.name, size=size, sha256=kept[1], records=0, where=QUARANTINE))
                return f"no whole record in it; moved to {kept[0]}"
            records = self._new_file(path, written(fd, size, found))
        finally:
            os.close(fd)
        return f"{records} records kept{_losses(found)}; the file as it was is {kept[0]}"

    def _salvage(self, remedy: Remedy) -> str:
        path = self._collection.path / remedy.file
        name, _ = self._quarantine(path)
        self._change.remove(path)
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            size = os.fstat(fd).st_size
            found = list(survey(fd, size))
            if not any(isinstance(item, Kept | Split) for item in found):
                return f"no whole record in it; moved to {name}"
            target = self._free(path.with_name(f"{index_name(path.name.removesuffix(CUT))}_cut.warc.gz"))
            first = self._warcinfo(path, target.name)
            records = self._new_file(target, chain(first, written(fd, size, found)))
        finally:
            os.close(fd)
        return f"{records - len(first)} records put in {target.name}{_losses(found)}; the cut-off part is {name}"

    def _warcinfo(self, cut: Path, name: str) -> list[bytes]:
        """A first record for what was cut off, unless its own would be that, or theirs is lost."""
        if warcinfo_of(cut) is None:
            return []
        of = f"collection {self._collection.name}; what lay behind damage in {cut.name.removesuffix(CUT)}"
        operator = self._collection.config.operator
        values = Warcinfo(software=f"wirecopy/{__version__}", operator=operator, description=of)
        piece = member(warcinfo(values, filename=name, date=self._now), None)
        assert isinstance(piece, bytes)
        return [piece]

    def _list(self, remedy: Remedy) -> str:
        path = self._collection.path / remedy.file
        self._note(path, listed := closed_file(path, path))
        return f"listed with {listed.records} records; " + "; ".join(each.what for each in remedy.defects)

    def _index(self, remedy: Remedy) -> str:
        path = self._collection.path / remedy.file
        self._files.setdefault(path, path)
        return "indexed anew"

    def _tidy(self, remedy: Remedy) -> str:
        """The index by itself, and anew the files about which it was wrong."""
        path = self._collection.path / remedy.file
        self._tidied.add(path)
        wrong = {each.offset for each in remedy.defects if each.code in ("line-differs", "line-without-record")}
        with path.open("rb") as file:
            for offset in sorted(place for place in wrong if place is not None):
                file.seek(offset)
                name = _file(file.readline()) or ""
                warc = self._collection.archive_dir / name
                if warc.is_file():
                    self._files.setdefault(warc, warc)
        return "sorted anew, without lines that were wrong"

    def _indexes(self) -> dict[Path, Path]:
        """The new indexes, and where they lie now."""
        staged = stage_indexes(self._disk, self._change, self._collection, self._files)
        own = {f"{index_name(path.name)}.cdxj" for path in self._files}
        for path in sorted_paths(self._collection.indexes_dir):
            told_of_gone = self._gone and any(_file(line) in self._gone for line in _lines(path))
            if path.name in own or not (path in self._tidied or told_of_gone):
                continue
            lines = sorted({line for line in _lines(staged.get(path, path)) if self._leads_somewhere(line)})
            if path in staged:
                self._disk.remove(staged[path])
            else:
                staged[path] = self._change.replace(path)
            write_file(self._disk, staged[path], iter(lines))
            if not lines:
                self._change.remove(path)
        return staged

    def _leads_somewhere(self, line: bytes) -> bool:
        name = _file(line)
        if name is None or name in self._gone or not line.endswith(b"\n"):
            return False
        return (self._collection.archive_dir / name).is_file() or name in self._collection.copies()

    def _new_file(self, target: Path, pieces: Iterator[bytes]) -> int:
        """How many records it has."""
        self._files[target] = staged = self._change.replace(target)
        write_file(self._disk, staged, pieces)
        self._note(target, listed := closed_file(staged, target))
        return listed.records

    def _note(self, path: Path, listed: ClosedFile) -> None:
        """A line of files.jsonl; dated, so that it is new even when it says what an old one did."""
        line = msgspec.json.encode({**asdict(listed), "repaired": warc_date(self._now)})
        self._change.append(self._collection.files_path, line)

    def _quarantine(self, path: Path) -> tuple[str, str]:
        """Copies a file as it is: the copy's name, and its SHA-256."""
        folder = self._collection.path / QUARANTINE
        self._disk.make_directory(folder)
        target = self._free(folder / path.name)
        _, sha256 = write_file(self._disk, self._change.replace(target), _bytes(path))
        return f"{QUARANTINE}/{target.name}", sha256

    def _free(self, path: Path) -> Path:
        """The path, or one like it, that nothing has and nothing is to have."""
        listed = self._collection.closed_files()
        free, number = path, 1
        while free.exists() or free in self._kept or (free.parent.name != QUARANTINE and free.name in listed):
            number += 1
            free = path.with_name(f"{index_name(path.name)}_{number}.warc.gz")
        self._kept.add(free)
        return free


def _losses(found: Sequence[Kept | Split | Lost]) -> str:
    saved = {item.offset: len(item.parts) for item in found if isinstance(item, Split)}
    lost = [item for item in found if isinstance(item, Lost)]
    if not lost:
        return ""
    places = "; ".join(
        f"of the {item.length} bytes at {item.offset} {saved.get(item.offset, 'none')} ({item.why})"
        for item in lost[:_SHOWN]
    )
    return f", {places}" + (f"; {len(lost) - _SHOWN} more such places" if len(lost) > _SHOWN else "")


def _bytes(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file


def _file(line: bytes) -> str | None:
    """The WARC file that an index line is about; None when it is none."""
    try:
        return cdxj.parse(line.decode().rstrip("\n")).file
    except ValueError:
        return None
