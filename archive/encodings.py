"""Content and transfer codings taken off, of damaged data as far as it goes. Pure.

gzip and deflate always; br and zstd where a package for them is installed, since other people's archives hold them.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import Any

__all__ = ["DECODED_LIMIT", "Decoder", "Inflater", "decode", "decoder_of"]

Decoder = Callable[[bytes, int], bytes]

DECODED_LIMIT = 64 * 1024 * 1024
"""Bytes a body may unpack to; a bomb is cut there."""

_MOST_MEMBERS = 2000
"""gzip members in a body; a million of nothing are an attack."""
_PIECE = 64 * 1024

_BOTH = zlib.MAX_WBITS | 32  # gzip or zlib, told apart by the header
_RAW = -zlib.MAX_WBITS


class Inflater:
    """One gzip or deflate coding, incrementally: members may follow one another, damage ends it."""

    __slots__ = ("_coding", "_members", "_object", "_seen", "failed", "limit")

    limit: int
    """Bytes it may still give."""

    def __init__(self, coding: bytes, limit: int = DECODED_LIMIT) -> None:
        self._coding = coding
        self._object = zlib.decompressobj(_BOTH)
        self._seen = False
        self._members = 1
        self.failed = False
        self.limit = limit

    @property
    def whole(self) -> bool:
        """Whether all that was fed so far ended where a member does."""
        return self._object.eof and not self.failed

    def feed(self, data: bytes) -> bytes:
        if len(data) <= _PIECE:
            return self._feed(data)
        # Piece by piece, since each member that ends copies what was given beyond it.
        return b"".join(self._feed(data[at : at + _PIECE]) for at in range(0, len(data), _PIECE))

    def _feed(self, data: bytes) -> bytes:
        out: list[bytes] = []
        while data and not self.failed and self.limit > 0:
            try:
                before = self._object.copy()
                piece = self._object.decompress(data, self.limit)
            except zlib.error:
                if not self._seen and self._coding == b"deflate":
                    self._seen = True  # zlib's header is missing, as it often is
                    self._object = zlib.decompressobj(_RAW)
                    continue
                self.failed = True
                piece = _salvage(before, data, self.limit)
            self._seen = True
            out.append(piece)
            self.limit -= len(piece)
            data = self._object.unused_data if self._object.eof else b""
            if data:
                if self._coding != b"gzip" or not data.startswith(b"\x1f\x8b"):
                    break  # padding after the last member
                self._members += 1
                self.failed = self._members > _MOST_MEMBERS
                self._object = zlib.decompressobj(_BOTH)
        return b"".join(out)


def _salvage(inflater: zlib._Decompress, data: bytes, limit: int) -> bytes:
    """What a damaged stream gives before the damage, found by halving what is fed to it."""
    out: list[bytes] = []
    step = len(data)
    while data and limit > 0 and step:
        trial = inflater.copy()
        try:
            piece = trial.decompress(data[:step], limit)
        except zlib.error:
            step //= 2
            continue
        out.append(piece)
        limit -= len(piece)
        data = data[step:]
        inflater = trial
    return b"".join(out)


def decode(data: bytes, codings: Sequence[bytes], limit: int = DECODED_LIMIT) -> bytes:
    """`data` without `codings`, the last of which was applied last. Unknown ones are passed over, as browsers do;
    data that is not coded at all, whatever was said of it, comes back as it is."""
    for coding in reversed(codings):
        take_off = decoder_of(coding)
        if take_off is not None and data:
            data = take_off(data, limit) or data
    return data[:limit]


def _gzip(data: bytes, limit: int) -> bytes:
    return Inflater(b"gzip", limit).feed(data)


def _deflate(data: bytes, limit: int) -> bytes:
    return Inflater(b"deflate", limit).feed(data)


def _stepwise(step: Callable[[bytes, int], bytes], error: type[Exception], data: bytes, limit: int) -> bytes:
    """The output of `step` over slices of `data`, so that damage costs the slice it is in."""
    out: list[bytes] = []
    try:
        for at in range(0, len(data), 512):
            out.append(piece := step(data[at : at + 512], limit))
            limit -= len(piece)
            if limit <= 0:
                break
    except (error, EOFError):  # EOFError: bytes after the end
        pass
    return b"".join(out)


def decoder_of(coding: bytes) -> Decoder | None:
    """What takes a coding (in lower case) off, given bytes and how many may come of them; None where nothing here can.

    Packages for br and zstd are looked for when one comes along, not at every start of every command.
    """
    if coding in (b"gzip", b"x-gzip"):
        return _gzip
    if coding == b"deflate":
        return _deflate
    if coding == b"br":
        return _brotli()
    return _zstd() if coding == b"zstd" else None


@cache
def _brotli() -> Decoder | None:
    brotli = _optional("brotli")
    if brotli is None:
        return None

    def unbrotli(data: bytes, limit: int) -> bytes:
        decoder = brotli.Decompressor()
        return _stepwise(
            lambda piece, left: decoder.process(piece, output_buffer_limit=left), brotli.error, data, limit
        )

    return unbrotli


@cache
def _zstd() -> Decoder | None:
    zstd = _optional("compression.zstd", "backports.zstd")
    if zstd is None:
        return None

    def unzstd(data: bytes, limit: int) -> bytes:
        return _stepwise(zstd.ZstdDecompressor().decompress, zstd.ZstdError, data, limit)

    return unzstd


def _optional(*modules: str) -> Any | None:
    for name in modules:
        try:
            return import_module(name)
        except ImportError:
            continue
    return None
