"""One spelling for what is written in several, so that words can be looked up and digits counted.

Case, compatibility forms (full-width, presentation forms), accents that are left out in capitals, marks that only say
how to set the text, the letters that Arabic, Persian and Urdu keyboards give for the same one, and the digits of every
script.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = ["fold"]

_MARKS: Final = re.compile(
    "[\u0300-\u036f"  # accents of Latin, Greek and Cyrillic
    "\u0591-\u05bd\u05bf-\u05c7"  # points of Hebrew
    "\u064b-\u0655\u0670\u0640"  # vowels and hamza of Arabic, and the stroke that stretches a word
    "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]"
)
_LETTERS: Final = str.maketrans(
    {
        "ی": "ي", "ى": "ي", "ې": "ي", "ے": "ي", "ۍ": "ي", "ک": "ك", "ڪ": "ك", "ۀ": "ه", "ة": "ه", "ہ": "ه", "ھ": "ه",
        "ە": "ه", "ٱ": "ا", "ı": "i", "ł": "l", "đ": "d", "ø": "o", "ß": "ss", "’": "'", "ʼ": "'", "ʻ": "'",
        "‘": "'", "׳": "'", "״": '"', "”": '"', "“": '"', "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "،": ",",
        "、": ",", "。": ".", "۔": ".", "।": ".", "٫": ".", "٬": ",",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """`text` in lower case and plain letters, its digits those of ASCII, with single spaces."""
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text).casefold()).translate(_LETTERS)
        text = unicodedata.normalize("NFC", text)
        text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c for c in text)
    return " ".join(text.casefold().split())
