"""``application/warc-fields``: named lines of warcinfo and metadata records, and what a capture's metadata says.

Pure. A value is one line: whatever would break it (line ends, control characters) becomes a space, since neither
folding (#74) nor encoded words (#67) are understood by readers. docs/metadata.md lists the names.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable

from archive.model import Discovery, Exchange

__all__ = ["capture_fields", "discovery_of", "dump", "load", "one_line"]

_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def one_line(value: str) -> str:
    """The value with nothing in it that would end its line, and nothing that UTF-8 cannot spell."""
    if value.isascii() and value.isprintable():
        return value.strip()
    return _BREAKS.sub(" ", value).strip().encode("utf-8", "replace").decode()


def dump(fields: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {one_line(value)}\r\n" for name, value in fields).encode()


def load(block: bytes) -> list[tuple[str, str]]:
    """Name and value of every line that has a colon; names as written, in order."""
    lines = (line.partition(":") for line in block.decode("utf-8", "replace").splitlines())
    return [(name.strip(), value.strip()) for name, colon, value in lines if colon]


def capture_fields(exchange: Exchange) -> list[tuple[str, str]]:
    """What the metadata record of a capture says: how it was found, how long it took, what is not in the block."""
    found = exchange.discovery
    fields = [("via", found.via)] if found.via else []
    fields += [("hopsFromSeed", found.hops), ("fetchTimeMs", str(exchange.elapsed_ms))]
    for name, value in (
        ("listing", found.listing),
        ("listing-title", found.title),
        *(("listing-author", author) for author in found.authors),
        ("listing-published", found.published),
        ("listing-language", found.language),
        ("part-of", found.part_of),
        ("part", str(found.part) if found.part else None),
        ("robots-refuses", ", ".join(found.refused)),
        ("tdmrep-reserves", found.reserved),
        ("robots-meta-obeyed-as", found.obeys),
        *(("source-label", label) for label in found.labels),
    ):
        if value and one_line(value):
            fields.append((name, value))
    fields += [("interim-response", base64.b64encode(head).decode()) for head in exchange.interim]
    if exchange.surplus_length:
        fields.append(("surplus-length", str(exchange.surplus_length)))
        fields.append(("surplus", base64.b64encode(exchange.surplus).decode()))
    return fields


def discovery_of(fields: Iterable[tuple[str, str]]) -> Discovery:
    """The Discovery that `capture_fields` wrote down; empty for metadata that others wrote of other things."""
    first: dict[str, str] = {}
    authors, labels = [], []
    for name, value in fields:
        if name == "listing-author":
            authors.append(value)
        elif name == "source-label":
            labels.append(value)
        else:
            first.setdefault(name, value)
    return Discovery(
        via=first.get("via") or None,
        hops=first.get("hopsFromSeed", ""),
        listing=first.get("listing"),
        title=first.get("listing-title"),
        authors=tuple(authors),
        published=first.get("listing-published"),
        language=first.get("listing-language"),
        part_of=first.get("part-of") or None,
        part=int(number) if (number := first.get("part", "")).isascii() and number.isdecimal() else None,
        refused=tuple(filter(None, map(str.strip, first.get("robots-refuses", "").split(",")))),
        reserved=first.get("tdmrep-reserves") or None,
        obeys=first.get("robots-meta-obeyed-as") or None,
        labels=tuple(labels),
    )
