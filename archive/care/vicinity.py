"""Rules between records that lie close together in one file: those of one capture event.

The last few hundred records are remembered, so a file's length costs nothing. Whether a reference leads anywhere at
all is looked up in the whole collection later (`archive.care.links`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from archive.care.header import Header, Problem

__all__ = ["Misfit", "Vicinity"]

Misfit = tuple[int, str, Problem]
"""Offset and id of the record that does not fit, and why."""

_WINDOW: Final = 512
_EVENT: Final = frozenset(["request", "response", "revisit", "metadata"])


class _Near:
    __slots__ = ("bodiless", "date", "id", "method", "offset")

    def __init__(self, record_id: str, offset: int, date: str | None, method: str | None, bodiless: bool) -> None:
        self.id = record_id
        self.offset = offset
        self.date = date
        self.method = method
        self.bodiless = bodiless


class Vicinity:
    def __init__(self) -> None:
        self._near: dict[str, _Near] = {}
        self._awaited: dict[str, list[_Near]] = {}

    def has(self, record_id: str) -> bool:
        """Whether a record of this id was added not long ago."""
        return record_id in self._near

    def add(
        self, header: Header, targets: Sequence[str], offset: int, *, method: str | None, bodiless: bool
    ) -> Sequence[Misfit]:
        """Takes in a record that names `targets` as concurrent.

        `bodiless`: its head promises a body that is not there, which is right only in an answer to HEAD.
        """
        if header.id is None or header.type not in _EVENT:
            return ()
        mine = _Near(header.id, offset, header.values.get("warc-date"), method, bodiless)
        self._near[header.id] = mine
        if len(self._near) > _WINDOW:
            self._near = dict(list(self._near.items())[_WINDOW // 2 :])
        found: list[Misfit] = []
        for target in targets:
            if (other := self._near.get(target)) is not None:
                _compare(mine, other, found)
            else:
                self._awaited.setdefault(target, []).append(mine)
        if self._awaited:
            for other in self._awaited.pop(header.id, ()):
                _compare(other, mine, found)
            if len(self._awaited) > _WINDOW:
                self._awaited = dict(list(self._awaited.items())[_WINDOW // 2 :])
        return found


def _compare(one: _Near, other: _Near, found: list[Misfit]) -> None:
    if one.date != other.date:
        found.append((one.offset, one.id, Problem("event-date", f"{one.date}, but {other.date} at {other.offset}")))
    for request, answer in ((one, other), (other, one)):
        if answer.bodiless and request.method not in (None, "HEAD"):
            answer.bodiless = False
            what = f"the answer to {request.method} promises a body, and has none"
            found.append((answer.offset, answer.id, Problem("unmarked-cut", what)))
