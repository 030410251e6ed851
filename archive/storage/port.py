"""What is asked of a store. Keys are ``archive/NAME`` and ``text/NAME``; StoreError says what went wrong and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

__all__ = ["Kept", "Store", "Told"]

Told = Callable[[int], None]
"""Told of bytes as they go through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a store says of a file."""

    size: int
    mark: str
    """Changes when the content does: an ETag; of a directory what the file system notes."""


class Store(Protocol):
    def prepare(self, *, known: bool) -> None:
        """Before the first write; `known`: files have been shipped here, so that an empty place is the wrong one."""

    def look(self, key: str) -> Kept | None:
        """None when there is no such file."""

    def read(self, key: str, start: int, length: int) -> bytes:
        """Just these bytes; StoreError when they cannot all be had, after as many tries as are worth it."""

    def put(self, key: str, file: Path, told: Told) -> None:
        """The whole file, or nothing; in the place of what was there."""

    def remove(self, key: str) -> None:
        """Nothing to do when it is not there."""
