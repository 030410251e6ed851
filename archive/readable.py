"""What a WARC file is to those who read it: a name, and a way to open it. A path is one, and so is a copy elsewhere."""

from __future__ import annotations

from typing import BinaryIO, Literal, Protocol

__all__ = ["Readable", "size_of"]


class Readable(Protocol):
    """Its text (`str`) says where it lies."""

    @property
    def name(self) -> str:
        """Bare, as the file is called where it lies."""

    def open(self, mode: Literal["rb"], /) -> BinaryIO:
        """From the first byte on, seekable; FileNotFoundError when it is not there any more."""


def size_of(file: Readable) -> int:
    """How many bytes it has."""
    with file.open("rb") as opened:
        return opened.seek(0, 2)
