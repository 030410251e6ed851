"""A reading as JSON: what its metadata record in ``text/`` holds, and what the catalogue is built from.

The document has all fields of the Extraction, and the id of the capture that was read; unknown is null, never missing.
Fields that a newer wirecopy added are read past. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from archive.model import Extraction, Wish

__all__ = [
    "SCHEMA",
    "STRUCTURES",
    "decode",
    "dump_asks",
    "dump_labels",
    "dump_options",
    "dump_origins",
    "dump_wishes",
    "encode",
    "load_asks",
    "load_labels",
    "load_origins",
    "load_wishes",
    "terse",
]

SCHEMA = 1
STRUCTURES = ("blocks", "figures")
"""Fields that are lists of objects, most of whose keys would say nothing."""
_LONE = re.compile("[\ud800-\udfff]")


class _Address(msgspec.Struct):
    capture: str


_addresses = msgspec.json.Decoder(_Address)
_extractions = msgspec.json.Decoder(Extraction)
_wishes = msgspec.json.Decoder(tuple[Wish, ...])
_origins = msgspec.json.Decoder(dict[str, str])
_labels = msgspec.json.Decoder(frozenset[str])


def encode(capture_id: str, extraction: Extraction) -> bytes:
    """The document of a reading, in UTF-8."""
    # What leads to captures comes first: a takedown looks for it in the start of the block.
    document = {"schema": SCHEMA, "capture": capture_id, "pages": ()} | msgspec.to_builtins(extraction)
    for name in STRUCTURES:
        document[name] = terse(document[name])
    try:
        return msgspec.json.encode(document)
    except UnicodeEncodeError:  # half of a surrogate pair, as careless JSON-LD has it
        return msgspec.json.encode(_writable(document))


def decode(document: bytes | str) -> tuple[str, Extraction]:
    """Capture id and extraction of a document; ValueError when it is none."""
    try:
        return _addresses.decode(document).capture, _extractions.decode(document)
    except msgspec.MsgspecError as error:
        raise ValueError(f"not the document of a reading: {error}") from error


def terse(value: Any) -> Any:
    """Lists of objects without the keys that say nothing: false, 0, null and empty, which are the defaults of all."""
    if isinstance(value, dict):
        return {key: terse(item) for key, item in value.items() if item}
    return [terse(item) for item in value] if isinstance(value, list | tuple) else value


def dump_options(options: Mapping[str, str]) -> str:
    """Options as JSON, the same for equal ones."""
    return msgspec.json.encode(dict(sorted(options.items()))).decode()


def dump_labels(labels: Iterable[str]) -> str:
    return msgspec.json.encode(sorted(labels)).decode()


def load_labels(labels: str) -> frozenset[str]:
    return frozenset() if labels == "[]" else _labels.decode(labels)


def dump_origins(origins: Mapping[str, str]) -> str:
    return msgspec.json.encode(origins).decode()


def load_origins(origins: str) -> Mapping[str, str]:
    return _origins.decode(origins)


def dump_asks(asks: Sequence[str] | None) -> str | None:
    """Lines of archive.asks as one text; None stays None."""
    return None if asks is None else "\n".join(asks)


def load_asks(asks: str | None) -> tuple[str, ...] | None:
    return None if asks is None else tuple(asks.split("\n")) if asks else ()


def dump_wishes(wishes: Sequence[Wish]) -> str:
    return msgspec.json.encode(wishes).decode() if wishes else "[]"


def load_wishes(wishes: str) -> tuple[Wish, ...]:
    return () if wishes == "[]" else _wishes.decode(wishes)


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return _LONE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_writable(name): _writable(item) for name, item in value.items()}
    return [_writable(item) for item in value] if isinstance(value, list | tuple) else value
