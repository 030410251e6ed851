"""A file in a store, read as if it were here: by ranges, some of them kept for a while.

Files are read in blocks of 256 KiB. Whoever reads on and on gets more of them at a time, up to 8 MiB in one request; of
what was read last, by anybody in this process, 16 MiB are kept. A block belongs to a content, known by its SHA-256, so
that a copy that was replaced is never mixed up with the new one.
"""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, Literal

from archive.storage.address import Address
from archive.storage.stores import open_store

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["Clip", "Copy"]

_BLOCK: Final = 256 * 1024
_BUFFER: Final = 64 * 1024
_MOST: Final = 32
"""Blocks in one request, at most."""
_KEPT: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """Some bytes of a file, at hand: a Readable that can be sent to another process."""

    name: str
    data: bytes

    def open(self, _mode: Literal["rb"] = "rb", /) -> BinaryIO:
        return io.BytesIO(self.data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A file's checked copy in a store: a Readable, whose reading raises StoreError when the store fails."""

    name: str
    folder: str
    """``archive`` or ``text``."""
    size: int
    sha256: str
    store: Address
    mark: str
    """What the store called the content when it was checked."""

    @property
    def key(self) -> str:
        return f"{self.folder}/{self.name}"

    def open(self, _mode: Literal["rb"] = "rb", /) -> BinaryIO:
        return io.BufferedReader(_Ranges(self), _BUFFER)

    def clip(self, offset: int, length: int) -> Clip:
        with self.open() as file:
            file.seek(offset)
            return Clip(name=self.name, data=file.read(length))

    def __str__(self) -> str:
        return f"{self.store}/{self.key}"


class _Blocks:
    """Blocks by SHA-256 of their file and number, those used last; for many threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()

    def get(self, sha256: str, number: int) -> bytes | None:
        with self._lock:
            block = self._kept.get((sha256, number))
            if block is not None:
                self._kept.move_to_end((sha256, number))
            return block

    def put(self, sha256: str, number: int, block: bytes) -> None:
        with self._lock:
            self._kept[sha256, number] = block
            self._kept.move_to_end((sha256, number))
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


_blocks = _Blocks(_KEPT)


class _Ranges(io.RawIOBase):
    """The raw stream below a Copy's reader."""

    def __init__(self, copy: Copy) -> None:
        self._copy = copy
        self._position = 0
        self._next = -1
        """Number of the block that one who reads on will want."""
        self._ahead = 1

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        start = (0, self._position, self._copy.size)[whence]
        if start + offset < 0:
            raise ValueError(f"seek before the start of {self._copy}")
        self._position = start + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        into = memoryview(buffer)
        if self._position >= self._copy.size or not into:
            return 0
        number, within = divmod(self._position, _BLOCK)
        piece = self._block(number)[within : within + len(into)]
        into[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def _block(self, number: int) -> bytes:
        block = _blocks.get(self._copy.sha256, number)
        if block is None:
            self._ahead = min(self._ahead * 2, _MOST) if number == self._next else 1
            start = number * _BLOCK
            length = min(self._ahead * _BLOCK, self._copy.size - start)
            data = open_store(self._copy.store).read(self._copy.key, start, length)
            for at in range(0, length, _BLOCK):
                _blocks.put(self._copy.sha256, (start + at) // _BLOCK, data[at : at + _BLOCK])
            block = data[:_BLOCK]
            self._next = number + self._ahead
        return block
