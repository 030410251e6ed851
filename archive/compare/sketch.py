"""Title and text of a reading, small enough to be kept beside it and compared with every other of the same article.

A short paragraph is kept as it is, a long one as its digest: enough to tell which paragraphs came, went and moved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

import msgspec

from archive.compare.volatile import paragraphs, plain

__all__ = ["SHORT", "Sketch", "decode", "encode", "is_short", "same", "sketch", "without"]

SHORT: Final = 160
"""Characters up to which a paragraph is kept as it is."""
_MOST: Final = 2000
"""Paragraphs that are kept apart; those behind are one."""


class Sketch(msgspec.Struct, array_like=True, frozen=True):
    """An array in JSON."""

    title: str
    words: str
    """Digest of all words, wherever the paragraphs end."""
    paragraphs: tuple[str, ...]

    @property
    def has_text(self) -> bool:
        return bool(self.paragraphs)


_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(Sketch).decode


def sketch(title: str | None, text: str | None) -> Sketch:
    own = paragraphs(text)
    shown = own if len(own) <= _MOST else (*own[:_MOST], " ".join(own[_MOST:]))
    kept = tuple(one if len(one) <= SHORT and not one.startswith("#") else f"#{_digest(one)}" for one in shown)
    return Sketch(plain(title), _digest(" ".join(own)), kept)


def encode(one: Sketch) -> str:
    """As JSON."""
    return _encode(one).decode()


def decode(text: str) -> Sketch:
    return _decode(text)


def is_short(paragraph: str) -> bool:
    """Whether this paragraph of a sketch is the text itself."""
    return not paragraph.startswith("#")


def same(one: Sketch, other: Sketch) -> bool:
    """Whether title and words are the same; where paragraphs end makes no difference."""
    return one.title == other.title and (one.words == other.words or one.paragraphs == other.paragraphs)


def without(one: Sketch, dropped: Iterable[str]) -> Sketch:
    """The sketch without some of its paragraphs."""
    gone = frozenset(dropped)
    if gone.isdisjoint(one.paragraphs):
        return one
    kept = tuple(each for each in one.paragraphs if each not in gone)
    return Sketch(one.title, _digest(" ".join(kept)), kept)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=9).hexdigest()
