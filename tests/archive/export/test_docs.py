from __future__ import annotations

import re
from pathlib import Path

from archive.export.columns import COLUMNS, VERSION_COLUMNS
from archive.export.formats import FORMATS

PAGE = Path(__file__).parents[3].joinpath("docs", "articles.md").read_text("utf-8")


def test_every_column_is_documented_in_its_place() -> None:
    assert tuple(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == COLUMNS


def test_so_is_every_column_of_versions() -> None:
    page = Path(__file__).parents[3].joinpath("docs", "versions.md").read_text("utf-8")
    _, rows = page.split("## As data")
    assert COLUMNS + tuple(re.findall(r"^\| `(\w+)` \|", rows, re.MULTILINE)) == VERSION_COLUMNS


def test_every_format_is_documented() -> None:
    assert set(re.findall(r"^- \*\*(\w+)\*\*", PAGE, re.MULTILINE)) == set(FORMATS)
