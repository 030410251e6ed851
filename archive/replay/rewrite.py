"""A payload as it is shown from the archive: bytes, and what was said of them -> bytes. Pure.

What a document is, is told by its media type alone, as the browser is told to do, too. Text is read in the
encoding in which a browser would (byte order mark, header, declaration), and written in UTF-8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from w3lib.encoding import html_body_declared_encoding, read_bom

from archive.extract.decode import charset_of, codec_of
from archive.replay import css, html, xml
from archive.replay.links import Links

__all__ = ["MAX_REWRITTEN", "Kind", "Shown", "kind_of", "shown"]

MAX_REWRITTEN: Final = 16 * 1024 * 1024
"""Bytes of a document that are rewritten; the largest page of a news site met so far has a quarter of that."""

Kind = Literal["html", "xml", "css", "other"]

_HTML: Final = frozenset({"text/html"})
_XML: Final = re.compile(r"(?:text|application)/xml|.+\+xml|text/xsl")
_AT_CHARSET: Final = re.compile(rb'@charset "([^"]{1,40})"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    content_type: str
    body: bytes


def kind_of(mime: str) -> Kind:
    """What has to be done to a payload of this media type."""
    if mime in _HTML:
        return "html"
    if mime == "text/css":
        return "css"
    return "xml" if _XML.fullmatch(mime) else "other"


def shown(body: bytes, content_type: str, links: Links) -> Shown:
    """A payload without content codings, with its addresses led back into the archive, if it can have any."""
    mime = content_type.partition(";")[0].strip().lower()
    kind = kind_of(mime)
    if kind == "other":
        return Shown(content_type=content_type, body=body)
    if len(body) > MAX_REWRITTEN:
        return Shown(content_type="text/plain", body=body)
    charset = charset_of(content_type)
    if kind == "xml":
        bom, _ = read_bom(body)
        written = xml.rewrite(body, links, None if bom else codec_of(charset or ""))
        return Shown(content_type="text/plain" if written is None else mime, body=body if written is None else written)
    text = _text(body, charset, kind)
    changed = html.rewrite(text, links) if kind == "html" else css.rewrite(text, links.to)
    return Shown(content_type=f"{mime}; charset=utf-8", body=changed.encode("utf-8", "replace"))


def _text(body: bytes, charset: str | None, kind: Kind) -> str:
    bom, mark = read_bom(body)
    if bom:
        return body[len(mark or b"") :].decode(bom, "replace")
    codec = codec_of(charset or "") or _declared(body, kind)
    if codec:
        return body.decode(codec, "replace")
    try:  # where nobody says anything, what reads as UTF-8 is nothing else
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _declared(body: bytes, kind: Kind) -> str | None:
    """The encoding that a document names itself: what was read in ASCII is not UTF-16."""
    if kind == "css":
        found = _AT_CHARSET.match(body)
        codec = codec_of(found[1].decode("latin-1")) if found else None
    else:
        codec = html_body_declared_encoding(body[:4096])
    return "utf-8" if codec and codec.startswith(("utf-16", "utf-32")) else codec
