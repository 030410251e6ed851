"""Bytes that may outgrow memory: a growing buffer that moves to an unnamed file beyond a limit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO

__all__ = ["SPOOL_LIMIT", "Spool", "chunks", "gathered", "kept", "streamed"]

SPOOL_LIMIT = 4 * 1024 * 1024
"""Bytes kept in memory before a temporary file takes over."""

_CHUNK = 256 * 1024
_GATHERED = 1024 * 1024


class Spool:
    """Append-only bytes in an unnamed temporary file, deleted by the system when closed."""

    __slots__ = ("_file", "_length")

    def __init__(self, start: bytes = b"") -> None:
        import tempfile  # takes a while, and most processes never come here

        self._file: IO[bytes] = tempfile.TemporaryFile(prefix="wirecopy-")  # noqa: SIM115 - closed by close()
        self._length = 0
        if start:
            self.write(start)

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._length += len(data)

    def __len__(self) -> int:
        return self._length

    def chunks(self, start: int = 0) -> Iterator[bytes]:
        """The content from byte `start` on, in pieces of at most 256 KiB."""
        self._file.seek(start)
        while piece := self._file.read(_CHUNK):
            yield piece

    def close(self) -> None:
        self._file.close()


def chunks(data: bytes | Spool, start: int = 0) -> Iterator[bytes | memoryview]:
    """Either kind of bytes as pieces, without a copy of those in memory."""
    if isinstance(data, Spool):
        yield from data.chunks(start)
    elif len(data) > start:
        yield memoryview(data)[start:]


def kept(pieces: Iterable[bytes]) -> bytes | Spool:
    """All the bytes, in memory or, when they are many, in a file."""
    body = bytearray()
    spool: Spool | None = None
    for piece in pieces:
        if spool is not None:
            spool.write(piece)
            continue
        body += piece
        if len(body) > SPOOL_LIMIT:
            spool = Spool(bytes(body))
    return bytes(body) if spool is None else spool


def streamed(spool: Spool, start: int = 0) -> Iterator[bytes]:
    """The content, once: the file is gone when that is done, or given up."""
    try:
        yield from spool.chunks(start)
    finally:
        spool.close()


def gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of about 1 MiB, so that small ones do not cost a write each."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _GATHERED:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)
