"""Logs and reports of crawls are records in their WARC files; the files in ``crawls/`` are for a while only."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

__all__ = ["tidy"]

_CRAWL: Final = re.compile(r"(\d{8}-\d{6})-[0-9a-f]{4}")


def tidy(crawls: Path, before: float) -> int:
    """Remove what crawls that began before then (seconds since 1970) left in ``crawls/``: how many there were."""
    limit = f"{datetime.fromtimestamp(before, UTC):%Y%m%d-%H%M%S}"
    removed = 0
    for directory in crawls.iterdir() if crawls.is_dir() else ():
        if (match := _CRAWL.fullmatch(directory.name)) and match[1] < limit:
            shutil.rmtree(directory, ignore_errors=True)
            removed += 1
    return removed
