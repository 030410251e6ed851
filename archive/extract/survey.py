"""One walk over the tree of a page, for all that page, metadata and kind want to know of its elements.

An element costs more to reach than to look at, so each is reached once; what was met is kept, which makes it cheap to
come back to.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml import etree, html

from archive.extract.jsonld import clean

__all__ = ["Survey", "following", "is_elsewhere", "lines", "visible"]

_BYLINE: Final = ("byline", "author", "autor")
_BYLINED: Final = frozenset({"a", "span", "p", "div", "address", "aside", "li", "h3", "h4"})
_NO_PROSE: Final = frozenset({"a", "noscript", "template", "button", "label", "title", "textarea"})
_BARE: Final = frozenset({"script", "style", "svg", "g", "path", "use", "circle", "rect", "option", "source"})
"""What neither holds text nor has any after it, nor is named for what it holds; but counted it is."""
_RUN: Final = 60
"""Characters that make a run of text prose."""
_HEADLINE: Final = 30
"""Characters that make a link as long as a headline."""
_MONEY: Final = ("$", "€", "£", "¥", "₹", "EUR", "USD", "GBP", "kr", "zł")
_PRICE: Final = re.compile(r"(?:[$€£¥₹]|\b(?:EUR|USD|GBP|kr|zł)\b)\s?\d|\d\s?(?:€|£|kr\b|zł)")

_ELSEWHERE: Final = re.compile(r"comment|related", re.IGNORECASE)
_ASIDE: Final = frozenset({"aside", "footer", "nav"})
_WHOLE: Final = frozenset({"article", "main", "body", "html"})
"""What holds the article, and may say by its names that there are comments too."""
_BLOCKS: Final = frozenset(
    {"div", "p", "li", "br", "ul", "h2", "h3", "h4", "h5", "time", "section", "address", "td", "a"}
)
_INVISIBLE: Final = frozenset({"script", "style", "noscript", "template", "svg", "button"})
_PIECES: Final = 400
"""Runs of text and breaks that make up a title or a byline at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a page is made of."""

    elements: Mapping[str, Sequence[html.HtmlElement]]
    """By tag, in document order."""
    items: list[html.HtmlElement]
    """Those with an ``itemprop``."""
    bylined: list[html.HtmlElement]
    """Those whose class says that an author is named there."""
    classes: str
    """All class attributes, each once."""
    size: int
    """How many elements there are."""
    prose: int
    """Characters in runs of text of some length, outside links."""
    runs: int
    """How many such runs there are."""
    teasers: int
    """Links as long as headlines, outside paragraphs."""
    prices: int
    """Sums of money in short texts."""

    @classmethod
    def of(cls, tree: html.HtmlElement) -> Survey:
        elements: defaultdict[str, list[html.HtmlElement]] = defaultdict(list)
        items, bylined = [], []
        classes: dict[str, bool] = {}
        labels: list[str] = []
        prose = runs = 0
        for element in tree.iter():
            tag = element.tag
            elements[tag].append(element)
            if tag in _BARE:
                continue
            if (named := element.get("class")) is not None:
                if named not in classes:
                    lower = named.lower()
                    classes[named] = any(word in lower for word in _BYLINE)
                if classes[named] and tag in _BYLINED:
                    bylined.append(element)
            if element.get("itemprop") is not None:
                items.append(element)
            if (text := element.text) is not None and tag not in _NO_PROSE:
                if len(text) >= _RUN:
                    prose += len(text.strip())
                    runs += 1
                else:
                    labels.append(text)
            if (tail := element.tail) is not None and len(tail) >= _RUN:
                prose += len(tail.strip())
                runs += 1
        return cls(
            elements=elements,
            items=items,
            bylined=bylined,
            classes=" ".join(classes),
            size=sum(map(len, elements.values())),
            prose=prose,
            runs=runs,
            teasers=sum(map(_is_teaser, elements.get("a", ()))),
            prices=_prices("\n".join(labels)),
        )

    def all(self, tag: str) -> Sequence[html.HtmlElement]:
        return self.elements.get(tag, ())

    def first(self, tag: str) -> html.HtmlElement | None:
        return next(iter(self.all(tag)), None)


def _prices(text: str) -> int:
    return len(_PRICE.findall(text)) if any(money in text for money in _MONEY) else 0


def _is_teaser(link: html.HtmlElement) -> bool:
    parent = link.getparent()
    if parent is None or parent.tag == "p":
        return False
    texts = (link.text, link[0].text, link[-1].text) if len(link) else (link.text,)
    return any(text is not None and len(text.strip()) >= _HEADLINE for text in texts)


def visible(element: html.HtmlElement) -> str:
    """The text of an element as one line, without scripts and buttons."""
    return clean("".join(islice(_pieces(element), _PIECES)))


def lines(element: html.HtmlElement) -> str:
    """The same, with a newline between blocks."""
    found = map(clean, "".join(islice(_pieces(element, "\n"), _PIECES)).split("\n"))
    return "\n".join(filter(None, found))


def _pieces(element: html.HtmlElement, between: str = " ") -> Iterator[str]:
    hidden = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if node.tag in _BLOCKS:
            yield between
        if event == "start":
            hidden += node.tag in _INVISIBLE
            piece = node.text
        else:
            hidden -= node.tag in _INVISIBLE
            piece = node.tail if node is not element else None
        if piece and not hidden:
            yield piece if between == " " else piece.replace("\n", " ")


def following(element: html.HtmlElement) -> Iterator[str]:
    """All text after an element, in document order."""
    node: html.HtmlElement | None = element
    while node is not None:
        if node.tail:
            yield node.tail
        for sibling in node.itersiblings():
            yield from sibling.itertext()
            if sibling.tail:
                yield sibling.tail
        node = node.getparent()


def is_elsewhere(element: html.HtmlElement) -> bool:
    """Whether it belongs to comments, to other articles or to the furniture of the page."""
    addressed = False  # an address is that of the article around it, even in an aside
    for node in (element, *element.iterancestors()):
        addressed = addressed or node.tag == "address"
        if (node.tag in _ASIDE and node is not element and not addressed) or node.get("itemprop") == "comment":
            return True
        if node.tag in _WHOLE:
            continue
        if any(_ELSEWHERE.search(node.get(name, "")) for name in ("class", "id", "itemtype")):
            return True
    return False
