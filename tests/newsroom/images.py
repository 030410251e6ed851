"""Small real images, made in code."""

from __future__ import annotations

import base64
import struct
import zlib
from functools import cache

__all__ = ["FAVICON", "jpeg", "png"]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@cache
def png(seed: int, width: int = 64, height: int = 36) -> bytes:
    """A gradient in colours of its own (RFC 2083: signature, IHDR, IDAT, IEND)."""
    red, green, blue = (seed * step % 200 for step in (37, 59, 83))
    rows = b"".join(
        b"\0" + b"".join(bytes((red + x * 55 // width, green + y * 55 // height, blue)) for x in range(width))
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


@cache
def jpeg(seed: int) -> bytes:
    """One grey 8 by 8 block, a comment segment telling one seed's file from another's."""
    comment = f"newsroom image {seed}".encode()
    return _JPEG[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + _JPEG[2:]


def _grey_block() -> bytes:
    """A baseline JPEG (ITU T.81) with the shortest tables that can code one flat block."""

    def segment(marker: int, data: bytes) -> bytes:
        return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data

    one_code = bytes((1, *[0] * 15))
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
        + segment(0xDB, b"\0" + bytes([16] * 64))
        + segment(0xC0, bytes((8, 0, 8, 0, 8, 1, 1, 0x11, 0)))
        + segment(0xC4, b"\x00" + one_code + b"\0")
        + segment(0xC4, b"\x10" + one_code + b"\0")
        + segment(0xDA, bytes((1, 1, 0, 0, 63, 0)))
        + b"\x3f"  # DC difference 0, end of block, padded with ones
        + b"\xff\xd9"
    )


_JPEG = _grey_block()
FAVICON = base64.b64decode(
    "AAABAAEAAQEAAAEAIAAwAAAAFgAAACgAAAABAAAAAgAAAAEAIAAAAAAACAAAAAAAAAAAAAAAAAAAAAAAAABkMgD/AAAAAA=="
)
