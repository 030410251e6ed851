"""URLs taken out of logs and reports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

__all__ = ["mentioning", "pattern", "redacted"]

_INSTEAD = b"[removed]"
_GOES_ON = rb"(?![\w\-~%/?&=+]|[.,:;!'*@$()]+[\w%/])"  # so that it is a longer URL, not the end of a sentence


def pattern(urls: Iterable[str]) -> re.Pattern[bytes]:
    """What finds these URLs, and no longer ones that begin so."""
    return re.compile(b"(?:" + b"|".join(re.escape(url.encode()) for url in sorted(urls)) + b")" + _GOES_ON)


def mentioning(folder: Path, urls: re.Pattern[bytes]) -> Iterator[Path]:
    """The files below the folder in which one of the URLs stands."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                if any(urls.search(line) for line in file):
                    yield path


def redacted(path: Path, urls: re.Pattern[bytes]) -> Iterator[bytes]:
    """The file's lines without them."""
    with path.open("rb") as file:
        for line in file:
            yield urls.sub(_INSTEAD, line)
