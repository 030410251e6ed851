"""A page to an article: bytes in, plain values out.

The same bytes give the same Extraction, whatever was read before and in whichever process: nothing here looks at the
clock, the network or an earlier page. A page that cannot be read is an Extraction too, with `error` and the label
``failed``; only a defect of this program raises.
"""

from __future__ import annotations

import logging
from importlib.metadata import version
from typing import Final

from archive.errors import ExtractionFailed
from archive.extract import text as text_of
from archive.extract.decode import decode, parse
from archive.extract.language import detect
from archive.model import Discovery, Extraction

__all__ = ["EXTRACTOR", "VERSION", "extract", "failed"]

EXTRACTOR: Final = "wirecopy"
VERSION: Final = f"1+trafilatura.{version('trafilatura')}"
"""Ours counts up whenever some page would be read differently, and only then."""

# What the engines say of single pages is of no use to a reader of our log: a page they fail on is counted as failed.
for _name in ("trafilatura", "htmldate", "readability", "courlan", "justext"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


def extract(html: bytes, *, url: str, charset: str | None, hint: Discovery | None = None) -> Extraction:
    """What the page `html` says; `html` without content encoding, `charset` the label of its Content-Type header."""
    try:
        markup = decode(html, charset)
        tree = parse(markup)
    except ExtractionFailed as error:
        return failed(url, str(error))
    text, engine = text_of.body(tree, markup, url)
    return Extraction(
        url=url,
        text=text or None,
        language=detect(text, None),
        word_count=text_of.words(text),
        origins={"text": engine},
        extractor=EXTRACTOR,
        version=VERSION,
        options=text_of.OPTIONS,
    )


def failed(url: str, why: str) -> Extraction:
    """What is kept of a page that the extractor gave up on."""
    return Extraction(
        url=url,
        kind="other",
        labels=("failed",),
        error=why,
        extractor=EXTRACTOR,
        version=VERSION,
        options=text_of.OPTIONS,
    )
