"""A listing's bytes to text: gzip undone as far as it goes, the character encoding found. Pure, and never raises."""

from __future__ import annotations

import re

from w3lib.encoding import read_bom, resolve_encoding

from archive.encodings import Inflater
from crawler.discovery.candidates import MAX_BYTES

__all__ = ["decode", "inflate"]

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s;,"']+)""", re.IGNORECASE)


def inflate(data: bytes, limit: int = MAX_BYTES) -> tuple[bytes, str | None]:
    """Gzip undone, up to a limit, with what was wrong; several members are one, other bytes stay as they are."""
    if not data.startswith(b"\x1f\x8b"):
        return data[:limit], "longer than a listing may be: read in part" if len(data) > limit else None
    inflater = Inflater(b"gzip", limit)
    text = inflater.feed(data)
    if inflater.failed:
        return text, "damaged gzip: read in part"
    return text, None if inflater.whole else "cut-off gzip, or more than a listing may be: read in part"


def decode(data: bytes, content_type: str | None = None) -> str:
    """Text of a feed, sitemap or list: by byte order mark, else as UTF-8 if it is, else as declared, else cp1252."""
    encoding, mark = read_bom(data)
    if encoding and mark:
        return data[len(mark) :].decode(encoding, "replace")
    if data.startswith((b"<\x00", b"\x00<")):  # UTF-16 without its mark
        return data.decode("utf-16-le" if data[0] else "utf-16-be", "replace")
    declared = _DECLARED.match(data)
    header = _CHARSET.search(content_type or "")
    names = [declared[1].decode("ascii") if declared else None, header[1] if header else None]
    codecs = [codec for name in names if name and (codec := resolve_encoding(name)) and not codec.startswith("utf-16")]
    # UTF-8 is tried first: text that is valid UTF-8 by chance is rare, a wrong declaration is not. But seven-bit
    # encodings (ISO-2022-JP) are valid UTF-8 always, so those are believed.
    if not any(codec.startswith(("iso2022", "iso-2022", "hz", "utf-7")) for codec in codecs):
        codecs.insert(0, "utf-8")
    for codec in codecs:
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    text = data.decode("utf-8", "replace")
    odd = [character for character in text[:1_000_000] if character > "\x7f"]
    return text if odd.count("\ufffd") * 2 < len(odd) else data.decode("cp1252", "replace")
