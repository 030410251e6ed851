"""The body of an article, as a tree that keeps its structure.

The page is measured and its furniture taken out by name; the frame that holds the article is found by where its prose
is; trafilatura reads that frame; and what the text itself shows to be none of the article's is taken out of it. Where
little comes of that, resiliparse, cheap and of another make, is the witness: only where it finds much more does
trafilatura's full cascade, many times as dear, get its turn on the whole page, and the longer of the two stands.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml import etree, html
from resiliparse.extract.html2text import extract_plain_text

from archive.extract import boilerplate, clutter, engine, tidy, titles
from archive.extract.frame import frame, headline, rejoin
from archive.extract.identity import WITNESS_RATIO
from archive.extract.measure import Measures, measure, release
from archive.extract.words import words

__all__ = ["Body", "body", "words"]

_LITTLE: Final = 0.3
"""Part of a page's prose below which the body found is doubted …"""
_SHORT: Final = 250
"""… and letters below which it is in any case."""

_MOST: Final = 12_000
"""Elements of a page that the cascade is asked to read: parts of it take time by the square of their number …"""
_WIDEST: Final = 2_000
"""… or of that of the children of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What of a page is the article itself."""

    tree: etree._Element
    """A ``body`` in trafilatura's vocabulary: p, head, list and item, quote, code, table, row and cell as blocks;
    hi (``rend``), ref (``target``), del and lb within them. Nothing of the page's furniture is left in it."""
    engine: str
    """Who found it: ``trafilatura-frame``, or ``trafilatura`` where its full cascade was asked."""


def body(tree: html.HtmlElement, markup: str, *, title: str | None = None, thorough: bool = True) -> Body:
    """What the article on a page is; `markup` is what `tree` was parsed from, `title` is not repeated as first block.

    Not `thorough` is enough for a page that is no article: no witness, no second look, as long as there is some text.
    """
    found = _chosen(tree, markup, title, thorough=thorough)
    first = next(iter(found.tree), None)
    if title and first is not None and not first.tail and titles.plain(_text(first)) == titles.plain(title):
        found.tree.remove(first)
    return found


def _chosen(tree: html.HtmlElement, markup: str, title: str | None, *, thorough: bool) -> Body:
    framed, prose = _framed(deepcopy(tree), title)
    found = Body(tree=framed, engine="trafilatura-frame")
    letters = _letters(_text(framed))
    if letters >= max(_SHORT, _LITTLE * prose) or (letters and not thorough):
        return found
    witness = extract_plain_text(markup, main_content=True, alt_texts=False, comments=False, list_bullets=False)
    if _letters(witness) <= WITNESS_RATIO * letters or _is_vast(tree):
        return found
    full = engine.cascade(tree)
    return Body(tree=full, engine="trafilatura") if _letters(_text(full)) > letters else found


def _is_vast(tree: html.HtmlElement) -> bool:
    """Whether a page is too large, or an element of it too wide, for the cascade."""
    elements = list(islice(tree.iter(), _MOST + 1))
    return len(elements) > _MOST or max(map(len, elements)) > _WIDEST


def _framed(page: html.HtmlElement, title: str | None) -> tuple[etree._Element, int]:
    """The body in the frame of a page, which is used up, and how much prose there is on the page."""
    clutter.strip(page)
    tidy.undo_layout(page)
    measures = measure(page)
    try:
        return _read(page, measures, title)
    finally:
        release(measures)


def _read(page: html.HtmlElement, measures: Measures, title: str | None) -> tuple[etree._Element, int]:
    prose = measures[page].prose
    clutter.prune(page, measures)
    found = frame(page, measures)
    if found is page:
        return etree.Element("body"), prose
    heading = headline(page, measures, title)
    rejoin(found, heading, measures)
    prose -= tidy.drop_others(found, heading, measures)
    tidy.drop_cards(found, measures)
    tidy.drop_links(found, measures)
    tidy.drop_above(found, title)
    tidy.drop_empty(found)
    tidy.wrap(found)
    read = engine.read(page, found)
    boilerplate.clean(read)
    return read, prose


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _letters(text: str) -> int:
    return sum(map(len, text.split()))
