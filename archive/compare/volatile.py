"""A text's own paragraphs: without what changes while nobody edits.

Share and comment counts, reading times, "3 hours ago" and the line that says when the page was last updated are left
out of the comparison, and so are lines that only point elsewhere or sell something. (The text that is kept and shown
has them all.) Only short lines that are no sentences are looked at for numbers, so "he left 3 hours ago" in the story
counts. A line that the lists of phrases.toml miss shows as an edit.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

from archive.compare.phrases import pattern, phrases

__all__ = ["paragraphs", "plain"]

_INVISIBLE: Final = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ud800-\udfff]")
_SENTENCE: Final = re.compile(r"""[.!?…。！？؟।][)\]"'”’»」』]*$""")

_COUNTER: Final = 120
"""Characters up to which a line may be made of counters and clocks."""
_NOTICE: Final = 200
"""Characters up to which a line may point elsewhere, or sell."""

_DIVIDERS: Final = "·•|/–—-,;:()[]"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Patterns:
    furniture: re.Pattern[str]
    sells: re.Pattern[str]
    updated: re.Pattern[str]
    when: re.Pattern[str]
    moving: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    """Made when the first text is compared: that takes a tenth of a second."""
    known = phrases()
    ago, counted, number = pattern(known.ago), pattern(known.counted), pattern(["N"])
    moving = rf"{pattern(known.reading)}|{ago}|{number}\s*{counted}|{counted}\s*[:：(（]?\s*{number}[)）件]?"
    expressions = {
        "furniture": rf"{pattern(known.labels)}|{pattern(known.pointers)}(?!\w).*|\W*",
        "sells": rf"(?<!\w){pattern(known.sells)}(?!\w)",
        "updated": pattern(known.updated),
        "when": rf"\d[:.h/-]\d|\d{{4}}|\d\s?[年月日時时분시]|{ago}",
        "moving": rf"(?<!\w)(?:{moving})(?!\w)",
    }
    return _Patterns(**{name: re.compile(one, re.IGNORECASE) for name, one in expressions.items()})


def plain(text: str | None) -> str:
    """Text as it is compared: composed characters, nothing invisible, one space where there was any."""
    text = text or ""
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return " ".join(text.split())


def paragraphs(text: str | None) -> tuple[str, ...]:
    """The paragraphs of a text that are its own, as they are compared."""
    return tuple(own for line in (text or "").splitlines() if (own := _own(plain(line))))


def _own(line: str) -> str:
    if len(line) > _NOTICE or not line:
        return line
    patterns = _patterns()
    if patterns.furniture.fullmatch(line) or patterns.sells.search(line):
        return ""
    if len(line) > _COUNTER or _SENTENCE.search(line):
        return line
    if patterns.updated.match(line) and patterns.when.search(line):
        return ""
    rest = patterns.moving.sub(_at_an_edge, line)
    return line if rest == line else " ".join(rest.split()) if any(map(str.isalpha, rest)) else ""


def _at_an_edge(found: re.Match[str]) -> str:
    """Nothing, where a counter stands at an end of its line or beside a divider; else itself."""
    before, after = found.string[: found.start()].rstrip(), found.string[found.end() :].lstrip()
    edge = not before or not after or before[-1] in _DIVIDERS or after[0] in _DIVIDERS
    return "" if edge else found[0]
