"""Words as the full text has them: what is indexed, and what is asked for, go through the same folding.

SQLite's tokenizer splits at spaces and punctuation, which finds no word of a script that writes without spaces. So
each character of such a script is made a word of its own, and a run of them is asked for as a phrase. Folding also
makes case, diacritics, full-width letters and ligatures alike. Pure; a change here needs a migration that fills the
full text anew.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

__all__ = ["Phrase", "fold", "indexed", "match_expression", "phrases"]

MAX_PHRASES = 64
"""More than anybody types; SQLite refuses expressions of some hundreds."""

# Thai, Lao, Myanmar, Khmer; radicals, iteration marks, kana, bopomofo, ideographs; Hangul, whose words carry particles.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c"
    "\u3040-\u309f\u30a1-\u30fa\u30fc-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    "\uf900-\ufaff\U0001aff0-\U0001b16f\U00020000-\U000323af"
)
_UNSPACED = re.compile(f"[{UNSPACED}]")

# Diacritics of Latin, Greek and Cyrillic, Hebrew points, Arabic vowel signs and tatweel. Not the marks of Indic
# scripts or of kana, which make another letter.
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670\u06d6-\u06ed]"
)
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
_TYPED_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』＂", '"'))
_QUERY = re.compile(r'"([^"]*)"?(\*?)|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded words that stand one after the other; the last may be only the start of one."""

    words: tuple[str, ...]
    prefix: bool = False


def fold(text: str) -> str:
    """`text` with all that a reader would call the same letter made the same."""
    if text.isascii():
        return text.casefold().replace("\0", " ")
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", _UNWRITABLE.sub(" ", text)))
    return unicodedata.normalize("NFC", plain.casefold())


def indexed(text: str | None) -> str:
    """What the full text keeps of `text`: folded, and with spaces around characters that are words of their own."""
    folded = fold(text or "")
    return folded if folded.isascii() else _UNSPACED.sub(r" \g<0> ", folded)


def phrases(query: str) -> list[Phrase]:
    """What a person asked for: words, all to be found; ``"quoted phrases"``; ``begin*`` for a beginning."""
    found: list[Phrase] = []
    for quoted, star, bare in _QUERY.findall(query.translate(_TYPED_QUOTES)):
        words = _words(indexed(quoted or bare))
        if words:
            found.append(Phrase(words, prefix=bool(star) or bare.endswith("*")))
    return list(dict.fromkeys(found))[:MAX_PHRASES]


def match_expression(wanted: list[Phrase]) -> str:
    """`wanted` in the language of FTS5. Words hold letters and digits only, so nothing in them can be syntax."""
    return " ".join('"' + " ".join(phrase.words) + '"' + ("*" if phrase.prefix else "") for phrase in wanted)


def _words(folded: str) -> tuple[str, ...]:
    return tuple("".join(char if _in_word(char) else " " for char in folded).split())


def _in_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LN" or unicodedata.category(char) in ("Co", "Mn", "Mc")
