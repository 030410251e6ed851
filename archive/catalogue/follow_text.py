"""Takes new readings into the catalogue, from the WARC files in ``text/``, from where it left off.

This is the only way by which readings come into the catalogue: live, after a crash, and in a rebuild. So a reading that
was written just before its process was killed is there the next time, and no page is read twice. The cursor moves in
the transaction of its rows, and only past whole records.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from archive.catalogue import documents
from archive.catalogue.store import Catalogue, Cursor
from archive.errors import DamagedRecord
from archive.model import Reading
from archive.readable import Readable, size_of
from archive.spool import chunks
from archive.warc.files import OPEN
from archive.warc.members import Damage, Member
from archive.warc.reader import parse_date, read_at
from archive.warc.salvage import salvage

__all__ = ["follow_text"]

_BATCH: Final = 64
"""Readings in one transaction: about a tenth of a second."""

WARC: Final = ".warc.gz"

_log = logging.getLogger(__name__)


def _log_damage(damage: DamagedRecord) -> None:
    _log.warning("%s", damage)


def follow_text(
    catalogue: Catalogue,
    text: Path,
    on_damage: Callable[[DamagedRecord], None] = _log_damage,
    *,
    only: Collection[str] | None = None,
    elsewhere: Mapping[str, Readable] = MappingProxyType({}),
) -> int:
    """Take in what the files in the directory `text` (or only those) hold by now: how many readings were new.

    `elsewhere`: those by name that are not there any more, but can be read all the same.
    """
    cursors = catalogue.cursors()
    added = 0
    for name, path in sorted({**elsewhere, **_files(text, only)}.items()):
        cursor = cursors.get(f"{text.name}/{name}", Cursor())
        try:
            size = path.stat().st_size if isinstance(path, Path) else size_of(path)
            if size < cursor.offset:  # cut back after a power cut
                catalogue.drop_readings(name, f"{text.name}/{name}", size)
            elif size > cursor.offset:
                added += _Follower(catalogue, path, f"{text.name}/{name}", on_damage).take(cursor.offset, size)
        except FileNotFoundError:  # renamed, and met under its final name the next time
            continue
    return added


def _files(text: Path, only: Collection[str] | None) -> dict[str, Path]:
    """WARC files by final name; under that where both names are there."""
    if only is None:
        only = {path.name.removesuffix(OPEN) for path in text.glob(f"[!.]*{WARC}*")} if text.is_dir() else set()
    names = [name for name in only if name.endswith(WARC)]
    return {name: text / name if (text / name).exists() else text / (name + OPEN) for name in names}


class _Follower:
    """Reads one file on."""

    def __init__(
        self, catalogue: Catalogue, path: Readable, name: str, on_damage: Callable[[DamagedRecord], None]
    ) -> None:
        self._catalogue = catalogue
        self._path = path
        self._name = name
        self._on_damage = on_damage
        self._waiting: list[Reading] = []

    def take(self, start: int, size: int) -> int:
        """Take in the readings between the bytes `start` and `size`: how many were new."""
        added = 0
        end = start
        for item in salvage(self._path, start):
            if isinstance(item, Damage):
                if self._path.name.endswith(OPEN):  # still being written, or to be cut by the next start
                    break
                self._on_damage(DamagedRecord(self._path, item.offset, item.why))
                continue
            self._add(item)
            end = item.offset + item.length
            if len(self._waiting) >= _BATCH:
                added += self._commit(end)
        else:
            end = max(end, size)
        return added + self._commit(end)

    def _add(self, member: Member) -> None:
        headers = {name.lower(): value for name, value in member.headers}
        if headers.get("warc-type") != "metadata" or headers.get("content-type") != "application/json":
            return
        try:
            capture_id, extraction = documents.decode(self._block(member, int(headers["content-length"])))
            self._waiting.append(
                Reading(
                    id=headers["warc-record-id"].strip("<> "),
                    date=parse_date(headers["warc-date"]),
                    capture_id=capture_id,
                    file=self._path.name.removesuffix(OPEN),
                    offset=member.offset,
                    extraction=extraction,
                )
            )
        except (ValueError, KeyError) as error:
            self._on_damage(DamagedRecord(self._path, member.offset, f"holds no reading ({error})"))

    def _block(self, member: Member, length: int) -> bytes:
        if len(member.start) == length:
            return member.start
        return b"".join(chunks(read_at(self._path, member.offset, member.length).block))

    def _commit(self, end: int) -> int:
        added = self._catalogue.add_readings(self._waiting, self._name, Cursor(offset=end))
        self._waiting = []
        return added
