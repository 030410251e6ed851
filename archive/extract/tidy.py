"""A frame made ready for the engine: teasers and link lists out, layout tables undone, loose text in paragraphs."""

from __future__ import annotations

from itertools import islice
from typing import Final

from lxml import html

from archive.extract import titles
from archive.extract.clutter import drop
from archive.extract.measure import INLINE, Measures
from archive.extract.tame import undo

__all__ = ["drop_above", "drop_cards", "drop_empty", "drop_links", "drop_others", "undo_layout", "wrap"]

_CONTAINERS: Final = ("div", "section", "article", "main", "header", "body", "figure", "story")
_BEFORE: Final = ("p", "ul", "h1", "h2", "h3", "h4", "h5", "h6")
_HEADINGS: Final = ("h2", "h3", "h4")
_EMPTY: Final = 1000
"""Elements with nothing in them that are taken out; hostile pages have more."""
_OWN: Final = 200
"""Letters of prose that make an element an article by itself."""
_SHORT: Final = 150
"""Letters of a line that may stand above a headline …"""
_ABOVE: Final = 300
"""… and of all of them, where it need not read like the title."""


def undo_layout(tree: html.HtmlElement) -> None:
    """Tables whose cells hold pages rather than values become divs."""
    for table in list(tree.iter("table")):
        if table.get("role") in ("presentation", "none") or any(map(_is_layout, table.iter("td"))):
            undo(table)


def _is_layout(cell: html.HtmlElement) -> bool:
    if len(cell) == 0:
        return False
    return sum(child.tag in ("p", "div") for child in cell) >= 3 or next(cell.iter("table", "h1"), None) is not None


def drop_others(frame: html.HtmlElement, heading: html.HtmlElement | None, measures: Measures) -> int:
    """Take out articles beside the one that the headline stands in; how much prose they were."""
    own = next(heading.iterancestors("article"), None) if heading is not None else None
    if own is None or own is frame or measures[own].prose < _OWN or frame not in own.iterancestors():
        return 0
    prose = 0
    for article in list(frame.iter("article")):
        if article is not own and own not in article.iterancestors() and article not in own.iterancestors():
            if not any(around.tag == "article" for around in article.iterancestors()):
                prose += measures[article].prose
            drop(article)
    return prose


def drop_cards(frame: html.HtmlElement, measures: Measures) -> None:
    """Take out three and more elements of one make that are each little more than a link to another page."""
    for box in list(frame.iter("div", "section", "ul", "ol")):
        if len(box) < 3:
            continue
        makes: dict[tuple[str, str], list[html.HtmlElement]] = {}
        for child in box:
            if child.tag in ("div", "li", "article", "section", "a"):
                make = (child.tag, child.get("class", "").partition(" ")[0])
                makes.setdefault(make, []).append(child)
        for alike in makes.values():
            if len(alike) >= 3 and sum(_is_card(card, measures) for card in alike) >= max(3, 0.75 * len(alike)):
                for card in alike:
                    drop(card)


def _is_card(element: html.HtmlElement, measures: Measures) -> bool:
    own = measures.get(element)
    if own is None or not 15 <= own.letters <= 500:
        return False
    if element.tag == "a":
        return True
    longest = max((measures[link].letters for link in element.iter("a") if link in measures), default=0)
    if longest < max(15, 0.25 * own.letters):
        return False
    return element.tag != "li" or longest > 0.6 * own.letters or next(element.iter(*_HEADINGS), None) is not None


def drop_links(frame: html.HtmlElement, measures: Measures) -> None:
    """Take out containers that are mostly links and have no prose to speak of."""
    for element in list(frame.iter("div", "section", "ul", "ol", "dl", "table")):
        own = measures.get(element)
        if own is None or element is frame or own.linked <= 0.7 * own.letters or own.prose >= 100:
            continue
        if own.linked < 100 * max(1, sum(1 for _ in element.iter("a"))):
            drop(element)


def drop_above(frame: html.HtmlElement, title: str | None) -> None:
    """Take out the headline, where it stands in the frame, and the short lines above it.

    A first h1 that has much above it and does not read like the title is a heading within the article.
    """
    heading = next(frame.iter("h1"), None)
    if heading is None:
        return
    above: list[tuple[html.HtmlElement, int]] = []
    for element in frame.iter(*_BEFORE):
        if element is heading:
            break
        above.append((element, len("".join(element.itertext()))))
    much = sum(letters for _, letters in above) > _ABOVE
    if much and titles.plain("".join(heading.itertext())) not in titles.plain(title or ""):
        return
    for element, letters in above:
        if letters < _SHORT:
            drop(element)
    drop(heading)


def drop_empty(frame: html.HtmlElement) -> None:
    """Take out inline elements with nothing in them, and such links in headings: they cost the engine what follows."""
    empty = (
        element
        for element in frame.iter("b", "strong", "i", "em", "a")
        if len(element) == 0
        and not _is_loose(element.text)
        and (element.tag != "a" or ((parent := element.getparent()) is not None and parent.tag in _HEADINGS))
    )
    for element in list(islice(empty, _EMPTY)):
        element.tail = (element.text or "") + (element.tail or "")
        drop(element)


def wrap(frame: html.HtmlElement) -> None:
    """Put text that stands in containers by itself, between blocks or alone, into paragraphs."""
    for element in list(frame.iter(*_CONTAINERS)):
        children = list(element)
        if element is not frame and all(child.tag in INLINE for child in children):
            element.tag = "p"
        elif _is_loose(element.text) or any(
            _is_loose(child.tail) or (child.tag in INLINE and child.tag != "br") for child in children
        ):
            _wrap(element, children)


def _wrap(element: html.HtmlElement, children: list[html.HtmlElement]) -> None:
    paragraph: html.HtmlElement | None = None
    if _is_loose(element.text):
        paragraph = element.makeelement("p")
        paragraph.text = element.text
        element.insert(0, paragraph)
    element.text = None
    for child in children:
        if child.tag not in INLINE:
            paragraph = None
            if _is_loose(child.tail):
                paragraph = element.makeelement("p")
                paragraph.text = child.tail
                child.tail = None
                child.addnext(paragraph)
            else:
                child.tail = None
        elif paragraph is not None:
            paragraph.append(child)
        elif child.tag == "br" and not _is_loose(child.tail):
            element.remove(child)
        else:
            paragraph = element.makeelement("p")
            child.addprevious(paragraph)
            paragraph.append(child)


def _is_loose(text: str | None) -> bool:
    return bool(text) and not str(text).isspace()
