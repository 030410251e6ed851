"""Two texts word by word: what was taken out, what was put in, what stayed.

Scripts that run their words together (Chinese, Japanese, Thai, Lao, Burmese, Khmer) go by character. Paragraphs are
matched first, words only within those that changed, and no two stretches are compared for longer than some tenths of a
second: beyond that one counts as taken out and the other as put in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz.distance import LCSseq

from archive.compare.passing import runs

__all__ = ["PARAGRAPH", "Edit", "Piece", "by_paragraph", "diff", "edits", "pieces", "tokens"]

PARAGRAPH: Final = "\n\n"
"""The token between two paragraphs."""

_MARKS: Final = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
)
_WORD: Final = rf"[\w{_MARKS}\u0900-\u0963\u0966-\u0dff\u200c\u200d]"
_ALONE: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_TOKEN: Final = re.compile(
    rf"\n\n|[{_ALONE}]|\d+(?:[.,'’\u00a0\u202f]\d+)*|(?:(?![{_ALONE}]){_WORD})+(?:['’-](?:(?![{_ALONE}]){_WORD})+)*|\S"
)
_ENOUGH: Final = 300_000_000
"""Pairs of tokens above which two stretches are not compared: two of 17,000 words each."""
_ALIKE: Final = 0.3
"""Share of tokens in common below which two stretches have nothing to do with each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    kind: Literal["same", "removed", "added"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Tokens taken out and put in at one place, and the ones around it, which stayed."""

    before: Sequence[str]
    removed: Sequence[str]
    added: Sequence[str]
    after: Sequence[str]


def tokens(text: str) -> list[str]:
    """Words, numbers, single characters of unspaced scripts, marks, and the ends of paragraphs."""
    return _TOKEN.findall(text)


def diff(old: str | None, new: str | None) -> tuple[Piece, ...]:
    """The new text with what was taken out of the old; paragraphs are kept apart by blank lines."""
    was, now = _paragraphs(old), _paragraphs(new)
    found: list[Piece] = []
    at = 0
    for old_start, old_end, new_start, new_end in runs(was, now):
        _put(found, "same", now[at:new_start])
        at = new_end
        gone, come = was[old_start:old_end], now[new_start:new_end]
        if gone and come:
            _mark(found)
            found += pieces(PARAGRAPH.join(gone), PARAGRAPH.join(come))
        else:
            _put(found, "removed", gone)
            _put(found, "added", come)
    _put(found, "same", now[at:])
    return tuple(_joined(found))


def pieces(old: str, new: str) -> Iterator[Piece]:
    """Two stretches of text, compared word by word."""
    was, now = list(_TOKEN.finditer(old)), list(_TOKEN.finditer(new))
    spaced = {"removed": True, "added": True}
    """Whether what there is of each text by now ends in a space."""
    for tag, src_start, src_end, dest_start, dest_end in _steps([one[0] for one in was], [one[0] for one in now]):
        for kind, text, found, start, end in (
            ("same", new, now, dest_start, dest_end if tag == "equal" else dest_start),
            ("removed", old, was, src_start, src_end if tag != "equal" else src_start),
            ("added", new, now, dest_start, dest_end if tag != "equal" else dest_start),
        ):
            if start == end:
                continue
            if kind == "same" and src_start and not spaced["removed"] and old[was[src_start].start() - 1].isspace():
                yield Piece(kind="removed", text=" ")  # where a paragraph was split
            at = found[start].start()
            stop = found[end].start() if end < len(found) else len(text)
            if kind != "same" and not spaced[kind] and text[at - 1 : at].isspace():
                at -= 1
            spaced.update(dict.fromkeys(spaced if kind == "same" else [kind], text[stop - 1].isspace()))
            yield Piece(kind=kind, text=text[at:stop])  # type: ignore[arg-type] # one of the three above


def edits(old: Sequence[str], new: Sequence[str]) -> list[Edit]:
    """Where two lists of tokens differ."""
    return [
        Edit(before=old[max(a - 1, 0) : a], removed=old[a:b], added=new[c:d], after=old[b : b + 1])
        for tag, a, b, c, d in _steps(old, new)
        if tag != "equal"
    ]


_Step = tuple[str, int, int, int, int]


def _steps(old: Sequence[str], new: Sequence[str]) -> list[_Step]:
    """How to come from old to new; words in common that stand alone amid what changed are changed with it."""
    whole: list[_Step] = [("replace", 0, len(old), 0, len(new))]
    if not old or not new or len(old) * len(new) > _ENOUGH:
        return whole
    steps = [(s.tag, s.src_start, s.src_end, s.dest_start, s.dest_end) for s in LCSseq.opcodes(old, new)]
    common = sum(step[2] - step[1] for step in steps if step[0] == "equal")
    if common < _ALIKE * max(len(old), len(new)) and max(len(old), len(new)) > 4:
        return whole
    kept: list[_Step] = []
    for number, step in enumerate(steps):
        if step[0] == "equal" and 0 < number < len(steps) - 1:
            around = min(max(s[2] - s[1], s[4] - s[3]) for s in (steps[number - 1], steps[number + 1]))
            if step[2] - step[1] <= 2 and step[2] - step[1] < around and PARAGRAPH not in old[step[1] : step[2]]:
                step = ("replace", *step[1:])
        if kept and step[0] != "equal" and kept[-1][0] != "equal":
            step = ("replace", kept[-1][1], step[2], kept[-1][3], step[4])
            kept.pop()
        kept.append(step)
    return kept


def by_paragraph(found: Iterable[Piece]) -> list[list[Piece]]:
    """The pieces of each paragraph; one that is neither in the old nor in the new text is left out."""
    lines: list[list[Piece]] = [[]]
    for piece in found:
        for number, text in enumerate(piece.text.split(PARAGRAPH)):
            if number:
                lines.append([])
            if text:
                lines[-1].append(Piece(kind=piece.kind, text=text))
    return [line for line in lines if line]


def _paragraphs(text: str | None) -> list[str]:
    return [" ".join(line.split()) for line in (text or "").splitlines() if line.strip()]


def _mark(found: list[Piece]) -> None:
    if found and not found[-1].text.endswith(PARAGRAPH):
        found.append(Piece(kind="same", text=PARAGRAPH))


def _put(found: list[Piece], kind: Literal["same", "removed", "added"], lines: Sequence[str]) -> None:
    if not lines:
        return
    _mark(found)
    found.append(Piece(kind=kind, text=PARAGRAPH.join(lines)))


def _joined(found: list[Piece]) -> Iterator[Piece]:
    """Pieces of a kind that follow each other as one."""
    waiting: Piece | None = None
    for piece in found:
        if waiting and waiting.kind == piece.kind:
            waiting = Piece(kind=piece.kind, text=waiting.text + piece.text)
            continue
        if waiting:
            yield waiting
        waiting = piece
    if waiting:
        yield waiting
