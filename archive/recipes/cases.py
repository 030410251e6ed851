"""Saved pages and what is to be read from them, beside the recipe: ``NAME/CASE.html`` and ``NAME/CASE.json``.

A case names only the fields that it expects; null stands for nothing. Cases travel with their recipe, so the next
redesign of a site is told from a mistake in the recipe.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from archive.errors import ConfigError
from archive.model import Extraction
from archive.recipes.book import FOLDER

__all__ = ["FIELDS", "Case", "Wrong", "compare", "read_cases", "save"]

FIELDS: Final = (
    "title", "authors", "published", "modified", "language", "site", "section", "tags", "description", "image", "kind",
    "text",
)  # fmt: skip

_Value = str | tuple[str, ...] | None


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    url: str
    captured: date | None = None
    charset: str | None = None
    expect: dict[str, _Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    recipe: str
    name: str
    url: str
    captured: date | None
    charset: str | None
    page: bytes
    expect: dict[str, _Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A field that is read otherwise than expected."""

    field: str
    expected: _Value
    found: _Value


def read_cases(collection: Path, recipe: str) -> Iterator[Case]:
    """The cases of a recipe; ConfigError, naming the file, for one that is not right."""
    for path in sorted((collection / FOLDER / recipe).glob("[!.]*.json")):
        try:
            file = msgspec.json.decode(path.read_bytes(), type=_File)
            page = path.with_suffix(".html").read_bytes()
        except (OSError, msgspec.MsgspecError) as error:
            raise ConfigError(f"{FOLDER}/{recipe}/{path.name}: {error}") from error
        if unknown := sorted(file.expect.keys() - set(FIELDS)):
            raise ConfigError(
                f"{FOLDER}/{recipe}/{path.name}: expect.{unknown[0]}: expected one of {', '.join(FIELDS)}"
            )
        yield Case(
            recipe=recipe,
            name=path.stem,
            url=file.url,
            captured=file.captured,
            charset=file.charset,
            page=page,
            expect=file.expect,
        )


def compare(case: Case, said: Extraction) -> list[Wrong]:
    """The fields that are not as expected."""
    pairs = [(field, wanted, getattr(said, field)) for field, wanted in case.expect.items()]
    return [Wrong(field=field, expected=wanted, found=found) for field, wanted, found in pairs if wanted != found]


def save(collection: Path, case: Case) -> Path:
    """Write a case, in the place of one of this name: its JSON file, to be looked over by whoever wrote the recipe."""
    folder = collection / FOLDER / case.recipe
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{case.name}.html").write_bytes(case.page)
    file = _File(url=case.url, captured=case.captured, charset=case.charset, expect=case.expect)
    path = folder / f"{case.name}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(file), indent=2) + b"\n")
    return path
