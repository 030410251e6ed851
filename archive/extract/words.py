"""How many words a text has, in any script. Pure, and light to import."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["words"]

_CJK: Final = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")
_RUN_TOGETHER: Final = re.compile(f"{_CJK.pattern}|{_UNSPACED.pattern}")
_WORD: Final = re.compile(r"[^\W_]\S*")
"""From the first letter or digit between two spaces on."""


def words(text: str) -> int:
    """How many words: what stands between spaces, and in scripts without spaces what reads as one."""
    if not _RUN_TOGETHER.search(text):
        return len(_WORD.findall(text))
    rest, characters = _CJK.subn(" ", text)
    # Thai, Lao, Burmese and Khmer run their words together; five characters are about one.
    runs = sum(-(-len(run) // 5) for run in _UNSPACED.findall(rest))
    return characters + runs + len(_WORD.findall(_UNSPACED.sub(" ", rest)))
