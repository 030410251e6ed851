"""All recipes of a collection, and which of them holds for a page of a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

from archive.errors import ConfigError
from archive.recipes.recipe import Recipe, parse

__all__ = ["FOLDER", "Book", "Source", "read"]

FOLDER: Final = "recipes"

Source = tuple[str, str]
"""Name and text of a recipe: what travels to other processes, where it is compiled anew."""


def read(collection: Path) -> tuple[Source, ...]:
    """The recipes of the collection in this directory; ConfigError for one that cannot be read."""
    found = []
    for path in sorted((collection / FOLDER).glob("[!.]*.toml")):
        try:
            found.append((path.stem, path.read_text("utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: cannot be read ({error})") from error
    return tuple(found)


class Book:
    """Recipes, compiled."""

    def __init__(self, sources: Iterable[Source] = ()) -> None:
        """ConfigError, naming file and key, for what is wrong in them."""
        self.sources: tuple[Source, ...] = tuple(sources)
        self.recipes: tuple[Recipe, ...] = tuple(parse(name, text) for name, text in self.sources)
        self._by_id = {recipe.id: recipe for recipe in self.recipes}

    def find(self, url: str, day: date | None) -> Recipe | None:
        """The recipe for a page captured on that day (None: by today's rules): that with the closest host and path.

        Of several, the one that holds from the latest day on; of these, the first by name.
        """
        best: tuple[tuple[int, int], date] | None = None
        chosen = None
        for recipe in self.recipes:
            if fit := recipe.fit(url, day):
                rank = (fit, recipe.valid_from or date.min)
                if best is None or rank > best:
                    best, chosen = rank, recipe
        return chosen

    def get(self, recipe_id: str | None) -> Recipe | None:
        return self._by_id.get(recipe_id) if recipe_id else None
