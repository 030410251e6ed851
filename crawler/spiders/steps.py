"""Where a request stands in its crawl, and why it is made. Values only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from archive.model import Discovery
from crawler.discovery.candidates import ListingKind

__all__ = ["PRIORITIES", "Answer", "Ask", "Role", "Step"]

Role = Literal["seed", "robots", "listing", "guess", "turn", "section", "part", "link", "article", "again"]
"""Why a page is asked for.

seed      somebody named it                     turn      the next page of a list
robots    for the sitemaps it names             section   it may list articles
listing   a feed or sitemap, declared as such   link      an article by its looks; perhaps a list after all
guess     a feed or sitemap where one often is  article   an article by a feed's, sitemap's or person's word
again     a page archived before, which may have changed or be gone
part      a further page of an article
"""

PRIORITIES: dict[Role, int] = {
    "seed": 100,
    "robots": 90,
    "listing": 50,
    "guess": 50,
    "turn": 30,
    "section": 20,
    "part": 10,
    "link": 0,
    "article": 0,
    "again": -10,
}
"""Scrapy's request priorities: listings before articles, and an article whole before the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Travels with a request as a callback argument."""

    seed: int
    """Number of the seed that this is for."""
    role: Role
    nesting: int = 0
    """How many sections or sitemap indexes lie between the seed and this."""
    turn: int = 1
    """Which page of its list this is."""
    continues: ListingKind | None = None
    """Of a turn, what kind of list it is that goes on."""
    others: tuple[str, ...] = field(default=(), repr=False)
    """Listings to ask for after this one: one by one, as long as they are of use."""

    page: str = ""
    """Canonical key of a page that is seen again."""

    @property
    def lists(self) -> bool:
        """Whether articles wait for its answer."""
        return self.role not in ("part", "link", "article", "again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request to make."""

    url: str
    step: Step
    discovery: Discovery


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of one."""

    url: str
    """Where it came from, after redirects."""
    status: int
    body: bytes = field(repr=False)
    """Content encodings removed."""
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Of listings and of pages that may be some; names in lower case."""
    asked: tuple[str, ...] = ()
    """Values of X-Robots-Tag, where the crawl keeps to them."""
    step: Step
    discovery: Discovery
    """With the redirects on the way."""
    unchanged: bool = False
    """Whether it is what an earlier crawl has: `body` may be from there."""
    before: Callable[[], bytes | None] = lambda: None
    """The body that an earlier crawl has, where it is another."""

    @property
    def loaded(self) -> bool:
        """Whether it is more of a section, which scripts load in forms of their own."""
        return self.step.continues == "section"
