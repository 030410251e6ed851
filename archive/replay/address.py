"""How a capture is asked for in an address, and named by one. Pure.

    /20261123101500/https://news.example/    the page as captured nearest to that time, shown
    /20261123101500id_/https://…             the same capture, its bytes as they were sent
    /https://news.example/                   the TimeGate: by Accept-Datetime, else the newest
    /*/https://news.example/                 its captures
    /timemap/link/https://…, /timemap/json/… the same as a TimeMap

The forms are those of other replay systems, whose further modifiers (``im_``, ``cs_`` …) are understood as none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal
from urllib.parse import quote

from archive.errors import ConfigError
from archive.index.cdxj import timestamp14
from archive.model import Capture
from archive.since import parse_moment
from archive.urls import request_uri

__all__ = ["Asked", "capture_path", "is_at", "parse"]

_STAMPED: Final = re.compile(r"/(?P<stamp>\d{1,20})(?P<modifier>[a-z]{2}_)?/(?P<url>.+)", re.DOTALL)
_LISTED: Final = re.compile(r"/(?:\*|timemap/(?P<form>link|json))/(?P<url>.+)", re.DOTALL)
_GATE: Final = re.compile(r"/(?P<url>https?:.+)", re.DOTALL | re.IGNORECASE)
_UNSENDABLE: Final = re.compile(r"[^\x21-\x7e]+")
_SCHEME: Final = re.compile(r"https?:", re.IGNORECASE)

What = Literal["shown", "exact", "gate", "captures", "link", "json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    what: What
    url: str
    """As it would be asked for; https where none was said."""
    stamp: str = ""
    """14 digits or the first of them, as written."""
    at: datetime | None = None


def parse(target: str) -> Asked | None:
    """What a path with its query asks for; None when nothing of these. ConfigError for a time or URL that is none."""
    if found := _STAMPED.fullmatch(target):
        exact = found["modifier"] == "id_"
        at = parse_moment(found["stamp"], datetime.now(UTC))
        return Asked(what="exact" if exact else "shown", url=_url(found["url"]), stamp=found["stamp"], at=at)
    if found := _LISTED.fullmatch(target):
        forms: dict[str | None, What] = {"link": "link", "json": "json"}
        return Asked(what=forms.get(found["form"], "captures"), url=_url(found["url"]))
    if found := _GATE.fullmatch(target):
        return Asked(what="gate", url=_url(found["url"]))
    return None


def capture_path(capture: Capture, *, exact: bool = False) -> str:
    """Where a capture is shown, or its bytes are."""
    return f"/{timestamp14(capture.date)}{'id_' if exact else ''}/{_UNSENDABLE.sub(_escaped, capture.url)}"


def _escaped(found: re.Match[str]) -> str:
    return quote(found[0], errors="replace")


def is_at(capture: Capture, url: str) -> bool:
    """Whether a capture is of this URL; other people's archives spell theirs as they like."""
    try:
        return capture.url == url or request_uri(capture.url) == url
    except ValueError:
        return False


def _url(text: str) -> str:
    try:
        return request_uri(text if _SCHEME.match(text) else f"https://{text}")
    except ValueError as error:
        raise ConfigError(str(error)) from error
