"""What a recipe says of a page, in an Extraction's terms: its words go before all that the page declares.

A field that the recipe did not find keeps the value that it would have without; every one it did find has the origin
``recipe``. The body it names is taken whole, as the page has it, by no engine's judgement.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urljoin

from lxml import html
from trafilatura.htmlprocessing import convert_tags, tree_cleaning
from trafilatura.settings import Extractor

from archive.extract import dates
from archive.model import Extraction
from archive.recipes.recipe import Found

__all__ = ["body_of", "overruled"]

_LISTS: Final = frozenset({"authors", "tags"})
_DATES: Final = frozenset({"published", "modified"})
_KNOWN: Final = frozenset(
    {"body", "p", "head", "list", "item", "quote", "code", "table", "row", "cell", "hi", "ref", "del", "lb"}
)
"""trafilatura's vocabulary, which a body is written in."""
_BLOCKS: Final = frozenset({"p", "head", "list", "quote", "code", "table", "div"})

_TABLES: Final = {"tr": "row", "td": "cell", "th": "cell"}
_DIVISIONS: Final = frozenset(
    {"div", "section", "article", "main", "header", "footer", "aside", "figure", "figcaption", "details", "summary"}
)


def body_of(elements: Sequence[html.HtmlElement], url: str) -> html.HtmlElement:
    """The elements of a page as one body, in trafilatura's vocabulary; scripts, styles and forms are left out."""
    options = Extractor(formatting=True, links=True, tables=True, recall=True, url=url)
    root = html.Element("body")
    for element in elements:
        copied = deepcopy(element)
        copied.tail = None
        if copied.tag == "body":
            copied.tag = "div"
        root.append(copied)
    found: html.HtmlElement = convert_tags(tree_cleaning(root, options), options, url)
    for element in [each for each in found.iter() if isinstance(each, html.HtmlElement)]:
        if element.tag in _KNOWN or element is found:
            continue
        if element.tag in _TABLES:
            if element.tag == "th":
                element.set("role", "head")
            element.tag = _TABLES[element.tag]
        elif element.tag in _DIVISIONS:
            element.tag = "div" if any(child.tag in _BLOCKS | _DIVISIONS for child in element) else "p"
        else:
            element.drop_tag()
    return found


def overruled(said: Extraction, found: Found, setting: dates.Setting) -> Extraction:
    """The extraction with what the recipe found in the place of what was found without it; `setting` for its dates."""
    values: dict[str, Any] = {}
    for field, texts in found.values.items():
        if field in _LISTS:
            values[field] = tuple(dict.fromkeys(texts))
        elif field in _DATES:
            if moment := dates.parse(texts[0], setting):
                values[field] = moment.value
                if field == "published":
                    values["published_precision"] = moment.precision
        else:
            values[field] = urljoin(said.url, texts[0]) if field == "image" else texts[0]
    origins = {**said.origins, **dict.fromkeys(values.keys() - {"published_precision"}, "recipe")}
    return replace(said, **values, origins=dict(sorted(origins.items())))
