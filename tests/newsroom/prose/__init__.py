"""Plausible news text from templates: one TOML file a language, every draw from the caller's random generator.

A `Story` fixes who and where, so that title, lead and paragraphs of an article speak of the same things.
No sentence comes twice in a story.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

__all__ = ["LANGUAGES", "Story", "vocabulary"]

LANGUAGES = tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.toml")))


@cache
def vocabulary(language: str) -> dict[str, Any]:
    """The names, things and sentence templates of a language."""
    return tomllib.loads((Path(__file__).parent / f"{language}.toml").read_text("utf-8"))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


@dataclass
class Story:
    """One event to write about: the same town, people and project in every sentence."""

    language: str
    section: str
    random: Random
    _names: dict[str, object] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        words, rng = vocabulary(self.language), self.random
        place, other = rng.sample(words["places"], 2)
        person, second = rng.sample(words["people"], 2)
        self._names = {"place": place, "other": other, "person": person, "second": second}
        self._names["project"] = rng.choice(words["projects"][self.section])
        for slot, names in (("org", "orgs"), ("body", "bodies")):
            self._names[slot] = rng.choice(words[names])

    def _fill(self, template: str) -> str:
        words, rng = vocabulary(self.language), self.random
        return _capitalised(
            template.format(
                **self._names,
                role=rng.choice(words["roles"]),
                day=rng.choice(words["days"]),
                month=rng.choice(words["months"]),
                number=rng.randrange(120, 900),
                money=rng.randrange(2, 80),
                percent=rng.randrange(11, 79),
                years=rng.randrange(3, 12),
            )
        )

    def title(self) -> str:
        return self._fill(self.random.choice(vocabulary(self.language)["text"]["titles"]))

    def description(self) -> str:
        return self._fill(self.random.choice(vocabulary(self.language)["text"]["descriptions"]))

    def paragraphs(self, count: int) -> tuple[str, ...]:
        """The lead with two sentences to it, then `count` - 1 paragraphs of three (fewer when sentences run out)."""
        words = vocabulary(self.language)
        text, joiner = words["text"], words.get("joiner", " ")
        drawn = [self._fill(one) for one in self.random.sample(text["sentences"], len(text["sentences"]))]
        drawn.insert(0, self._fill(self.random.choice(text["leads"])))
        whole = [joiner.join(drawn[at : at + 3]) for at in range(0, len(drawn) - 2, 3)]
        return tuple(whole[:count])
