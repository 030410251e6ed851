"""Whether words were mended or changed.

Minor is what leaves the meaning alone as far as spelling can tell: marks, quotes, dashes, capitals, a doubled word, and
a word that is spelled nearly as before. A number, a word more or less, and another word are substantial, however small:
one letter lies between a million and a billion, and between Iran and Iraq. In Chinese every character counts.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Final

from rapidfuzz.distance import OSA

from archive.compare.phrases import phrases

__all__ = ["is_minor"]

_NEAR: Final = 4
"""Letters that a word must have for a letter more or less to be a slip by itself; one more for another letter."""
_FAR: Final = 8
"""Letters from which on two slips in a word are still slips."""


def is_minor(old: Sequence[str], new: Sequence[str], text: frozenset[str] = frozenset()) -> bool:
    """Whether `new` in the place of `old` mends a slip; `text`: words that stand elsewhere in both texts, folded."""
    was, now = _words(old), _words(new)
    if was == now:
        return True
    if "".join(was) == "".join(now) and _counted(was) == _counted(now):  # joined, parted or hyphenated
        return True
    if len(was) != len(now):
        return _undoubled(old) == now or _undoubled(new) == was
    return all(one == other or _slip(one, other, text) for one, other in zip(was, now, strict=True))


def _words(found: Sequence[str]) -> list[str]:
    """Words and numbers, folded, without marks and without the signs between thousands."""
    kept = []
    for token in found:
        word = token.casefold().replace("’", "'")
        if word[0].isdigit():
            kept.append(_number(word))
        elif any(map(str.isalnum, word)):
            kept += word.replace("'s", "s").split("-")
        elif token in _MEANING:
            kept.append(token)
    return kept


_MEANING: Final = frozenset("$€£¥₹%‰+<>=")
"""Marks that are words."""


def _number(word: str) -> str:
    groups = word.replace("'", ",").replace("\u00a0", ",").replace("\u202f", ",").replace(".", ",").split(",")
    if len(groups) > 1 and all(len(group) == 3 for group in groups[1:]):
        return "".join(groups)
    return word


def _counted(words: Sequence[str]) -> Counter[str]:
    return Counter(word for word in words if word[0].isdigit())


def _undoubled(found: Sequence[str]) -> list[str]:
    words = _words(found)
    return [word for number, word in enumerate(words) if number == 0 or word != words[number - 1]]


def _slip(one: str, other: str, text: frozenset[str]) -> bool:
    """Whether two words are spellings of one."""
    if any(map(str.isdigit, one + other)):
        return False
    if (bare := _bare(one)) and bare == _bare(other):
        return True
    if len(one) == len(other) == 1 or any(one in group and other in group for group in _alike()):
        return False
    if one in text and other in text:
        return False
    if sorted(one) == sorted(other):
        return OSA.distance(one, other) <= 2
    distance, least = OSA.distance(one, other), min(len(one), len(other))
    if distance == 1 and (one in text) != (other in text):  # one is a word of the text, the other is none
        return least > 1
    if len(one) == len(other):
        return least >= _FAR if distance == 2 else distance == 1 and least > _NEAR and one[0] == other[0]
    return (distance == 1 and least >= _NEAR) or (distance == 2 and least >= _FAR)


def _bare(word: str) -> str:
    """Letters without accents and apostrophes."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", word)))


@cache
def _alike() -> tuple[frozenset[str], ...]:
    """Words that are spelled alike and mean something else."""
    return tuple(frozenset(group.split()) for group in phrases().alike)
