"""Digests as WARC files spell them (iipc/warc-specifications #80): sha1 in base32, sha256 in hexadecimal."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from typing import Literal

from archive.spool import Spool, chunks

__all__ = ["Algorithm", "digest", "digest_of", "spelled"]

Algorithm = Literal["sha1", "sha256"]


def digest(data: bytes | Spool, algorithm: Algorithm = "sha1") -> str:
    """``sha1:`` with upper-case base32, or ``sha256:`` with lower-case hexadecimal."""
    return digest_of(chunks(data), algorithm)


def digest_of(pieces: Iterable[bytes | memoryview], algorithm: Algorithm = "sha1") -> str:
    state = hashlib.new(algorithm)
    for piece in pieces:
        state.update(piece)
    return spelled(algorithm, state.digest())


def spelled(algorithm: Algorithm, raw: bytes) -> str:
    text = base64.b32encode(raw).decode() if algorithm == "sha1" else raw.hex()
    return f"{algorithm}:{text}"
