"""Is a file in a store what it should be? Read back whole and digested: no store is taken at its word."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from archive.storage.port import Kept, Store, Told

__all__ = ["proven", "read_back", "sha256_of"]

_PIECE: Final = 8 * 1024 * 1024


def proven(store: Store, key: str, *, size: int, sha256: str, told: Told) -> Kept | None:
    """What the store says of the file, if its bytes are these; None when they are not, or it is not there.

    StoreError when it cannot be read.
    """
    before = store.look(key)
    if before is None or before.size != size:
        return None
    found = read_back(store, key, size, lambda piece: told(len(piece)))
    return before if found == sha256 and store.look(key) == before else None


def read_back(store: Store, key: str, size: int, take: Callable[[bytes], object]) -> str:
    """The SHA-256 of the file's bytes, which `take` is given in order."""
    state = hashlib.sha256()
    for start in range(0, size, _PIECE):
        piece = store.read(key, start, min(_PIECE, size - start))
        state.update(piece)
        take(piece)
    return state.hexdigest()


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
