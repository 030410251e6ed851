"""The body of an article: as a tree, which keeps its structure, and as plain text made from the same tree.

trafilatura reads it in its fast and precise mode first. resiliparse, cheap and of another make, is the witness: only
where it finds much more text does trafilatura's full cascade, several times as dear, get its turn, and the longer of
the two stands.

Nothing here remembers a page: trafilatura's own search for duplicates, which does, stays off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree, html
from resiliparse.extract.html2text import extract_plain_text
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from archive.extract import titles
from archive.extract.identity import WITNESS_RATIO

__all__ = ["Body", "body", "plain", "words"]

_BLOCKS: Final = frozenset({"p", "head", "item", "quote", "row", "code", "lb", "list", "table", "div", "body", "main"})
_CJK: Final = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What of a page is the article itself."""

    tree: etree._Element
    """A ``body`` in trafilatura's vocabulary: p, head, list and item, quote, code, table, row and cell as blocks;
    hi (``rend``), ref (``target``), del and lb within them. Nothing of the page's furniture is left in it."""
    engine: str
    """Who found it: ``trafilatura-fast``, ``trafilatura``."""


def body(tree: html.HtmlElement, markup: str, url: str, *, title: str | None = None, thorough: bool = True) -> Body:
    """What the article on a page is; `markup` is what `tree` was parsed from, `title` is not repeated as first block.

    Not `thorough` is enough for a page that is no article: no witness, no second look, as long as there is some text.
    """
    found = _chosen(tree, markup, url, thorough=thorough)
    first = next(iter(found.tree), None)
    if title and first is not None and titles.plain(plain(first)) == titles.plain(title):
        found.tree.remove(first)
        etree.strip_tags(found.tree, etree.Comment) if False else None
    return found


def _chosen(tree: html.HtmlElement, markup: str, url: str, *, thorough: bool) -> Body:
    fast = Body(tree=_trafilatura(tree, url, fast=True, precision=True), engine="trafilatura-fast")
    text = plain(fast.tree)
    if text and not thorough:
        return fast
    witness = extract_plain_text(markup, main_content=True, alt_texts=False, comments=False, list_bullets=False)
    if _letters(witness) <= WITNESS_RATIO * _letters(text):
        return fast
    full = _trafilatura(tree, url, fast=False, precision=False)
    return Body(tree=full, engine="trafilatura") if _letters(plain(full)) > _letters(text) else fast


def plain(root: etree._Element) -> str:
    """A body's text: blank lines between its paragraphs, headings, list items and table rows."""
    return "\n\n".join(_lines(root))


def words(text: str) -> int:
    """How many words: what stands between spaces, and in scripts without spaces what reads as one."""
    rest, characters = _CJK.subn(" ", text)
    # Thai, Lao, Burmese and Khmer run their words together; five characters are about one.
    runs = sum(-(-len(run) // 5) for run in _UNSPACED.findall(rest))
    tokens = _UNSPACED.sub(" ", rest).split()
    return characters + runs + sum(any(map(str.isalnum, token)) for token in tokens)


def _trafilatura(tree: html.HtmlElement, url: str, *, fast: bool, precision: bool) -> etree._Element:
    options = Extractor(
        fast=fast,
        precision=precision,
        comments=False,
        dedup=False,
        formatting=True,
        links=True,
        url=url,
        output_format="txt",
    )
    document = bare_extraction(tree, options=options)
    found = getattr(document, "body", None)  # of a Document; None where the page defeated it
    return found if found is not None else etree.Element("body")


def _lines(root: etree._Element) -> Iterator[str]:
    blocks: list[list[str]] = [[]]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag in _BLOCKS:
            blocks.append([])
        elif element.tag == "cell" and event == "start":
            blocks[-1].append(" ")
        piece = element.text if event == "start" else element.tail
        if piece:
            blocks[-1].append(piece)
    return filter(None, (" ".join("".join(block).split()) for block in blocks))


def _letters(text: str) -> int:
    return len(text) - text.count(" ") - text.count("\n")
