"""Who reads: what every reading says of its extractor. Light to import, for those who only hand out pages."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

from archive.model import Extraction

__all__ = ["EXTRACTOR", "OPTIONS", "VERSION", "WITNESS_RATIO", "failed", "options_with"]

EXTRACTOR: Final = "wirecopy"
VERSION: Final = f"5+trafilatura.{version('trafilatura')}"
"""Ours counts up whenever some page would be read differently, and only then."""

WITNESS_RATIO: Final = 1.5
"""How many times the text the witness must find before the full cascade is asked: one article in eight."""

OPTIONS: Final = {"mode": "frame", "witness": f"resiliparse>{WITNESS_RATIO}"}


def options_with(recipe_id: str | None) -> dict[str, str]:
    """The options of a page that was read by this recipe: readings by another cannot be compared with it."""
    return {**OPTIONS, "recipe": recipe_id} if recipe_id else OPTIONS


def failed(url: str, why: str, recipe_id: str | None = None) -> Extraction:
    """What is kept of a page that the extractor gave up on."""
    return Extraction(
        url=url,
        kind="other",
        labels=("failed",),
        error=why,
        extractor=EXTRACTOR,
        version=VERSION,
        options=options_with(recipe_id),
    )
