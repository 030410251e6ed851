"""Which language a text is in: detected where there is enough of it, checked against what the page declares.

resiliparse's detector, a table of hashed n-grams, is at hand anyway and needs no model file and no numpy. It is sure
of long texts and confuses close relatives (Danish and Norwegian, Serbian and Croatian): a declared one is believed.
"""

from __future__ import annotations

import re
from typing import Final, cast

from resiliparse.parse.lang import detect_fast

__all__ = ["code", "detect"]

_ENOUGH: Final = 200
"""Letters below which a detection is a guess."""
_SURE: Final = 1200
"""Distance of the detector up to which its word counts."""
_CLOSE: Final = 60
"""How much farther than the best a declared language may be, and still be the likelier one."""

_CODE: Final = re.compile(r"^\s*([a-z]{2})(?:[-_][a-z0-9]|\s*$|\s*[,;])", re.IGNORECASE)
_OLD: Final = {"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no", "cn": "zh", "jp": "ja"}
"""Retired and mistaken codes still met on pages, and the two Norwegians the detector does not tell apart."""

_KANA: Final = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_HANGUL: Final = re.compile("[\uac00-\ud7af]")


def code(tag: str | None) -> str | None:
    """ISO 639-1 code of a language tag such as ``en-GB`` or ``pt_BR``; None where it has none."""
    match = _CODE.match(tag or "")
    return _OLD.get(match[1].lower(), match[1].lower()) if match else None


def detect(text: str, declared: str | None) -> str | None:
    """The language of `text` as an ISO 639-1 code, or `declared` where the text does not say."""
    sample = text[:4000]
    if by_script := _by_script(sample):
        return by_script
    if len(sample) < _ENOUGH:
        return declared
    # A list when more than one result is asked for; the stubs have it otherwise.
    results = cast("list[tuple[str, int]]", detect_fast(sample, cutoff=_SURE, n_results=5))
    ranked = [(name, rank) for name, rank in results if name != "unknown"]
    if not ranked:
        return declared
    best, rank = ranked[0]
    if declared and any(name == declared and other - rank <= _CLOSE for name, other in ranked):
        return declared
    return _OLD.get(best, best)


def _by_script(sample: str) -> str | None:
    """Chinese, Japanese and Korean, which a script is enough to tell."""
    kana, han, hangul = (len(script.findall(sample)) for script in (_KANA, _HAN, _HANGUL))
    if kana + han + hangul < len(sample) // 4:
        return None
    if hangul > kana + han:
        return "ko"
    return "ja" if kana > han // 10 else "zh"
