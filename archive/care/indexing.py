"""The index of a WARC file as it lies: for rebuild and import, which read what they did not write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from archive.disk import Disk
from archive.errors import DamagedRecord
from archive.index import cdxj
from archive.index.files import SUFFIX, index_name, write_sorted
from archive.readable import Readable
from archive.warc.captures import captures
from archive.warc.files import OPEN
from archive.warc.members import Damage
from archive.warc.salvage import salvage

__all__ = ["index_file"]


def index_file(path: Readable, indexes: Path, on_damage: Callable[[DamagedRecord], None], *, name: str = "") -> int:
    """Write the index of one file, `name` being its final one: how many captures it has."""
    name = name or path.name.removesuffix(OPEN)

    def tell(damage: Damage) -> None:
        on_damage(DamagedRecord(path, damage.offset, damage.why))

    lines = [cdxj.line(capture).encode() for capture in captures(salvage(path), name, tell)]
    write_sorted(Disk(), indexes / (index_name(name) + SUFFIX), lines)
    return len(lines)
