"""All WARC files of a collection, as they are; of one that is still being written, the records that are whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from archive.collection import Collection
from archive.pack.choice import archived, opened
from archive.pack.index import lines_of_files
from archive.warc.files import OPEN
from archive.warc.members import Damage, members

__all__ = ["Whole"]

_PIECE: Final = 1024 * 1024


class Whole:
    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self.sizes = {name: size for name in archived(collection) if (size := _size(collection, name))}
        """Bytes of each file that are taken, by name."""

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a file."""
        left = self.sizes[name]
        with opened(self._collection, name) as file:
            while left and (piece := file.read(min(left, _PIECE))):
                left -= len(piece)
                yield piece

    def has(self, file: str, offset: int) -> bool:
        """Whether the record at this place is among what is taken."""
        return offset < self.sizes.get(file, 0)

    def lines(self, lines: Iterable[str]) -> Iterator[str]:
        """Those of the collection's index lines that are about what is taken."""
        return lines_of_files(lines, self.sizes)


def _size(collection: Collection, name: str) -> int:
    with opened(collection, name) as file:
        growing = collection.readable(name).name.endswith(OPEN)
        return _whole_records(file) if growing else file.seek(0, 2)


def _whole_records(file: BinaryIO) -> int:
    end = 0
    try:
        for each in members(file):
            end = each.offset + each.length
    except Damage:  # it is being written
        pass
    return end
