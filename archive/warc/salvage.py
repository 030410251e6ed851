"""Reading past damage: the whole records of a gzipped WARC file, whatever lies between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from archive.readable import Readable
from archive.warc.members import Damage, Member, members

__all__ = ["salvage"]

_MAGIC: Final = b"\x1f\x8b\x08"
_PIECE: Final = 1024 * 1024


def salvage(path: Readable, start: int = 0) -> Iterator[Member | Damage]:
    """Members from byte `start` on; where there is none, the Damage, and then the members behind it."""
    with path.open("rb") as file:
        position: int | None = start
        while position is not None:
            file.seek(position)
            try:
                yield from members(file)
                return
            except Damage as damage:
                yield damage
                position = _next_member(file, damage.offset + 1)


def _next_member(file: BinaryIO, start: int) -> int | None:
    """Where the first whole record from `start` on begins."""
    while True:
        file.seek(start)
        piece = file.read(_PIECE)
        at = piece.find(_MAGIC)
        while at >= 0:
            file.seek(start + at)
            try:
                next(members(file))
            except Damage:
                at = piece.find(_MAGIC, at + 1)
            else:
                return start + at
        if len(piece) < _PIECE:
            return None
        start += len(piece) - len(_MAGIC) + 1
