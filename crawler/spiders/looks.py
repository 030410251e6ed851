"""Known pages that listings speak of as changed or gone, and how far that is believed. Pure.

Dates of change are often those of the listing itself, or of the template. So a listing that calls more than half of its
known pages changed is put to the test: a few are looked at, and the rest only when most of these had changed.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["Looks"]

_FEW = 10
"""As many changes are believed whatever their share."""
_SAMPLE = 5


class Looks:
    """Keys of pages to see again, each once."""

    def __init__(self) -> None:
        self._believed: dict[str, None] = {}
        self._doubted: dict[str, None] = {}
        self._tested: set[str] = set()
        self._right = 0

    def claim(self, keys: Sequence[str], of: int) -> None:
        """A listing says that these of its `of` known pages are not as they were."""
        doubted = len(keys) > _FEW and len(keys) * 2 > of
        (self._doubted if doubted else self._believed).update(dict.fromkeys(keys))

    def take(self) -> list[str]:
        """What to look at now; it is forgotten here."""
        taken, self._believed = self._believed, {}
        if self._doubted and not self._tested:
            sample = [key for key in self._doubted if key not in taken][:_SAMPLE]
            self._tested.update(sample)
            taken.update(dict.fromkeys(sample))
        for key in taken:
            self._doubted.pop(key, None)
        return list(taken)

    def seen(self, key: str, *, changed: bool) -> None:
        """What came of a look; the last of a sample decides about the rest."""
        if key not in self._tested:
            return
        self._tested.discard(key)
        self._right += changed
        if not self._tested:
            doubted, self._doubted = self._doubted, {}
            if self._right * 2 > _SAMPLE:
                self._believed.update(doubted)
            self._right = 0
