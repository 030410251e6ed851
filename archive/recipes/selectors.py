"""CSS selectors and XPath expressions, compiled when a recipe is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

from lxml import etree, html
from lxml.cssselect import CSSSelector

__all__ = ["Selector", "selector"]

_XPATH: Final = ("/", "./", "(", "string(", "normalize-space(")
_TAGS: Final = "div span p a h1 h2 h3 section article main aside header footer nav ul li time figure table em".split()  # noqa: SIM905
_PROBE: Final = "<title>t</title><meta content=t><link href=t><body>" + "".join(f"<{tag}>t</{tag}>" for tag in _TAGS)
"""A page with an element of each common kind, so that conditions on them are looked at."""


@dataclass(frozen=True, slots=True)
class Selector:
    find: etree.XPath

    def elements(self, tree: html.HtmlElement) -> list[html.HtmlElement]:
        """What it selects, without attributes and text."""
        found = self.find(tree)
        return [each for each in found if isinstance(each, html.HtmlElement)] if isinstance(found, list) else []

    def texts(self, tree: html.HtmlElement, attribute: str | None = None) -> list[str]:
        """What it selects, as text: of an element all that is in it, or one of its attributes."""
        found = self.find(tree)
        values = [_text(each, attribute) for each in (found if isinstance(found, list) else [found])]
        return [plain for value in values if (plain := " ".join(value.split()))]


def selector(text: str) -> Selector:
    """ValueError for what is neither CSS nor XPath; XPath begins with ``/``, ``./`` or a bracket."""
    try:
        compiled = (
            etree.XPath(text) if text.startswith(_XPATH) else cast("etree.XPath", CSSSelector(text, translator="html"))
        )
        compiled(html.document_fromstring(_PROBE))  # names of functions are looked up only now
    except Exception as error:
        raise ValueError(f"{text!r} is neither a CSS selector nor an XPath expression ({error})") from error
    return Selector(compiled)


def _text(found: object, attribute: str | None) -> str:
    if isinstance(found, html.HtmlElement):
        return (found.get(attribute) or "") if attribute else str(found.text_content())
    return str(found)
