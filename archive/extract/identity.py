"""Who reads: what every reading says of its extractor. Light to import, for those who only hand out pages."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

from archive.model import Extraction

__all__ = ["EXTRACTOR", "OPTIONS", "VERSION", "WITNESS_RATIO", "failed"]

EXTRACTOR: Final = "wirecopy"
VERSION: Final = f"1+trafilatura.{version('trafilatura')}"
"""Ours counts up whenever some page would be read differently, and only then."""

WITNESS_RATIO: Final = 1.5
"""How many times the text the witness must find before the full cascade is asked: one article in eight."""

OPTIONS: Final = {"mode": "frame", "witness": f"resiliparse>{WITNESS_RATIO}"}


def failed(url: str, why: str) -> Extraction:
    """What is kept of a page that the extractor gave up on."""
    return Extraction(
        url=url,
        kind="other",
        labels=("failed",),
        error=why,
        extractor=EXTRACTOR,
        version=VERSION,
        options=OPTIONS,
    )
