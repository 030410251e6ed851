"""trafilatura, as it is called here: on a frame that was chosen and cleared for it, or, seldom, on a whole page.

Most of its time on a page goes into copies, XPath expressions over all elements and second opinions. On a frame none of
these are needed: its inner steps (clean, convert, extract) get a small tree without names, in which all text stands in
blocks. Nothing here remembers a page: trafilatura's own search for duplicates, which does, stays off.
"""

from __future__ import annotations

from typing import Final

from lxml import etree, html
from trafilatura import bare_extraction
from trafilatura.htmlprocessing import convert_tags, tree_cleaning
from trafilatura.main_extractor import extract_content
from trafilatura.settings import Extractor

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


_FRAME: Final = _options(fast=True, precision=True)
_NAMES: Final = ("class", "id", "style", "role")


def read(page: html.HtmlElement, frame: html.HtmlElement) -> etree._Element:
    """What the engine makes of `frame`; nothing of `page` but the frame is left in it."""
    for child in list(page):
        page.remove(child)
    frame.tail = None
    page.append(frame)
    for element in frame.iter():
        if len(element.attrib):
            for name in _NAMES:
                element.attrib.pop(name, None)
    _keep_code(frame)
    frame.tag = "div"
    frame.attrib.clear()
    frame.set("class", "post")  # by which the engine takes it for the article
    body, _ = extract_content(convert_tags(tree_cleaning(page, _FRAME), _FRAME), _FRAME)
    return body


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
