"""Whether a payload is stored again, or a record points to the one that holds it. Pure.

Rules of the revisit profiles (WARC/1.1, 6.7.2 and 6.7.3): nothing truncated or empty becomes a revisit, and none
points to a record that is truncated or a revisit itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from archive.http import Head
from archive.model import Capture

__all__ = ["DedupScope", "Revisit", "Store", "decide", "holds_payload", "request_fields", "validated"]

DedupScope = Literal["url", "collection", "off"]
"""Where the earlier record must be from: the same URL, anywhere, or nowhere."""


@dataclass(frozen=True, slots=True)
class Store:
    """Write the response whole."""


@dataclass(frozen=True, slots=True)
class Revisit:
    """Write the head, and point to this capture for the payload."""

    of: Capture


def decide(
    *, url: str, digest: str, length: int, truncated: bool, scope: DedupScope, known: Iterable[Capture]
) -> Store | Revisit:
    """What becomes of a response with this payload; `known` are earlier captures that may have the same."""
    if scope == "off" or truncated or not length:
        return Store()
    for capture in known:
        if capture.digest == digest and holds_payload(capture) and (scope == "collection" or capture.url == url):
            return Revisit(capture)
    return Store()


def holds_payload(capture: Capture) -> bool:
    """Whether a revisit may point to it."""
    return capture.mime != "warc/revisit" and capture.truncated is None and bool(capture.id and capture.digest)


def validated(request: Mapping[bytes, bytes], stored: Head) -> bool:
    """Whether the request asked for news since just this response (RFC 9110, 13.1.2 and 13.1.3)."""
    tags = request.get(b"if-none-match")
    if tags is not None:
        tag = stored.get(b"etag")
        return tag is not None and _opaque(tag) in [_opaque(one) for one in tags.split(b",")]
    since = request.get(b"if-modified-since")
    return since is not None and since == stored.get(b"last-modified")


def request_fields(request: bytes) -> dict[bytes, bytes]:
    """The header fields of a request of our own making, names in lower case."""
    lines = request.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    pairs = (line.partition(b":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _opaque(tag: bytes) -> bytes:
    """An entity tag without its mark of weakness: comparison for If-None-Match is weak."""
    return tag.strip().removeprefix(b"W/")
