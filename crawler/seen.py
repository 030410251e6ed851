"""A set of texts that keeps eight bytes of each: a crawl that names a million known pages must not hold their URLs."""

from __future__ import annotations

from array import array

__all__ = ["Seen"]


class Seen:
    """Open addressing over 64-bit hashes, keyed anew in each process, so that no site can make them collide.

    Two texts of a million are taken for one with a chance of 1 in 37 million.
    """

    __slots__ = ("_count", "_slots")

    def __init__(self) -> None:
        self._slots = array("q", bytes(8 * 1024))
        self._count = 0

    def add(self, text: str) -> bool:
        """Whether it is new; it is not, from now on."""
        value = hash(text) or 1
        place = self._place(value)
        if self._slots[place]:
            return False
        self._slots[place] = value
        self._count += 1
        if self._count * 3 > len(self._slots) * 2:
            self._grow()
        return True

    def __contains__(self, text: str) -> bool:
        return self._slots[self._place(hash(text) or 1)] != 0

    def __len__(self) -> int:
        return self._count

    def _place(self, value: int) -> int:
        """Where the value is, or would be."""
        slots = self._slots
        mask = len(slots) - 1
        place = value & mask
        while (there := slots[place]) and there != value:
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        old = self._slots
        self._slots = array("q", bytes(16 * len(old)))
        for value in old:
            if value:
                self._slots[self._place(value)] = value
