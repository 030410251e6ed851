"""The phrases of phrases.toml, as patterns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

__all__ = ["pattern", "phrases"]

_NUMBER: Final = r"(?:\d(?:[\d.,'’\u00a0 ]*\d)?\s?(?:k|m|mio|mln|tsd|tis|тыс|млн|万|千|만|천)?\.?)"
_UNIT: Final = r"[^\W\d_]\S*"
_PIECE: Final = re.compile(r"N|\bU|~|\s+|['’]|.")


class Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ago: tuple[str, ...]
    counted: tuple[str, ...]
    reading: tuple[str, ...]
    updated: tuple[str, ...]
    labels: tuple[str, ...]
    pointers: tuple[str, ...]
    sells: tuple[str, ...]
    notices: tuple[str, ...]
    alike: tuple[str, ...]


@cache
def phrases() -> Phrases:
    data = files(__package__).joinpath("phrases.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(data), Phrases)


def pattern(templates: Iterable[str]) -> str:
    """An expression, for IGNORECASE, that matches any of the phrases; the longest first."""
    return "(?:" + "|".join(_PIECE.sub(_spelled, each) for each in sorted(templates, key=len, reverse=True)) + ")"


def _spelled(piece: re.Match[str]) -> str:
    match piece[0]:
        case "N":
            return rf"{_NUMBER}\s*"
        case "U":
            return _UNIT
        case "~":
            return r"\w*"
        case "'" | "’":
            return "['’]"
        case text if text.isspace():
            return r"\s+" if piece.start() == 0 or piece.string[piece.start() - 1] != "N" else ""
        case text:
            return re.escape(text)
