"""The body of an article as plain text, its paragraphs kept apart by blank lines.

trafilatura reads it in its fast and precise mode first. resiliparse, cheap and of another make, is the witness: only
where it finds much more text does trafilatura's full cascade, several times as dear, get its turn, and the longer of
the two stands.

Nothing here remembers a page: trafilatura's own search for duplicates, which does, stays off.
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree, html
from resiliparse.extract.html2text import extract_plain_text
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from archive.extract.identity import WITNESS_RATIO

__all__ = ["body", "words"]

_BLOCKS: Final = frozenset({"p", "head", "item", "quote", "row", "code", "lb", "list", "table", "div", "body", "main"})
_CJK: Final = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")


def body(tree: html.HtmlElement, markup: str, url: str, *, thorough: bool = True) -> tuple[str, str]:
    """The text, and which engine found it; `markup` is what `tree` was parsed from.

    Not `thorough` is enough for a page that is no article: no witness, no second look, as long as there is some text.
    """
    text = _trafilatura(tree, url, fast=True, precision=True)
    if text and not thorough:
        return text, "trafilatura-fast"
    witness = extract_plain_text(markup, main_content=True, alt_texts=False, comments=False, list_bullets=False)
    if _letters(witness) <= WITNESS_RATIO * _letters(text):
        return text, "trafilatura-fast"
    full = _trafilatura(tree, url, fast=False, precision=False)
    return (full, "trafilatura") if _letters(full) > _letters(text) else (text, "trafilatura-fast")


def words(text: str) -> int:
    """How many words: what stands between spaces, and in scripts without spaces what reads as one."""
    rest, characters = _CJK.subn(" ", text)
    # Thai, Lao, Burmese and Khmer run their words together; five characters are about one.
    runs = sum(-(-len(run) // 5) for run in _UNSPACED.findall(rest))
    tokens = _UNSPACED.sub(" ", rest).split()
    return characters + runs + sum(any(map(str.isalnum, token)) for token in tokens)


def _trafilatura(tree: html.HtmlElement, url: str, *, fast: bool, precision: bool) -> str:
    options = Extractor(fast=fast, precision=precision, comments=False, dedup=False, url=url, output_format="txt")
    document = bare_extraction(tree, options=options)
    found = getattr(document, "body", None)  # of a Document; None where the page defeated it
    return _paragraphs(found) if found is not None else ""


def _paragraphs(root: etree._Element) -> str:
    """trafilatura's tree as text: a paragraph, heading, list item or table row a block."""
    blocks: list[list[str]] = [[]]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag in _BLOCKS:
            blocks.append([])
        elif element.tag == "cell" and event == "start":
            blocks[-1].append(" ")
        piece = element.text if event == "start" else element.tail
        if piece:
            blocks[-1].append(piece)
    lines = (" ".join("".join(block).split()) for block in blocks)
    return "\n\n".join(line for line in lines if line)


def _letters(text: str) -> int:
    return len(text) - text.count(" ") - text.count("\n")
