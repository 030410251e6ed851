"""Headers that guard what is shown, and what becomes of those that were archived. Pure.

Of archived headers only those that describe the body are sent again; all of them are told under names of their own
(``X-Archive-Orig-…``), where they open no door and lead nowhere. Cookies are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from archive.http import Head

__all__ = ["OWN_PAGE", "REPLAYED", "ROOM", "archived", "cross_origin"]

_SHARED: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-DNS-Prefetch-Control", "off"),
)

REPLAYED: Final = (
    (
        "Content-Security-Policy",
        "sandbox allow-downloads allow-popups; default-src 'self' data:; style-src 'self' data: 'unsafe-inline'; "
        "script-src 'none'; connect-src 'none'; worker-src 'none'; manifest-src 'none'; form-action 'none'; "
        "base-uri 'self'",
    ),
    ("Referrer-Policy", "origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
    *_SHARED,
)
"""Of all that the replay server says: an origin of its own that no other has, no scripts, nothing from elsewhere."""

OWN_PAGE: Final = (("Cache-Control", "no-store"),)

ROOM: Final = (
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("Cache-Control", "no-store"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"),
    *_SHARED,
)
"""Of all that the reading room says: framed, embedded and read by nobody else."""

_TOKEN: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_MOST: Final = 16 * 1024
"""Bytes of archived headers that are told; browsers refuse an answer with very long ones."""


def archived(head: Head) -> Iterator[tuple[str, str]]:
    """The archived headers under their own names, as many as are sure to be read."""
    left = _MOST
    for name, value in head.headers:
        left -= len(name) + len(value)
        if left < 0:
            return
        if _TOKEN.fullmatch(name) and not name.lower().startswith(b"set-cookie"):
            text = re.sub(rb"[\x00-\x08\x0a-\x1f\x7f]", b" ", value).decode("latin-1")
            yield f"X-Archive-Orig-{name.decode('ascii')}", text


def cross_origin(headers: Mapping[str, str], host: str) -> tuple[tuple[str, str], ...]:
    """Fonts are asked for across origins, and each replayed page is an origin of its own: it may have them.

    Only a page of this server may: no other can say that it is one (Referer is the browser's to write).
    """
    if headers.get("origin") == "null" and urlsplit(headers.get("referer", "")).netloc == host:
        return (("Access-Control-Allow-Origin", "null"), ("Vary", "Origin"))
    return ()
