"""What a payload is, told from its first bytes and from nothing else (WARC-Identified-Payload-Type).

Signatures are those of the WHATWG MIME Sniffing Standard, with the XML vocabularies that a news crawl meets.
"""

from __future__ import annotations

import re

__all__ = ["SNIFF_LENGTH", "sniff"]

SNIFF_LENGTH = 2048
"""As many bytes of the payload, content encodings removed, as `sniff` looks at."""

_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x00\x00\x01\x00", "image/vnd.microsoft.icon"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"OggS\x00", "application/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
_CONTAINERS = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/avi"}
_BRANDS = {b"avif": "image/avif", b"avis": "image/avif", b"heic": "image/heic"}

_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|meta|link|article|main"
    rb")(?=[\s>/])",
    re.IGNORECASE,
)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)\s*", re.DOTALL)
_PROLOGUE = re.compile(rb"(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>|\s+)*", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)(?=[\s>/])")
_VOCABULARIES = {
    b"rss": "application/rss+xml",
    b"feed": "application/atom+xml",
    b"RDF": "application/rdf+xml",
    b"svg": "image/svg+xml",
    b"html": "application/xhtml+xml",
}
_JSON = re.compile(rb'(?:\{\s*(?:"|\}\s*\Z)|\[\s*(?:[\[{"\]\d-]|true|false|null))')
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def sniff(start: bytes) -> str | None:
    """The media type that the first bytes of a payload show, or None when they show none."""
    start = start[:SNIFF_LENGTH]
    for magic, kind in _MAGIC:
        if start.startswith(magic):
            return kind
    if start.startswith(b"RIFF"):
        return _CONTAINERS.get(start[8:12])
    if start[4:8] == b"ftyp":
        return _BRANDS.get(start[8:12], "video/mp4")
    text = _eight_bit(start)
    if text is None or _BINARY.search(text) or not text.strip():
        return None
    return _markup(text) or ("application/json" if _JSON.match(text.lstrip()) else "text/plain")


def _eight_bit(start: bytes) -> bytes | None:
    """The same text in an encoding that keeps ASCII, its byte order mark taken off."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start.decode("utf-16", "replace").encode()
    return start.removeprefix(b"\xef\xbb\xbf")


def _markup(text: bytes) -> str | None:
    text = text.lstrip()
    if not text.startswith(b"<"):
        return None
    if not text.startswith(b"<?xml"):
        if _HTML.match(_COMMENT.sub(b"", text, count=20)):
            return "text/html"
        if text.startswith(b"<!--"):
            return "text/html"
    prologue = _PROLOGUE.match(text)
    root = _ROOT.match(text, prologue.end() if prologue else 0)
    if root is None:
        return "text/xml" if text.startswith(b"<?xml") else None
    return _VOCABULARIES.get(root[1], "text/xml")
