"""Which fields which records may, must and should have: WARC/1.1 clause 5 as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["FIELDS", "LACKING", "MISSING", "TYPES"]

TYPES: Final = frozenset(
    ["warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation"]
)
_EVENT: Final = frozenset(["response", "resource", "request", "metadata", "revisit"])
_PAYLOAD: Final = TYPES - {"warcinfo", "metadata"}

FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "warc-type": TYPES,
    "warc-record-id": TYPES,
    "warc-date": TYPES,
    "content-length": TYPES,
    "content-type": TYPES,
    "warc-block-digest": TYPES,
    "warc-truncated": TYPES,
    "warc-segment-number": TYPES,
    "warc-target-uri": TYPES - {"warcinfo"},
    "warc-warcinfo-id": TYPES - {"warcinfo"},
    "warc-concurrent-to": _EVENT,
    "warc-ip-address": _EVENT,
    "warc-payload-digest": _PAYLOAD,
    "warc-identified-payload-type": _PAYLOAD,
    "warc-refers-to": frozenset(["metadata", "revisit", "conversion"]),
    "warc-refers-to-target-uri": frozenset(["revisit"]),
    "warc-refers-to-date": frozenset(["revisit"]),
    "warc-profile": frozenset(["revisit"]),
    "warc-filename": frozenset(["warcinfo"]),
    "warc-segment-origin-id": frozenset(["continuation"]),
    "warc-segment-total-length": frozenset(["continuation"]),
    "warc-protocol": _EVENT,  # iipc/warc-specifications #42
    "warc-cipher-suite": _EVENT,  # #86
}
"""Every field of the standard and the extensions in wide use, and the types of record that may have it."""

_ALWAYS: Final = ("warc-type", "warc-record-id", "warc-date")
_OF_A_URI: Final = (*_ALWAYS, "warc-target-uri")
MISSING: Final[Mapping[str, tuple[str, ...]]] = {
    "warcinfo": _ALWAYS,
    "metadata": _ALWAYS,
    "response": _OF_A_URI,
    "resource": _OF_A_URI,
    "request": _OF_A_URI,
    "conversion": _OF_A_URI,
    "revisit": (*_OF_A_URI, "warc-profile"),
    "continuation": (*_OF_A_URI, "warc-segment-number", "warc-segment-origin-id"),
}
"""What the standard demands. (Content-Length has a code of its own.)"""

_USUAL: Final = ("content-type", "warc-block-digest", "warc-warcinfo-id")
_COPIES: Final = ("warc-refers-to-target-uri", "warc-refers-to-date")
LACKING: Final[Mapping[str, tuple[str, ...]]] = {
    "warcinfo": ("content-type", "warc-block-digest", "warc-filename"),
    "metadata": _USUAL,
    "response": _USUAL,
    "resource": (*_USUAL, "warc-payload-digest"),
    "request": _USUAL,
    "conversion": (*_USUAL, "warc-payload-digest", "warc-refers-to"),
    "revisit": (*_USUAL, "warc-payload-digest", "warc-refers-to", *_COPIES),
    "continuation": ("warc-block-digest",),
}
"""What it advises, and this project always writes. (The payload digest of a response depends on its block.)"""
