"""What sources' pages lack as they are read, day by day, and what a new layout takes away; the same for the same seed.

An outlet has kinds of pages (articles, notices, galleries, live blogs, agency pieces), each with its own length and its
own template, in proportions that differ from day to day; for some days one of them prevails (an election, a tournament,
holidays), and a few outlets begin something new (a ticker) that stays. Half of the outlets change their layout once.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import fsum, inf, log
from typing import Final

from archive.catalogue.texts import CLASSES, Texts, length
from benchmarks.schedule.world import DAY, START, world

__all__ = ["CHANGES", "DAY", "START", "Site", "sites"]

CHANGES: Final = ("text", "teaser", "wall", "title", "date", "author")
"""What a new layout has the extractor find no more: the text, all but its first lines, anything behind a wall, …"""
_KINDS: Final = {  # words, and how much they differ (of their logarithm); whether it is signed, and is no article
    "article": (500.0, 0.5, 1.0, 0.0),
    "notice": (80.0, 0.4, 0.2, 0.0),
    "gallery": (45.0, 0.6, 0.5, 0.25),
    "live": (1500.0, 0.6, 0.5, 0.05),
    "agency": (250.0, 0.4, 0.0, 0.0),
}
_ONE: Final = [tuple(int(each == at) for each in range(CLASSES)) for at in range(CLASSES + 1)]
"""Lengths of a single page, by its class; the last of one without a text."""
_EVENTS: Final = 24.0
"""Days from one event to the next, on average."""


@dataclass(slots=True)
class Site:
    name: str
    articles: Sequence[float]
    """When they come out, sorted; seconds."""
    usual: dict[str, float] = field(default_factory=dict)
    """Of all pages, the share of each kind."""
    later: dict[str, float] = field(default_factory=dict)
    begins: float = inf
    """From when on the shares are those `later`."""
    evenness: float = 10.0
    """How much the shares of a day are the usual ones."""
    words: float = 1.0
    """How long its pages are, to those of others."""
    lacks: dict[str, float] = field(default_factory=dict)
    """Of its articles, the share that never has a title, date, author or text, or is behind a wall."""
    change: str | None = None
    """One of CHANGES."""
    changes: float = inf
    spread: float = 0.0
    """Seconds over which the new layout replaces the old one."""
    templates: frozenset[str] = frozenset()
    """Kinds of pages that have it."""
    rest: float = 0.2
    """Of the text, what is left as a teaser."""

    @property
    def a_day(self) -> float:
        return len(self.articles) * DAY / (self.articles[-1] - self.articles[0] + DAY) if self.articles else 0.0

    def crawls(self, dice: random.Random, every: float) -> Iterator[tuple[float, Texts]]:
        """What each crawl that brings anything reads, and when."""
        at = ends = START
        pages: list[Texts] = []
        today, shares, event = -1, self.usual, None
        for published in self.articles:
            if pages and published > at:
                yield at, _sum(pages)
                pages = []
            at = START + ((published - START) // every + 1) * every
            if (day := int(published // DAY)) != today:
                today = day
                if published >= ends:
                    event = dice.choice(list(_KINDS)) if dice.random() < 1 / _EVENTS else None
                    ends = published + (dice.uniform(1, 10) * DAY if event else 0.0)
                shares = self._shares(dice, published, event)
            pages.append(self._page(dice, dice.choices(list(shares), list(shares.values()))[0], published))
        if pages:
            yield at, _sum(pages)

    def _shares(self, dice: random.Random, at: float, event: str | None) -> dict[str, float]:
        usual = self.later if at >= self.begins else self.usual
        shares = {kind: dice.gammavariate(max(0.05, share * self.evenness), 1.0) for kind, share in usual.items()}
        if event:
            shares[event] += dice.uniform(0.5, 4) * fsum(shares.values())
        return shares

    def _page(self, dice: random.Random, kind: str, at: float) -> Texts:
        usual, sigma, signed, other = _KINDS[kind]
        lacks = self.lacks
        words = dice.lognormvariate(log(usual * self.words), sigma)
        empty = dice.random() < 1 - (1 - lacks["empty"]) * (1 - other)
        walled = dice.random() < lacks["walled"]
        words = min(words, 120.0) if walled else words
        untitled, undated = dice.random() < lacks["untitled"], dice.random() < lacks["undated"]
        unsigned = dice.random() > signed * (1 - lacks["unsigned"])
        new = kind in self.templates and at >= self.changes + dice.random() * self.spread
        if new and dice.random() < 0.97:
            empty |= self.change in ("text", "wall")
            walled |= self.change == "wall"
            untitled |= self.change == "title"
            undated |= self.change == "date"
            unsigned |= self.change == "author"
            words *= self.rest if self.change == "teaser" else 1.0
        read = not empty
        return Texts(
            pages=1,
            empty=empty,
            walled=walled,
            untitled=read and untitled,
            undated=read and undated,
            unsigned=read and unsigned,
            lengths=_ONE[length(round(words))] if read else _ONE[-1],
        )


def sites(seed: int, *, sources: int, days: int) -> list[Site]:
    """Outlets of all sizes; every second changes its layout, between a half and two thirds of the time."""
    dice = random.Random(seed)
    outlets = [one for one in world(seed, sources=sources, days=days) if one.fate in ("well", "moved")]
    return [
        _site(one.name, [at for at in one.articles if at >= START], dice, days if number % 2 else None)
        for number, one in enumerate(outlets)
    ]


def _site(name: str, articles: Sequence[float], dice: random.Random, days: int | None) -> Site:
    site = Site(name, articles, usual=_mixture(dice), evenness=dice.uniform(4, 30), words=dice.lognormvariate(0, 0.35))
    site.later = site.usual
    if dice.random() < 0.15:
        site.later, site.begins = _towards(site.usual, dice), START + dice.uniform(20, 90) * DAY
    site.lacks = {
        "empty": dice.choice((0.0, 0.01, dice.betavariate(1, 12))),
        "walled": dice.choice((0.0, 0.0, dice.betavariate(2, 4))),
        "untitled": dice.choice((0.0, 0.0, 0.02)),
        "undated": dice.choice((0.0, 0.01, dice.betavariate(1, 12), 1.0 if dice.random() < 0.3 else 0.0)),
        "unsigned": dice.choice((0.0, dice.betavariate(1, 5), dice.random(), 1.0)),
    }
    if days is not None:
        able = {"date": site.lacks["undated"] < 0.5, "author": _signed(site) > 0.5, "wall": site.lacks["walled"] < 0.5}
        site.change = dice.choice([change for change in CHANGES if able.get(change, True)])
        site.changes = START + dice.uniform(0.5, 0.67) * days * DAY
        site.spread = dice.choice((0.0, 0.0, dice.uniform(0.5, 6) * DAY))
        most = max(site.later, key=lambda kind: site.later[kind])
        site.templates = frozenset(
            dice.choice((_KINDS, {"article", "agency", most}, {"article", "agency", "notice", most}))
        )
        site.rest = dice.uniform(0.03, 0.3)
    return site


def _mixture(dice: random.Random) -> dict[str, float]:
    weights = {"article": 6.0, "notice": 1.5, "gallery": 0.5, "live": 0.3, "agency": 2.0}
    drawn = {kind: dice.gammavariate(weight, 1.0) for kind, weight in weights.items()}
    return {kind: share / fsum(drawn.values()) for kind, share in drawn.items()}


def _towards(usual: dict[str, float], dice: random.Random) -> dict[str, float]:
    """The same, and more of one kind: up to half of all."""
    more, part = dice.choice(("notice", "gallery", "agency", "live")), dice.uniform(0.2, 0.5)
    return {kind: share * (1 - part) + part * (kind == more) for kind, share in usual.items()}


def _signed(site: Site) -> float:
    return fsum(share * _KINDS[kind][2] for kind, share in site.later.items()) * (1 - site.lacks["unsigned"])


def _sum(pages: Sequence[Texts]) -> Texts:
    counts = {
        name: sum(getattr(page, name) for page in pages)
        for name in ("pages", "empty", "walled", "untitled", "undated", "unsigned")
    }
    return Texts(**counts, lengths=tuple(map(sum, zip(*(page.lengths for page in pages), strict=True))))
