"""Parts of a page that were sent after it, put where its script would put them.

React sends what is not ready in time at the end, as ``<div hidden id="S:1">``, and marks its place by a
``<template id="P:1">``, or by ``B:`` and a number: a reader's browser sees one article, the bytes hold it in pieces.
"""

from __future__ import annotations

from typing import Final

from lxml import html

__all__ = ["settle"]

_PLACES: Final = ("P:", "B:")
_MOST: Final = 1000
"""Parts that are put in their places; hostile pages have more."""


def settle(tree: html.HtmlElement) -> None:
    """Put each such part in its place; a page without any is left as it is."""
    places = [place for place in tree.iter("template") if place.get("id", "").startswith(_PLACES)][:_MOST]
    if not places:
        return
    parts = {part.get("id"): part for part in tree.iter("div") if "hidden" in part.attrib and part.get("id")}
    for place in places:
        part = parts.pop("S:" + place.get("id", "")[2:], None)
        if part is None or any(around is part for around in place.iterancestors()):
            continue
        del part.attrib["hidden"]
        part.drop_tree()
        part.tail, place.tail = place.tail, None
        place.addprevious(part)
