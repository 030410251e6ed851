"""Bytes of a page to text, once, and text to a tree, once: everything else in this package shares the two.

The character encoding is found in the order browsers use: byte order mark, Content-Type, the page's own declaration,
and, where nothing is declared, the content. Characters and character references that no XML tool can hold are taken
out on the way: a single ``&#xFFFE;`` makes lxml's copies, and with them trafilatura, lose the page.

What is too large, too deep or no HTML at all is refused here, before anything spends its time on it.
"""

from __future__ import annotations

import codecs
import re
from typing import Final, cast

from lxml import etree, html
from resiliparse.parse.encoding import detect_encoding, detect_mime, map_encoding_to_html5
from w3lib.encoding import html_body_declared_encoding, read_bom

from archive.errors import ExtractionFailed

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_ELEMENTS", "charset_of", "decode", "parse"]

MAX_BYTES: Final = 12 * 1024 * 1024
MAX_ELEMENTS: Final = 60_000
"""The largest page of a news site met so far, a live blog of a day, has about 30,000."""
MAX_DEPTH: Final = 400

_UNHOLDABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_REFERENCE: Final = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_GIANT: Final = re.compile(r"""=\s*(?:"[^"<>]{20000,}"|'[^'<>]{20000,}')""")
"""Attributes that hold images or a whole application's state: nothing to read, and much to copy and to search.
None with markup inside, since quotes in scripts are not always paired."""
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?([^\s;,"']+)""", re.IGNORECASE)
_SELF_CLOSED_HTML: Final = re.compile(r"(<html\b[^<>]*?)\s*/>", re.IGNORECASE)

_TOO_DEEP: Final = etree.XPath("boolean(/" + "/".join("*" * (MAX_DEPTH + 1)) + ")")
_ELEMENTS: Final = etree.XPath("count(//*)")
_PLAIN: Final = etree.ElementDefaultClassLookup(element=html.HtmlElement)
"""One class for all elements: lxml.html's own look-up is Python, and is asked again each time an element is met."""


def decode(page: bytes, charset: str | None = None) -> str:
    """The page as text; `charset` is the label of the Content-Type header, if it had one."""
    if len(page) > MAX_BYTES:
        raise ExtractionFailed(f"page of {len(page)} bytes, more than {MAX_BYTES}")
    if (mime := detect_mime(page[:4096])) in _NO_TEXT or mime.startswith(("image/", "audio/", "video/", "font/")):
        raise ExtractionFailed(f"not HTML but {mime}")
    text = page.decode(encoding(page, charset), "replace").removeprefix("\ufeff")
    if "&#" in text:
        text = _REFERENCE.sub(_holdable_reference, text)
    return _GIANT.sub('=""', _UNHOLDABLE.sub("", text))


_NO_TEXT: Final = frozenset({"application/pdf", "application/zip", "application/gzip"})


def charset_of(content_type: str) -> str | None:
    """The charset parameter of a Content-Type header, as sent."""
    match = _CHARSET.search(content_type)
    return match[1] if match else None


def encoding(page: bytes, charset: str | None = None) -> str:
    """Name of the Python codec to read `page` with."""
    bom, _ = read_bom(page)
    if bom:
        return bom
    if charset and (codec := _codec(charset)):
        return codec
    # Saved and converted pages keep the declaration of their past: what reads as UTF-8 throughout, and is not
    # ASCII, is nothing else, whatever it declares. Browsers do not look; without a header they could not know either.
    utf_8 = _is_utf_8(page)
    if utf_8 and not page.isascii():
        return "utf-8"
    if (declared := html_body_declared_encoding(page[:4096])) and (codec := _codec(declared)):
        return "utf-8" if codec.startswith("utf-16") else codec  # what was read in ASCII is not UTF-16
    return "utf-8" if utf_8 else _codec(detect_encoding(page) or "") or "cp1252"


def _is_utf_8(page: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(page)  # a character cut in two by the end is no fault
    except UnicodeDecodeError:
        return False
    return True


def _codec(label: str) -> str | None:
    """The codec that the WHATWG encoding standard means by a label: windows-1252 for latin-1, and so on."""
    label = label.strip().strip("\"'").lower()
    name = map_encoding_to_html5(label, fallback_utf8=False) or map_encoding_to_html5(_iana(label), fallback_utf8=False)
    return _WIDER.get(name, name) if name else None


_WIDER: Final = {"gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs"}
"""Codecs that hold what browsers read under the name on the left."""


def _iana(label: str) -> str:
    try:
        return codecs.lookup(label).name.replace("_", "-")
    except (LookupError, ValueError):
        return label


def _holdable_reference(match: re.Match[str]) -> str:
    """A numeric character reference, or nothing where it names a character XML cannot hold."""
    digits, base = (match[1], 16) if match[1] else (match[2], 10)
    point = int(digits, base) if len(digits) < 9 else 0x110000
    if point > 0x10FFFF or _UNHOLDABLE.match(chr(point)):
        return ""
    return match[0]


def parse(text: str) -> html.HtmlElement:
    """The tree of a page, without comments and processing instructions."""
    head = _SELF_CLOSED_HTML.sub(r"\1>", text[:4096], count=1)  # browsers take it for a start tag, libxml2 for all
    parser = html.HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        huge_tree=True,
    )
    parser.set_element_class_lookup(_PLAIN)
    try:
        tree = html.document_fromstring((head + text[4096:]).encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise ExtractionFailed(f"no HTML in it: {error}") from error
    if _TOO_DEEP(tree):
        raise ExtractionFailed(f"elements nested more than {MAX_DEPTH} deep")
    if (count := int(cast("float", _ELEMENTS(tree)))) > MAX_ELEMENTS:
        raise ExtractionFailed(f"page of {count} elements, more than {MAX_ELEMENTS}")
    return tree
