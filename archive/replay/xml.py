"""XHTML, SVG and other XML documents with their addresses led back into the archive, without scripts. Pure.

Parsed as XML with what is broken mended, and written anew in UTF-8: the document type goes, its entities resolved.
Nothing is fetched for it. Of style sheets only those in CSS stay; the others are programs.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from lxml import etree

from archive.replay import attributes, css, html
from archive.replay.links import Links

__all__ = ["rewrite"]

_NAMES: Final = {
    "{http://www.w3.org/1999/xlink}href": "xlink:href",
    "{http://www.w3.org/XML/1998/namespace}base": "xml:base",
}
_SHEET: Final = re.compile(r"(href\s*=\s*)(\"[^\"]*\"|'[^']*')")
_XSL: Final = re.compile(r"type\s*=\s*[\"'](?!text/css)", re.IGNORECASE)


def rewrite(document: bytes, links: Links, charset: str | None = None) -> bytes | None:
    """The document; None when there is no XML in it. `charset` is a codec's name, None for what it says itself."""
    try:
        root = etree.fromstring(document, _parser(charset))
    except (etree.XMLSyntaxError, LookupError, ValueError):
        return None
    if root is None:
        return None
    own = next((href for base in root.iter("{*}base") if (href := base.get("href")) is not None), None)
    links = links if own is None else replace(links, base=links.absolute(own))
    for element in list(root.iter("*")):
        _rewrite(element, links)
    sheets = [
        f"<?xml-stylesheet {_SHEET.sub(lambda found: _sheet(found, links), node.text or '')}?>".encode()
        for node in root.itersiblings(preceding=True)
        if isinstance(node, etree._ProcessingInstruction)
        and node.target == "xml-stylesheet"
        and not _XSL.search(node.text or "")
    ]
    written = etree.tostring(root, encoding="utf-8", with_tail=False, xml_declaration=False)
    return b"\n".join([b'<?xml version="1.0" encoding="utf-8"?>', *sheets[::-1], written])


def _parser(charset: str | None) -> etree.XMLParser:
    return etree.XMLParser(
        encoding=charset,
        recover=True,
        resolve_entities="internal",  # type: ignore[arg-type]  # the stubs are older than this value
        no_network=True,
        load_dtd=False,
        remove_comments=True,
    )


def _rewrite(element: etree._Element, links: Links) -> None:
    local = etree.QName(element).localname.lower()
    if local == "script" and element.getparent() is not None:
        tail = element.tail
        element.clear()
        element.tag, element.tail = "removed", tail
        return
    if local == "style" and element.text:
        element.text = css.rewrite(element.text, links.to)
    refreshes = local == "meta" and (element.get("http-equiv") or "").strip().lower() == "refresh"
    for key, value in list(element.attrib.items()):
        name = _NAMES.get(str(key), str(key).lower())
        if refreshes and name == "content":
            new: str | None = attributes.refresh(str(value), links)
        elif name == "xml:base":
            new = None
        else:
            new = attributes.rewrite(name, str(value), links, lambda inner: html.rewrite(inner, links, depth=1))
        if new is None:
            del element.attrib[key]
        elif new != value:
            element.set(key, new)


def _sheet(found: re.Match[str], links: Links) -> str:
    return f'{found[1]}"{links.to(found[2][1:-1].replace("&amp;", "&")).replace("&", "&amp;")}"'
