"""An article over several pages as one: the first page's reading, with the text of the others after its own. Pure.

What a page repeats of those before it (title, standfirst, the last paragraph) is left out, so a "further page" that is
the same text with other comments adds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archive.extract.labels import THIN
from archive.extract.words import words
from archive.model import Block, Extraction

__all__ = ["joined"]

_BETWEEN = "\n\n"
_PARAGRAPH = Block(kind="p")

_Lines = list[tuple[str, Block]]


def joined(first: Extraction, others: Sequence[tuple[str, Extraction]]) -> Extraction:
    """`others`: capture and reading of each further page, in order; all are named, whatever they add.

    One that is withheld (archive.extract.wishes) adds nothing.
    """
    first = replace(first, pages=tuple(capture_id for capture_id, _ in others))
    lines = _lines(first)
    own = len(lines)
    seen = {first.title, *(text for text, _ in lines)}
    figures = {figure.url: figure for figure in first.figures}
    for other in (other for _, other in others if "withheld" not in other.labels):
        before = len(lines)
        new = [(text, block) for text, block in _lines(other) if text not in seen and text != other.title]
        seen.update(text for text, _ in new)
        lines += new
        for figure in other.figures:
            figures.setdefault(figure.url, replace(figure, at=min(before + figure.at, len(lines))))
    if first.error or len(lines) == own:
        return first
    count = first.word_count + sum(words(text) for text, _ in lines[own:])
    return replace(
        first,
        text=_BETWEEN.join(text for text, _ in lines),
        blocks=tuple(block for _, block in lines),
        figures=tuple(figures.values()),
        word_count=count,
        labels=tuple(label for label in first.labels if label != "thin" or count < THIN),
    )


def _lines(said: Extraction) -> _Lines:
    """The lines of its text and what each is; all paragraphs, where that is not known."""
    texts = said.text.split(_BETWEEN) if said.text else []
    blocks = said.blocks if len(said.blocks) == len(texts) else (_PARAGRAPH,) * len(texts)
    return list(zip(texts, blocks, strict=True))
