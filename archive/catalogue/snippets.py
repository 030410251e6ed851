"""The piece of a text in which the words that were asked for stand, cut from the text as it was written. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from archive.catalogue.words import UNSPACED, Phrase, fold

__all__ = ["Snippet", "snippet"]

WIDTH = 240
"""Characters of a snippet: two or three lines of a terminal."""

_LEAD = 60
"""Characters shown before the first hit."""

_MOST_HITS = 2_000
"""Places looked at in one text, so that a common word in a long one costs no more."""

_LETTER = r"[^\W_]"
_CLUSTER = re.compile("[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+", re.DOTALL)
_UNSPACED = re.compile(f"[{UNSPACED}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    text: str
    marks: tuple[tuple[int, int], ...]
    """Start and end of each hit in `text`, in order, apart from each other."""

    def marked(self, before: str, after: str) -> str:
        """The text with each hit between `before` and `after`."""
        pieces, done = [], 0
        for start, end in self.marks:
            pieces += [self.text[done:start], before, self.text[start:end], after]
            done = end
        return "".join([*pieces, self.text[done:]])


def snippet(text: str, wanted: Sequence[Phrase], width: int = WIDTH) -> Snippet:
    """About `width` characters of `text` with as many of the `wanted` phrases as stand close together."""
    text = unicodedata.normalize("NFC", text)
    start, end = _window(text, _best(_hits(text, wanted), width), width)
    piece = " ".join(text[start:end].split())
    shown = ("… " if start else "") + piece + (" …" if end < len(text) else "")
    return Snippet(text=shown, marks=_apart([(first, last) for first, last, _ in _hits(shown, wanted)]))


def _hits(text: str, wanted: Sequence[Phrase]) -> list[tuple[int, int, int]]:
    """Start, end and number of the phrase, of every place in `text` where one of `wanted` stands."""
    folded, places = _folded(text)
    hits: list[tuple[int, int, int]] = []
    for number, phrase in enumerate(wanted):
        for match in _pattern(phrase).finditer(folded):
            hits.append((places[match.start()], places[match.end() - 1] + 1, number))
            if len(hits) % _MOST_HITS == 0:
                break
    return [(start, _end_of_letter(text, end), number) for start, end, number in sorted(hits)]


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """`text` folded, and for each of its characters the place in `text` that it comes from."""
    if text.isascii():
        return fold(text), range(len(text))
    pieces: list[str] = []
    places: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        piece = fold(cluster[0])
        pieces.append(piece)
        places += [cluster.start()] * len(piece)
    return "".join(pieces), places


def _pattern(phrase: Phrase) -> re.Pattern[str]:
    first, last = phrase.words[0], phrase.words[-1]
    before = "" if _UNSPACED.match(first) else f"(?<!{_LETTER})"
    after = "" if phrase.prefix or _UNSPACED.match(last) else f"(?!{_LETTER})"
    return re.compile(before + r"[\W_]*".join(map(re.escape, phrase.words)) + after)


def _end_of_letter(text: str, end: int) -> int:
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def _best(hits: Sequence[tuple[int, int, int]], width: int) -> int:
    """Where the hit stands after which the most different phrases follow within `width`; 0 when there is none."""
    best, most, last = 0, 0, 0
    for index, (start, _, _) in enumerate(hits):
        last = max(last, index)
        while last < len(hits) and hits[last][1] <= start + width - min(_LEAD, width // 4):
            last += 1
        if (different := len({number for _, _, number in hits[index : max(last, index + 1)]})) > most:
            best, most = start, different
        if most == len({number for _, _, number in hits}):
            break
    return best


def _window(text: str, place: int, width: int) -> tuple[int, int]:
    """Start and end of the piece around `place`, moved to spaces where there are some near; all of a short text."""
    if len(text) <= width:
        return 0, len(text)
    start = max(0, place - min(_LEAD, width // 4))
    if start and (space := re.compile(r"\s").search(text, start, place)):
        start = space.end()
    end = min(len(text), start + width)
    if end < len(text):
        space_at = max(text.rfind(" ", place, end), text.rfind("\n", place, end))
        end = space_at if space_at > end - 40 and space_at > place else end
    return start, end


def _apart(marks: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in marks:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
