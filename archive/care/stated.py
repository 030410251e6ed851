"""Digests that records state, in whatever spelling, against those that their bytes have. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

__all__ = ["Piece", "Stated"]

Piece = bytes | memoryview

_BASE32: Final = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz234567",
    b"0123456789ABCDEFGHIJKLMNOP0123456789ABCDEFGHIJKLMNOPQRSTUV",
)
_ALGORITHMS: Final[Mapping[str, tuple[str, Callable[[], Any]]]] = {
    "sha1": ("sha1", hashlib.sha1),
    "sha-1": ("sha1", hashlib.sha1),
    "sha256": ("sha256", hashlib.sha256),
    "sha-256": ("sha256", hashlib.sha256),
    "sha512": ("sha512", hashlib.sha512),
    "sha-512": ("sha512", hashlib.sha512),
    "md5": ("md5", hashlib.md5),
}


class Stated:
    """A digest that a record states, and the one that its bytes turn out to have."""

    __slots__ = ("_expected", "_state", "text", "update")

    update: Callable[[Piece], None]

    def __init__(self, text: str) -> None:
        """`text` is a field's value; ValueError when it cannot be read as a digest."""
        if len(text) == 37 and text.startswith("sha1:"):  # as nearly all are
            self.text = text
            self._state = hashlib.sha1()
            self.update = self._state.update
            self._expected = int(text[5:].encode().translate(_BASE32), 32)
            return
        name, _, value = text.partition(":")
        try:
            _algorithm, make = _ALGORITHMS[name.lower()]
        except KeyError:
            raise ValueError(f"unknown digest algorithm in {text!r}") from None
        self.text = text
        self._state = make()
        self.update = self._state.update
        size = self._state.digest_size
        value = value.rstrip("=")
        if len(value) == size * 2:
            self._expected = int(value, 16)
        elif len(value) == -(-size * 8 // 5):
            self._expected = int(value.encode().translate(_BASE32), 32) >> (-size * 8 % 5)
        else:
            raise ValueError(f"{text!r} is not as long as its algorithm's digests")

    def holds(self) -> bool:
        return int.from_bytes(self._state.digest(), "big") == self._expected

    def fresh(self) -> Stated:
        return Stated(self.text)
