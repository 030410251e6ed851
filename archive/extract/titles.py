"""A headline among what a page offers for one: the visible h1 where it agrees, else the best of the others. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

__all__ = ["best", "plain", "without_site"]

_SEPARATOR: Final = re.compile(r"\s+(?:[|–—·•»›:~/]|-|::|<|←|&#124;)\s+|\s*[|｜]\s*|\s+-{2,}\s+|(?<=\S)_(?=\S+$)")
_AGREEMENT: Final = 0.6
"""Share of the longer title's words that both must have to be the same headline, give or take a kicker."""
_KICKER: Final = 5
"""Letters of a kicker at least: fewer may be the headline's own first word."""
_SENTENCE: Final = 3
"""Words from which a page's only h1 is a headline, whatever else the page says."""


def best(offers: Sequence[tuple[str, str]], h1s: Sequence[str], site_names: Iterable[str]) -> tuple[str, str] | None:
    """Title and origin. `offers` are (origin, title) with the most trusted first, `h1s` what the reader sees."""
    names = {plain(name) for name in site_names if name}
    cleaned = [(origin, title) for origin, text in offers if (title := without_site(text, names))]
    seen = [without_site(h1, names) for h1 in h1s if plain(h1) not in names]
    for _, title in cleaned:
        agreeing = [h1 for h1 in seen if _overlap(h1, title) >= _AGREEMENT]
        if agreeing:
            return _as_written(
                _without_kicker(max(agreeing, key=lambda h1: _overlap(h1, title)), cleaned), cleaned
            ), "h1"
    if len(seen) == 1 and len(seen[0].split()) >= _SENTENCE:
        return seen[0], "h1"
    parts = {plain(part) for _, text in offers for part in _SEPARATOR.split(text)}
    for h1 in seen:
        if len(h1.split()) > 1 and plain(h1) in parts:
            return h1, "h1"
    if cleaned:
        return cleaned[0][1], cleaned[0][0]
    return (seen[0], "h1") if seen else None


def _without_kicker(h1: str, offers: Iterable[tuple[str, str]]) -> str:
    """`h1` without the word or two before it that a page sets over its headline, where an offer has it without."""
    seen = plain(h1)
    for _, title in offers:
        said = plain(title)
        kicker = seen.removesuffix(f" {said}")
        apart = h1.endswith(title) and not h1.removesuffix(title).rstrip().endswith((":", "："))
        if apart and kicker != seen and len(kicker) >= _KICKER and not kicker.isdecimal() and len(kicker.split()) <= 3:
            return title
    return h1


def _as_written(h1: str, offers: Iterable[tuple[str, str]]) -> str:
    """`h1` as an offer of the same words writes it, where the page shows it in capitals, or a kicker without colon."""
    for _, title in offers:
        if h1.isupper() and not title.isupper() and plain(title) == plain(h1):
            return title
        if ": " in title and title.replace(": ", " ", 1) == h1:
            return title
    return h1


def without_site(title: str, names: set[str]) -> str:
    """`title` without the name of its site before or after it; `names` in plain form."""
    title = " ".join(title.split())
    cuts = list(_SEPARATOR.finditer(title))
    for cut in reversed(cuts):
        if _is_site(title[cut.end() :], names) and cut.start() >= 4:
            title = title[: cut.start()]
        else:
            break
    if cuts and _is_site(title[: cuts[0].start()], names) and len(title) > cuts[0].end():
        title = title[cuts[0].end() :]
    head, bar, tail = title.rpartition("|")
    if bar and len(tail.split()) <= 4 and len(head.split()) >= 4:  # a section, or a name the page does not tell
        title = head
    return title.strip()


def _is_site(part: str, names: set[str]) -> bool:
    said = plain(part)
    return any(said == name or said.replace(" ", "") == name.replace(" ", "") for name in names)


def _overlap(one: str, other: str) -> float:
    """Shared words over the words of the longer, or of the shorter where it is contained whole."""
    left, right = plain(one), plain(other)
    if not left or not right:
        return 0.0
    if left == right:
        return 1.0
    short, long = sorted((left, right), key=len)
    if short in long and len(short) >= 0.5 * len(long):
        return 0.95
    ours, theirs = _grams(left), _grams(right)
    return len(ours & theirs) / max(len(ours), len(theirs))


def _grams(plain: str) -> frozenset[str]:
    """Words, or pairs of characters in scripts that do not part words."""
    words = plain.split()
    if len(plain) / len(words) > 12:
        return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))
    return frozenset(words)


def plain(text: str) -> str:
    """For comparing: without case, punctuation and width."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[^\w]+|_", " ", folded).split())
