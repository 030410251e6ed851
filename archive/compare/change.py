"""What changed between two readings of an article: which fields, how much, and whether the text only grew."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final, Literal

from archive.compare.passing import runs
from archive.compare.phrases import pattern, phrases
from archive.compare.volatile import paragraphs, plain
from archive.compare.weight import is_minor
from archive.compare.words import PARAGRAPH, Edit, edits, tokens
from archive.model import Change, Extraction

__all__ = ["change"]

_LISTED: Final = ("authors", "published", "modified", "section", "tags", "description", "image", "language", "kind")
"""Fields that are named when they changed with a version, but make none."""

_CLOCK: Final = re.compile(
    r"\W{0,3}(?:\d{1,2}[:.h]\d{2}(?:\s?(?:uhr|[ap]\.?m\.?|h|gmt|utc|[bc]est?|e[sd]t|ist))?|\d{1,2}\s?[ap]\.?m\.?)(?![\d%])",
    re.IGNORECASE,
)
"""A line of a live blog begins with the time."""

_LEAD: Final = 3
"""Paragraphs that may stand above the newest entry."""


def change(old: Extraction, new: Extraction, passing: frozenset[str] = frozenset()) -> Change | None:
    """None where nothing changed that makes a version. `passing`: paragraphs that are none of the article's own."""
    was, now = (tuple(one for one in paragraphs(each.text) if one not in passing) for each in (old, new))
    places = [] if " ".join(was) == " ".join(now) else list(runs(was, now))
    headline = _edits([plain(old.title)], [plain(new.title)])
    if not headline and not places:
        return None
    gone = [(was[a:b], now[c:d]) for a, b, c, d in places]
    mended = [edit for before, after in gone if before and after for edit in _edits(before, after)]
    stable = _stable(was, now, mended)
    whole_came = [after for before, after in gone if not before]
    whole_gone = [before for before, after in gone if not after]
    minor = not whole_came and not whole_gone and all(_is_minor(edit, stable) for edit in (*headline, *mended))
    listed = [name for name in _LISTED if getattr(old, name) != getattr(new, name)]
    return Change(
        fields=(*(["title"] if headline else []), *(["text"] if places else []), *listed),
        weight="minor" if minor else "substantial",
        growth=_growth(places, len(was)),
        live=any(_CLOCK.match(line) for lines in whole_came for line in lines),
        paragraphs_added=sum(map(len, whole_came)),
        paragraphs_removed=sum(map(len, whole_gone)),
        words_added=_count([*whole_came, *(edit.added for edit in mended)]),
        words_removed=_count([*whole_gone, *(edit.removed for edit in mended)]),
        notice=any(_notice().match(line) for _, after in gone for line in after if line not in was),
    )


def _edits(old: Sequence[str], new: Sequence[str]) -> list[Edit]:
    was, now = PARAGRAPH.join(old), PARAGRAPH.join(new)
    return edits(tokens(was), tokens(now)) if was != now else []


def _is_minor(edit: Edit, stable: frozenset[str]) -> bool:
    return is_minor([*edit.before, *edit.removed, *edit.after], [*edit.before, *edit.added, *edit.after], stable)


def _stable(was: Sequence[str], now: Sequence[str], mended: Sequence[Edit]) -> frozenset[str]:
    """Words that stand in both texts, not counting the places that changed."""
    if not mended:
        return frozenset()
    old, new = (Counter(word.casefold() for word in tokens(PARAGRAPH.join(lines))) for lines in (was, now))
    old.subtract(word.casefold() for edit in mended for word in edit.removed)
    new.subtract(word.casefold() for edit in mended for word in edit.added)
    return frozenset(word for word, count in old.items() if count > 0 and new[word] > 0)


def _growth(places: Sequence[tuple[int, int, int, int]], length: int) -> Literal["start", "end"] | None:
    """At which end paragraphs were added, where that is all; a list may drop its oldest at the other."""
    if not places or not length:
        return None
    came = [place for place in places if place[3] > place[2]]
    went = [place for place in places if place[1] > place[0]]
    if len(came) != 1 or came[0] in went or len(went) > 1:
        return None
    at = came[0][0]
    if at == length and all(place[0] == 0 for place in went):
        return "end"
    if at <= _LEAD and all(place[1] == length for place in went):
        return "start"
    return None


def _count(found: Iterable[Sequence[str]]) -> int:
    return sum(any(map(str.isalnum, token)) for each in found for token in tokens(" ".join(each)))


@cache
def _notice() -> re.Pattern[str]:
    return re.compile(rf"\W*{pattern(phrases().notices)}", re.IGNORECASE)
