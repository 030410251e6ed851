"""Which element of a page holds its article, and what belongs to the article beside that element.

Down from the body to the element that still has most of the prose; further down where an element is named as the text
of an article; and back: paragraphs between the headline and that element, and whole parts of the body after it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import Final

from lxml import html

from archive.extract import titles
from archive.extract.measure import INLINE, Measures

__all__ = ["frame", "headline", "rejoin"]

_MOST: Final = 0.8
"""Part of an element's prose that one child must have for the search to go on in it."""
_NO_FRAMES: Final = frozenset(
    {"p", "ul", "ol", "dl", "table", "blockquote", "li", "tr", "td", "th", "tbody", "pre", "figure", "details"}
    | {"h1", "h2", "h3", "h4", "h5", "h6"}
)
_NEEDED: Final = ((0.15, 3), (0.3, 2), (0.5, 1))
"""Part of the prose that an element must have to be the frame by its name, for each strength of name."""
_STRONG: Final = re.compile(
    r"(?:article|story|post|entry|news)[-_]{0,2}(?:body|text|content|copy)(?![a-z])|articletext|storytext"
    r"|field-(?:name-)?body(?![a-z])|bodycopy|body[-_]?text",
    re.IGNORECASE,
)
_WEAK: Final = re.compile(
    r"(?:article|story|post|entry|news|blog|page|text|art|single|theme|main|body)[-_]{0,2}"
    r"(?:body|text|content|copy|entry)(?![a-z])|(?:^|[\s_-])(?:body|content)[-_]{0,2}(?:text|body|main|copy)(?![a-z])"
    r"|fulltext|(?:^|[\s_-])prose(?:$|\s)|rich-?text|wysiwyg",
    re.IGNORECASE,
)
_MORE: Final = 0.1
"""Part of a named element's prose that others of its make must have to be parts of the same article."""
_PARTS: Final = 100
"""Parts of an article that are looked at; hostile pages have more."""
_LONGEST: Final = 80
"""Characters of a name that are looked at: names are remembered, and a hostile page's must not fill the memory."""
_LEAD: Final = 50
"""Characters outside links that make a line above the frame a paragraph."""
_LEAD_TAGS: Final = frozenset({"p", "div", "h2", "h3", "section", "blockquote", "header"})
_PART: Final = 0.25
"""Part of the frame's prose that a container after it must have to be a part of the article."""


def frame(tree: html.HtmlElement, measures: Measures) -> html.HtmlElement:
    """The element that holds most of the article."""
    body = tree.find("body")
    found = body if body is not None else tree
    while measures[found].prose:
        children = (child for child in found if child in measures)
        inner = max(children, key=lambda child: measures[child].prose, default=None)
        if (
            inner is None
            or inner.tag in INLINE
            or inner.tag in _NO_FRAMES
            or measures[inner].prose < _MOST * measures[found].prose
        ):
            break
        found = inner
    for share, strength in _NEEDED:
        need = share * measures[found].prose
        for element in found.iter("div", "section", "article", "main", "td"):
            if element is not found and measures[element].prose >= max(need, 1) and _strength(element) == strength:
                found = _around(element, found, measures)
                break
    return found


def _around(part: html.HtmlElement, wide: html.HtmlElement, measures: Measures) -> html.HtmlElement:
    """The element around all parts of an article that are of one make, or `part` itself where it is the only one."""
    name = part.get("class")
    if not name:
        return part
    others = (
        other
        for other in wide.iter(part.tag)
        if other is not part and other in measures and measures[other].prose and other.get("class") == name
    )
    alike = list(islice(others, _PARTS))
    prose = sum(measures[other].prose for other in alike)
    if prose < _MORE * measures[part].prose or wide in alike:
        return part
    branches = [set(other.iterancestors()) for other in alike]
    if any(part in branch for branch in branches):
        return part
    around = next(element for element in part.iterancestors() if all(element in branch for branch in branches))
    headings = len(around.findall(".//h1")) + len(around.findall(".//article"))
    return around if headings <= 1 else part


def headline(tree: html.HtmlElement, measures: Measures, title: str | None) -> html.HtmlElement | None:
    """The heading that the article stands under: the one that reads like its title, else the first."""
    headings = [heading for heading in tree.iter("h1") if heading in measures and measures[heading].letters >= 8]
    wanted = titles.plain(title) if title else ""
    if wanted and len(headings) > 1:
        for heading in headings:
            if titles.plain("".join(heading.itertext())) in wanted:
                return heading
    return headings[0] if headings else None


def rejoin(found: html.HtmlElement, heading: html.HtmlElement | None, measures: Measures) -> None:
    """Move into the frame what of the article stands beside it."""
    place = {element: number for number, element in enumerate(measures)}
    above = list(found.iterancestors())
    start = -1
    if heading is None:
        wide = next((element for element in above if element.tag in ("article", "main")), None)
    elif any(ancestor is found for ancestor in heading.iterancestors()):
        wide, start = (above[0] if above else None), len(place)
    else:
        around = set(heading.iterancestors())
        wide = next((element for element in above if element in around), None)
        start = place[heading]
        if place[found] < start:
            return
    if wide is None:
        return
    leads: list[html.HtmlElement] = []
    tails: list[html.HtmlElement] = []
    inner = found
    for outer in above:
        before = True
        here: list[html.HtmlElement] = []
        for sibling in outer:
            if sibling is inner:
                before = False
            elif sibling not in measures:
                continue
            elif before:
                here += _leads(sibling, measures, place, start)
            elif _goes_on(sibling, measures, measures[found].prose):
                tails.append(sibling)
        leads = here + leads
        inner = outer
        if outer is wide:
            break
    _move(found, leads, tails)


def _leads(
    sibling: html.HtmlElement, measures: Measures, place: dict[html.HtmlElement, int], start: int
) -> list[html.HtmlElement]:
    """Paragraphs within an element above the frame, from place `start` on."""
    own = measures[sibling]
    if own.letters - own.linked < _LEAD:
        return []
    leads: dict[html.HtmlElement, None] = {}
    for element in sibling.iter(*_LEAD_TAGS):
        line = measures.get(element)
        if line is None or place[element] < start or line.line >= 1500:
            continue
        within = any(lead in leads for lead in element.iterancestors())
        if line.plain >= _LEAD and line.line_linked < 0.4 * line.line and not within:
            leads[element] = None
    return list(leads)


def _goes_on(sibling: html.HtmlElement, measures: Measures, prose: int) -> bool:
    """Whether what stands after the frame, which has so much prose, goes on with the article."""
    own = measures[sibling]
    if sibling.tag in ("p", "blockquote"):
        return own.letters - own.linked >= 40 and own.linked < 0.4 * own.letters
    return (
        sibling.tag in ("div", "section", "article", "ul", "ol")
        and own.prose >= max(200, _PART * prose)
        and own.linked < 0.2 * own.letters
        and own.prose > 0.7 * own.letters
        and sibling.find(".//h1") is None
    )


def _move(found: html.HtmlElement, leads: list[html.HtmlElement], tails: list[html.HtmlElement]) -> None:
    if leads and found.text and not found.text.isspace():
        first = found.makeelement("p")
        first.text, found.text = found.text, None
        found.insert(0, first)
    for number, element in enumerate(leads):
        element.tail = None
        if element.tag != "blockquote":
            element.tag = "p"
        found.insert(number, element)
    for element in tails:
        element.tail = None
        found.append(element)


def _strength(element: html.HtmlElement) -> int:
    """How surely an element is the text of an article by what it is called: 3 for surely, 0 for not at all."""
    if element.get("itemprop") == "articleBody":
        return 3
    return max(_named(element.get("class", "")[:_LONGEST]), _named(element.get("id", "")[:_LONGEST]))


@lru_cache(maxsize=8192)
def _named(name: str) -> int:
    return 2 if _STRONG.search(name) else 1 if _WEAK.search(name) else 0
