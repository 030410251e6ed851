"""trafilatura, as it is called here: on a frame that was chosen and cleared for it, or, seldom, on a whole page.

Most of its time on a page goes into copies, XPath expressions over all elements and second opinions. On a frame none of
these are needed: its inner steps (clean, convert, handle an element) get a small tree without names, in which all text
stands in blocks; only where they find little does the rest of it get a turn. Nothing here remembers a page:
trafilatura's own search for duplicates, which does, stays off.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Final

from lxml import etree, html
from trafilatura import bare_extraction
from trafilatura.htmlprocessing import (
    convert_tags,
    delete_by_link_density,
    link_density_test_tables,
    process_node,
    prune_unwanted_nodes,
    tree_cleaning,
)
from trafilatura.main_extractor import REBUILT_BLOCKS, extract_content, handle_textelem
from trafilatura.settings import INLINE_FORMATTABLE, MIN_DUPLICATE_LENGTH, TAG_CATALOG, Extractor
from trafilatura.xml import delete_element

__all__ = ["cascade", "read"]


def _options(*, fast: bool, precision: bool) -> Extractor:
    return Extractor(
        fast=fast,
        precision=precision,
        comments=False,
        dedup=False,
        formatting=True,
        links=True,
        output_format="txt",
    )


_TAG_NAME: Final = re.compile(r"[\w:.-]+")
"""Parsers take more for one (``<a.length;n++>`` in a script that was cut), of which lxml makes no element."""
_FRAME: Final = _options(fast=True, precision=True)
_NAMES: Final = ("class", "id", "style", "role")
_TAGS: Final = frozenset({*TAG_CATALOG, "ref", "table", "td", "th", "tr"})
"""What the engine reads of a frame."""
_RUNS: Final = frozenset({"lb", *INLINE_FORMATTABLE})
"""A frame of these alone is one run of text."""
_UNHEARD: Final = etree.XPath(".//*[@aria-hidden='true']")


def read(page: html.HtmlElement, frame: html.HtmlElement) -> etree._Element:
    """What the engine makes of `frame`; nothing of `page` but the frame is left in it."""
    for child in list(page):
        page.remove(child)
    frame.tail = None
    page.append(frame)
    etree.strip_attributes(frame, *_NAMES)
    _keep_code(frame)
    frame.tag = "div"
    frame.attrib.clear()
    frame.set("class", "post")  # by which the engine takes it for the article
    page = convert_tags(tree_cleaning(page, _FRAME), _FRAME)
    for element in page.iter():
        if not _TAG_NAME.fullmatch(element.tag):
            element.tag = "div"
    whole = deepcopy(page)
    body = _blocks(frame)
    if len(body) > 1 and len(" ".join(map(str, body.itertext())).strip()) >= _FRAME.min_extracted_size:
        _tidy(body)
        return body
    body, _ = extract_content(whole, _FRAME)  # which has more to try
    return body


def _blocks(frame: html.HtmlElement) -> etree._Element:
    """The engine's main pass over a frame, without its search for the frame and for furniture by name."""
    _drop_links(frame)
    tags = set(_TAGS)
    if _has_few_words(frame):
        tags.add("div")
    elements = list(frame.iterdescendants())
    body = etree.Element("body")
    if {element.tag for element in elements} <= _RUNS:
        return body
    for element in elements:
        if element.getroottree().getroot() is body:  # was taken with what holds it
            continue
        tag, tail = element.tag, element.tail  # the engine marks what it has read
        read = handle_textelem(element, tags, _FRAME)
        if read is not None:
            body.append(read)
            if element.getroottree().getroot() is not body:
                element.tag = "done"
        rebuilt = tag in REBUILT_BLOCKS and (read is None or read.tail is None)
        if rebuilt and (after := _paragraph(tail)) is not None:
            body.append(after)
    while len(body) and body[-1].tag in ("head", "ref"):
        body.remove(body[-1])
    if len(body) > 1 and (lead := _paragraph(frame.text)) is not None:
        body.insert(0, lead)
    return body


def _has_few_words(frame: html.HtmlElement) -> bool:
    """Whether its paragraphs hold too little for an article: then the text may stand in containers."""
    letters = 0
    counted: set[html.HtmlElement] = set()
    for paragraph in frame.iter("p"):
        if paragraph not in counted:
            counted.update(paragraph.iterdescendants("p"))
            letters += len("".join(map(str, paragraph.itertext())))
            if letters >= _FRAME.min_extracted_size:
                return False
    return True


def _drop_links(frame: html.HtmlElement) -> None:
    """Take out what is hidden or mostly links, as the engine does where precision is asked for."""
    prune_unwanted_nodes(frame, [_UNHEARD], with_backup=True)
    for header in list(frame.iter("header")):
        delete_element(header)
    links = -1
    for _ in range(2):
        before, links = links, sum(1 for _ in frame.iter("ref"))
        if links in (0, before):  # the last pass took nothing out
            break
        delete_by_link_density(frame, "div", backtracking=True, favor_precision=True)
        delete_by_link_density(frame, "list", favor_precision=True)
        delete_by_link_density(frame, "p", favor_precision=True)
    for table in list(filter(link_density_test_tables, frame.iter("table"))):
        delete_element(table, keep_tail=False)
    while len(frame) and frame[-1].tag == "head":
        frame.remove(frame[-1])
    if links:
        delete_by_link_density(frame, "head", favor_precision=True)
        delete_by_link_density(frame, "quote", favor_precision=True)


def _paragraph(text: str | None) -> etree._Element | None:
    """Loose text as a paragraph, if there is any that the engine lets pass."""
    if not text or text.isspace():
        return None
    paragraph = etree.Element("p")
    paragraph.text = text
    return process_node(paragraph, _FRAME)


def _tidy(body: etree._Element) -> None:
    """Take out long blocks that repeat the one before them, and what is left of the engine's own marks."""
    previous = None
    for block in list(body):
        text = " ".join("".join(map(str, block.itertext())).split())
        if text == previous and len(text) > MIN_DUPLICATE_LENGTH:
            body.remove(block)
        else:
            previous = text
    etree.strip_elements(body, "done")
    etree.strip_tags(body, "div")


def _keep_code(frame: html.HtmlElement) -> None:
    """A `pre` with a `code` in it is code, and a language the sign the engine knows it by."""
    for element in frame.iter("pre"):
        if element.find("code") is not None:
            element.set("lang", "code")


def cascade(page: html.HtmlElement) -> etree._Element:
    """What all of trafilatura, with its second and third opinions, makes of a page."""
    document = bare_extraction(page, options=_options(fast=False, precision=False))
    found = getattr(document, "body", None)  # of a Document; None where the page defeated it
    return found if found is not None else etree.Element("body")
