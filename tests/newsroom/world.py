"""What is true of the newsroom: its articles, made from a seed. Pure: no clock, no address, no bytes.

The same seed yields the same articles whatever their number, so article 17 of 24 is article 17 of 5,000.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from random import Random

from tests.newsroom.prose import Story, vocabulary

__all__ = ["NAME", "NEWEST", "SECTIONS", "Article", "articles", "slug"]

NAME = "The Harbour Courier"
SECTIONS = ("politics", "business", "science", "culture", "sport")
NEWEST = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
"""When the last article came out: a fixed day, so that the world does not change with the calendar."""

TEMPLATES = ("ledger", "graph", "opengraph", "microdata", "press")
_LANGUAGES = ("en", "en", "de", "en", "en", "fr", "en", "zh", "en", "es", "en", "en", "ja", "en", "ru", "en", "ar")
_CHARSETS = {"de": "windows-1252", "fr": "iso-8859-1", "ja": "shift_jis", "zh": "gb18030"}
_OFFSETS = {"en": 0, "de": 60, "fr": 60, "es": 60, "zh": 480, "ja": 540, "ru": 180, "ar": 120}
_RTL = {"ar"}
_KINDS = {9: "press-release", 10: "opinion", 11: "live-blog", 17: "gallery", 22: "video"}
"""Of every 25 articles; five templates, so each kind is told in the same one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article, as its editors know it."""

    number: int
    path: str
    title: str
    authors: tuple[str, ...]
    published: datetime
    """With the offset of the desk that wrote it."""
    modified: datetime | None
    language: str
    section: str
    tags: tuple[str, ...]
    description: str
    image: str
    """Path of the lead image."""
    paragraphs: tuple[str, ...]
    template: str
    """Which of the outlet's page templates shows it."""
    charset: str
    kind: str = "news"

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)

    @property
    def direction(self) -> str:
        return "rtl" if self.language in _RTL else "ltr"

    @property
    def updated(self) -> datetime:
        return self.modified or self.published


def slug(text: str) -> str:
    """ASCII words of a title, or nothing for scripts that have none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def articles(seed: int = 1) -> Iterator[Article]:
    """Articles without end, the newest first."""
    number, titles = 0, set[str]()
    while True:
        number += 1
        yield _article(number, Random(f"{seed}/{number}"), titles)


def _article(number: int, rng: Random, titles: set[str]) -> Article:
    language = _LANGUAGES[number % len(_LANGUAGES)]
    section = SECTIONS[(number + number // 5) % len(SECTIONS)]
    for _ in range(8):
        story = Story(language, section, rng)
        if (title := story.title()) not in titles:
            break
    else:
        title = f"{title} ({number})"
    titles.add(title)
    words = vocabulary(language)
    zone = timezone(timedelta(minutes=_OFFSETS[language]))
    kind = _KINDS.get(number % 25, "news")
    place = f"{section}/gallery" if kind == "gallery" else section
    published = (NEWEST - timedelta(minutes=97 * (number - 1) + rng.randrange(90))).astimezone(zone)
    return Article(
        number=number,
        path=f"/{place}/{published:%Y/%m/%d}/{slug(title) or 'story'}-{number}.html",
        title=title,
        authors=tuple(rng.sample(words["people"], 2 if number % 4 == 0 else 1)),
        published=published,
        modified=published + timedelta(minutes=rng.randrange(20, 600)) if number % 3 == 0 else None,
        language=language,
        section=section,
        tags=tuple(rng.sample(words["tags"][section], 2)),
        description=story.description(),
        image=f"/images/{number}.{'jpg' if number % 2 else 'png'}",
        paragraphs=_sent_out(kind, published, story.paragraphs(6 + number % 5)),
        template=TEMPLATES[number % len(TEMPLATES)],
        charset=_CHARSETS.get(language, "utf-8"),
        kind=kind,
    )


def _sent_out(kind: str, published: datetime, paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    """The paragraphs; those of a press release with the wire's dateline."""
    if kind != "press-release":
        return paragraphs
    return f"{NAME.upper()}, {published:%Y-%m-%d} /PRNewswire/ -- {paragraphs[0]}", *paragraphs[1:]
