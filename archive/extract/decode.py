"""Bytes of a page to text, once, and text to a tree, once: everything else in this package shares the two.

The character encoding is found in the order browsers use: byte order mark, Content-Type, the page's own declaration,
and, where nothing is declared, the content. Characters and character references that no XML tool can hold are taken
out on the way: a single ``&#xFFFE;`` makes lxml's copies, and with them trafilatura, lose the page. All of this is done
in few passes over the whole, and those in C: a page has a quarter of a million characters.

What is too large, too deep or no HTML at all is refused here, before anything spends its time on it.
"""

from __future__ import annotations

import codecs
import re
from itertools import islice
from typing import Final

from lxml import etree, html
from resiliparse.parse.encoding import detect_encoding, detect_mime, map_encoding_to_html5
from w3lib.encoding import html_body_declared_encoding, read_bom

from archive.errors import ExtractionFailed

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_ELEMENTS", "charset_of", "codec_of", "decode", "parse"]

MAX_BYTES: Final = 12 * 1024 * 1024
MAX_ELEMENTS: Final = 60_000
"""The largest page of a news site met so far, a live blog of a day, has about 30,000."""
MAX_DEPTH: Final = 400

_CONTROLS: Final = bytes({*range(0x20)} - {*b"\t\n\r"})
_UNHOLDABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE: Final = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_SUSPECT: Final = re.compile(
    r"0|[12]?\d(?!\d)|3[01](?!\d)|5[5-7]\d{3}|6553[45]|\d{6}"
    r"|[xX](?:0|1?[0-9a-fA-F](?![0-9a-fA-F])|[dD][89a-fA-F]|[fF]{3}|[0-9a-fA-F]{5})",
    re.ASCII,
)
"""How references begin of which some cannot be held."""
_GIANT: Final = re.compile(r"""=\s*(?:"[^"<>]{20000,}"|'[^'<>]{20000,}')""")
"""Attributes that hold images or a whole application's state: nothing to read, and much to copy and to search.
None with markup inside, since quotes in scripts are not always paired."""
_TAG: Final = re.compile(r"<(?!script)[a-z]", re.IGNORECASE)
_CROWDED: Final = re.compile(
    r"""(<[a-z][^\s/>"']*+)(?:\s++[^\s=>"']++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"']*+))?+){300,}+""", re.IGNORECASE
)
"""A tag with so many attributes that to compare each with all others takes long."""
_WINDOW: Final = 1_000
"""Where so many characters hold no ``<``, and only there, giant attributes and crowds of them may lie."""
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?([^\s;,"']+)""", re.IGNORECASE)
_SELF_CLOSED_HTML: Final = re.compile(r"(<html\b[^<>]*?)\s*/>", re.IGNORECASE)
_END: Final = re.compile(rb"</(?:body|html)\s*>", re.IGNORECASE)

_TOO_DEEP: Final = etree.XPath("boolean(/" + "/".join("*" * (MAX_DEPTH + 1)) + ")")
_PLAIN: Final = etree.ElementDefaultClassLookup(element=html.HtmlElement)
"""One class for all elements: lxml.html's own look-up is Python, and is asked again each time an element is met."""


def decode(page: bytes, charset: str | None = None) -> str:
    """The page as text; `charset` is the label of the Content-Type header, if it had one."""
    if len(page) > MAX_BYTES:
        raise ExtractionFailed(f"page of {len(page)} bytes, more than {MAX_BYTES}")
    if (mime := detect_mime(page[:4096])) in _NO_TEXT or mime.startswith(("image/", "audio/", "video/", "font/")):
        raise ExtractionFailed(f"not HTML but {mime}")
    text = _decoded(page, charset).removeprefix("\ufeff")
    if "&#" in text and any(map(_SUSPECT.match, text.split("&#")[1:])):
        text = _REFERENCE.sub(lambda match: "" if _is_unholdable(match.groups(default="")) else match[0], text)
    return _without_giants(text)


_NO_TEXT: Final = frozenset({"application/pdf", "application/zip", "application/gzip"})


def charset_of(content_type: str) -> str | None:
    """The charset parameter of a Content-Type header, as sent."""
    match = _CHARSET.search(content_type)
    return match[1] if match else None


def _decoded(page: bytes, charset: str | None) -> str:
    """The characters of a page, without those that a tree cannot hold."""
    bom, _ = read_bom(page)
    codec = bom or codec_of(charset or "")
    text = _utf_8(page) if codec in (None, "utf-8") else None
    # Saved and converted pages keep the declaration of their past: what reads as UTF-8 throughout, and is not ASCII, is
    # nothing else, whatever it declares. Browsers do not look; without a header they could not know either.
    if text is not None and (codec or not page.isascii()):
        return text
    if codec is None:
        codec = _declared(page) or ("utf-8" if text is not None else codec_of(detect_encoding(page) or "") or "cp1252")
    if codec.startswith(_WIDE):
        return _UNHOLDABLE.sub("", page.decode(codec, "replace"))
    return _holdable(page.translate(None, _CONTROLS).decode(codec, "replace"))


_WIDE: Final = ("utf-16", "utf-32", "iso-2022", "iso2022")
"""Encodings in which the bytes of control characters mean something else."""


def _utf_8(page: bytes) -> str | None:
    try:
        # A character cut in two by the end is no fault.
        text = codecs.getincrementaldecoder("utf-8")().decode(page := page.translate(None, _CONTROLS))
    except UnicodeDecodeError:
        return None
    return _holdable(text) if b"\xef\xbf" in page else text


def _holdable(text: str) -> str:
    return text.replace("\ufffe", "").replace("\uffff", "")


def _declared(page: bytes) -> str | None:
    """The encoding the page itself names: what was read in ASCII is not UTF-16."""
    named = html_body_declared_encoding(page[:4096])
    codec = codec_of(named) or named if named else None  # w3lib gives a codec's name, which need not be a label
    return "utf-8" if codec and codec.startswith(_WIDE[:2]) else codec


def codec_of(label: str) -> str | None:
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


def _is_unholdable(digits: tuple[str, ...]) -> bool:
    """Whether a numeric character reference, in hexadecimal or decimal digits, names a character XML cannot hold."""
    found, base = (digits[0], 16) if digits[0] else (digits[1], 10)
    point = int(found, base) if len(found) < 9 else 0x110000
    return point > 0x10FFFF or _UNHOLDABLE.match(chr(point)) is not None


def _without_giants(text: str) -> str:
    """`text` with attributes of giant size emptied, and without those of tags that have hundreds."""
    pieces, done, at = [], 0, 0
    while at + _WINDOW <= len(text):
        if text.find("<", at, at + _WINDOW) >= 0:
            at += _WINDOW
            continue
        start, end = max(text.rfind("<", done, at), done), text.find("<", at)
        end = end if end >= 0 else len(text)
        if _TAG.match(text, start):
            pieces += [text[done:start], _CROWDED.sub(r"\1", _GIANT.sub('=""', text[start:end]), count=1)]
            done = end
        at = end
    return "".join([*pieces, text[done:]]) if pieces else text


def parse(text: str) -> html.HtmlElement:
    """The tree of a page, without comments and processing instructions."""
    parser = html.HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        huge_tree=True,
    )
    parser.set_element_class_lookup(_PLAIN)
    if start := _SELF_CLOSED_HTML.search(text, 0, 4096):  # browsers take it for a start tag, libxml2 for all
        text = text[: start.end(1)] + text[start.end() - 1 :]
    page = text.encode()
    end = _END.search(page)
    if end and page.find(b"<", end.end()) >= 0:  # browsers go on after it, libxml2 stops
        page = page[: end.start()] + _END.sub(b"", page[end.end() :])
    try:
        tree = html.document_fromstring(page, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise ExtractionFailed(f"no HTML in it: {error}") from error
    elements = list(islice(tree.iter(), MAX_ELEMENTS + 1))
    if len(elements) > MAX_ELEMENTS:
        raise ExtractionFailed(f"page of more than {MAX_ELEMENTS} elements")
    # The last hundred steps of a path stand at a hundred places of the document or more, and all that stands between
    # two of them is as deep as the first: a look at every hundredth element misses no path that is too long.
    if any(map(_is_deep, elements[::100])) and _TOO_DEEP(tree):
        raise ExtractionFailed(f"elements nested more than {MAX_DEPTH} deep")
    return tree


def _is_deep(element: html.HtmlElement) -> bool:
    return sum(1 for _ in element.iterancestors()) >= MAX_DEPTH - 100
