"""What a seed has led to so far: candidates from all its listings, gathered before the first is asked for.

Articles wait until the listings of their seed are in. So a page that a front page, a feed and a sitemap all name is
asked for once, with what each of them said of it, and a budget is spent on what is new rather than on what was found
first. Pure but for `known`, which asks the archive. Nothing here survives a crash, and nothing needs to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Protocol

from archive.catalogue.times import DAY, published_micros, to_micros
from archive.memory import Earlier
from archive.model import Capture, Discovery
from archive.recipes.book import Book
from archive.scope import Scope
from archive.urls import canonical
from crawler.discovery import siblings
from crawler.discovery.bounds import Bounds
from crawler.discovery.candidates import Candidate, ListingKind
from crawler.discovery.changes import Changes
from crawler.discovery.period import ALWAYS
from crawler.seen import Seen
from crawler.spiders.looks import Looks

__all__ = ["Found", "Frontier", "Memory", "Survey"]


class Memory(Protocol):
    """What is asked of earlier crawls: an ``archive.memory.Memory``."""

    def known(self, keys: list[str], /) -> Mapping[str, int]: ...
    def page(self, key: str, /) -> Capture | None: ...
    def due(self, hosts: Iterable[str], limit: int, /) -> list[Capture]: ...
    def earlier(self, capture: Capture, /) -> Earlier | None: ...
    def discovery(self, capture: Capture, /) -> Discovery: ...


_RANKS: dict[ListingKind, int] = {"list": 0, "feed": 0, "section": 1, "sitemap": 2}
_MAX_LOOKS = 1000
"""Pages seen again in a crawl without bound."""
_MAX_HOSTS = 100
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_HOPS: dict[ListingKind, str] = {"list": "", "feed": "L", "section": "L", "sitemap": "M"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A candidate, and how it was come by."""

    candidate: Candidate
    rank: int
    """What the budget goes to first: 0 what is said to be new, 1 what a front page shows, 2 the rest."""
    discovery: Discovery
    vouched: bool = True
    """Whether a feed, a sitemap or a person named it, rather than only its looks."""
    nesting: int = 0
    """How many sections or sitemap indexes lie between the seed and what named it."""

    def also(self, other: Found) -> Found:
        """The better of two finds of one page, its gaps filled from the other."""
        best, rest = (self, other) if self.rank <= other.rank else (other, self)
        mine, theirs = best.discovery, rest.discovery
        return replace(
            best,
            candidate=_filled(best.candidate, rest.candidate),
            vouched=self.vouched or other.vouched,
            discovery=replace(
                mine,
                title=mine.title or theirs.title,
                authors=mine.authors or theirs.authors,
                published=mine.published or theirs.published,
                language=mine.language or theirs.language,
            ),
        )


def _filled(one: Candidate, other: Candidate) -> Candidate:
    gaps = {field.name: getattr(other, field.name) for field in fields(Candidate) if not getattr(one, field.name)}
    return replace(one, **gaps)


class Frontier:
    """What a crawl asks for, over all its seeds: each page once, and no more than there may be."""

    def __init__(self, *, max_pages: int, memory: Memory | None, count: Callable[[str, int], None]) -> None:
        """`max_pages`, 0 for no bound: a quarter may be listings, and a quarter pages that are seen again.

        Without a memory nothing is known. `count` is told names and sizes of changes.
        """
        self._allow(max_pages)
        self.memory = memory
        self.count = count
        self.period = ALWAYS
        """When pages must be from, as far as a listing or an address tells."""
        self.bounds = Bounds()
        self.most_links = 0
        """Candidates that one seed may lead to; 0 for no bound."""
        self.obeys: str | None = None
        """The name under which the crawl keeps to what pages ask of robots; None: it does not."""
        self.held: Callable[[str, str, int], None] = lambda limit, url, count: None
        """Told of what a limit kept from being asked for: its name, where, and how many."""
        self.recipes = Book()
        """Rules of single sites: where their articles go on."""
        self.twins: set[str] = set()
        """Keys of pages that are other forms of one that was fetched."""
        self._asked = Seen()
        self._held = Seen()

    def _allow(self, max_pages: int) -> None:
        self._max_pages = max_pages
        self._max_listings = max(1, max_pages // 4)
        self._looks = max_pages // 4 or _MAX_LOOKS
        self._pages = self._listings = 0

    def beside(self, *, max_pages: int, count: Callable[[str, int], None]) -> Frontier:
        """One with a budget and counts of its own, for another source of the crawl: no page is asked for by both."""
        other = copy(self)
        other.count = count
        other._allow(max_pages)
        return other

    @property
    def left(self) -> int:
        """Pages that may still be asked for."""
        return self._max_pages - self._pages if self._max_pages else 10**9

    def missing(self, url: str) -> bool:
        """Whether nothing was there when an earlier crawl asked, and it is too soon to ask again."""
        key = canonical(url)
        return self.memory is not None and key in self.memory.known([key]) and self.memory.page(key) is None

    def seed(self, url: str) -> None:
        """A seed is asked for whatever the bounds say."""
        self._asked.add(canonical(url))
        self._ask()

    def listing(self, url: str) -> bool:
        """Whether to ask for a listing: not twice, and only while there is room."""
        key = canonical(url)
        if key in self._asked or self.left <= 0 or (self._max_pages and self._listings >= self._max_listings):
            return False
        self._asked.add(key)
        self._listings += 1
        self._ask()
        return True

    def part(self, url: str) -> bool:
        """Whether to ask for a further page of an article, which belongs to it whether it is known or not."""
        key = canonical(url)
        if self.left <= 0 or not self._asked.add(key):
            return False
        self._ask()
        return True

    def twin(self, url: str) -> None:
        """Not to be asked for: the same article was fetched in another form, or by another name."""
        key = canonical(url)
        self._asked.add(key)
        self.twins.add(key)

    def asked(self, key: str) -> bool:
        """Whether the page of this key was asked for."""
        return key in self._asked

    def has(self, key: str) -> bool:
        """Whether the page of this key was asked for, or was named and is known from before."""
        return key in self._asked or key in self._held

    def sort(self, named: Mapping[str, Candidate]) -> tuple[set[str], dict[str, int]]:
        """Of these pages by key: those no earlier crawl has, and of the others when they were captured last.

        A page that was found to be known is asked after again only where a date of change came along.
        """
        new = [key for key in named if key not in self._held]
        dated = [key for key, candidate in named.items() if candidate.lastmod and key in self._held]
        held = dict(self.memory.known(new + dated)) if self.memory and (new or dated) else {}
        known = sum(map(self._held.add, held))
        self.count("found", len(new))
        self.count("known", known)
        return {key for key in new if key not in held}, held

    def again(self, keys: Iterable[str], hosts: Iterable[str]) -> list[tuple[str, Capture, Discovery]]:
        """Known pages to see again, by key, with what is held of each; then those of the hosts that are due."""
        if self.memory is None:
            return []
        found = list(filter(None, map(self.memory.page, keys)))
        room = max(0, min(self._looks, self.left))
        found = [*found[:room], *self.memory.due(hosts, room - len(found))] if len(found) < room else found[:room]
        taken = [(canonical(capture.url), capture) for capture in found]
        taken = [(key, capture) for key, capture in taken if self._asked.add(key)]
        self._looks -= len(taken)
        for _ in taken:
            self._ask()
        self.count("seen_again", len(taken))
        return [(key, capture, self.memory.discovery(capture)) for key, capture in taken]

    def take(self, found: dict[str, Found]) -> list[Found]:
        """Of these, by key, the ones to ask for now: the best and newest first, as many as there is room for."""
        best = sorted(
            ((key, find) for key, find in found.items() if key not in self._asked),
            key=lambda pair: _day(pair[1].candidate),
            reverse=True,
        )
        best.sort(key=lambda pair: pair[1].rank)
        taken = best[: max(0, self.left)]
        self.count("over_budget", len(best) - len(taken))
        for key, _ in best:
            self._asked.add(key)
        for _ in taken:
            self._ask()
        return [find for _, find in taken]

    def _ask(self) -> None:
        self._pages += 1
        self.count("queued", 1)


def _later(lastmod: str | None, when: int) -> bool:
    """Whether a page is said to have changed after that time (microseconds), and not in days to come."""
    said = published_micros(lastmod) if lastmod else None
    return said is not None and when < said < to_micros(datetime.now(UTC)) + DAY


def _day(candidate: Candidate) -> str:
    """For sorting: the newer of two dates is the greater text; what has no date is oldest."""
    date = candidate.published or candidate.lastmod or ""
    return date if _DAY.match(date) else ""


class Survey:
    """The listings and candidates of one seed."""

    def __init__(self, frontier: Frontier) -> None:
        self.frontier = frontier
        self.scope: Scope | None = None
        """None lets everything pass that http can fetch: known once the seed is."""
        self._waiting = 0
        self._found: dict[str, Found] = {}
        self._others: dict[str, tuple[str, ...]] = {}
        """By the keys of candidates that look like twins or further pages, the keys of what they would belong to."""
        self.looks = Looks()
        self._gone: list[Changes] = []
        self._hosts: dict[str, None] = {}
        self._outside = Seen()
        self._named: dict[ListingKind, Seen] = {}

    @property
    def wants_more(self) -> bool:
        """Whether further listings could still be of use."""
        return len(self._found) < self.frontier.left

    @property
    def complete(self) -> bool:
        """Whether every listing asked for is in."""
        return self._waiting <= 0

    def allows(self, url: str) -> bool:
        if self.scope is None or self.scope.allows(url):
            return True
        self.frontier.count("out_of_scope", int(self._outside.add(canonical(url))))
        return False

    def ask(self, url: str) -> bool:
        """Whether to ask for a listing; if so, it is waited for until `answered`."""
        if not (self.wants_more and self.frontier.listing(url)):
            return False
        self._waiting += 1
        return True

    def wait(self) -> None:
        """For an answer that is asked for in any case: the seed's."""
        self._waiting += 1

    def answered(self) -> None:
        self._waiting -= 1

    def add(
        self, kind: ListingKind, candidates: Iterable[Candidate], *, via: str | None, hops: str, nesting: int = 0
    ) -> int:
        """Take in what a listing named; returns how many pages no listing of this kind had named before."""
        named: dict[str, Candidate] = {}
        before = self._named.setdefault(kind, Seen())
        new = -len(before)
        most = self.frontier.most_links or 10**9
        beyond: list[Candidate] = []
        for candidate in candidates:
            if len(self._found) + len(named) >= most:
                beyond.append(candidate)
                continue
            key = canonical(candidate.url)
            if not self.frontier.period.holds(candidate):
                self.frontier.count("out_of_period", 1)
                continue
            if key not in named and self.allows(candidate.url):
                before.add(key)
                if not self.frontier.asked(key):
                    named[key] = candidate
        if beyond:
            self.frontier.held("links", via or beyond[0].url, len(beyond))
        fresh, held = self.frontier.sort({key: named[key] for key in named if key not in self._found})
        self.looks.claim([key for key, when in held.items() if _later(named[key].lastmod, when)], of=len(held))
        self._note_hosts(named)
        for key, candidate in named.items():
            if key not in fresh and key not in self._found:
                continue
            if key not in self._found and (others := tuple(siblings.plain(candidate.url))):
                self._others[key] = others
            find = Found(
                candidate=candidate,
                rank=0 if candidate.published else _RANKS[kind],
                vouched=kind != "section",
                nesting=nesting,
                discovery=Discovery(
                    via=via,
                    hops=hops + _HOPS[kind],
                    listing=kind,
                    title=candidate.title,
                    authors=candidate.authors,
                    published=candidate.published,
                    language=candidate.language,
                ),
            )
            self._found[key] = self._found[key].also(find) if key in self._found else find
        return new + len(before)

    def note(self, changes: Changes) -> None:
        """Take in what a listing says by naming other pages, or other dates, than the last time."""
        self.looks.claim(changes.changed, of=changes.of)
        if changes.gone:
            self._gone.append(changes)

    def again(self) -> list[tuple[str, Capture, Discovery]]:
        """Known pages to see again, by key, with what is held of each: as listings claim, and when they are due."""
        gone, self._gone = self._gone, []
        for changes in gone:
            self.looks.claim([key for key in changes.gone if not self._names(key)], of=changes.of)
        claimed = [key for key in self.looks.take() if key not in self._found]
        hosts, self._hosts = list(self._hosts), {}
        return self.frontier.again(claimed, hosts) if claimed or hosts else []

    def _names(self, key: str) -> bool:
        """Whether any listing names the page."""
        return any(key in named for named in self._named.values())

    def _note_hosts(self, keys: Iterable[str]) -> None:
        for key in keys:
            if len(self._hosts) >= _MAX_HOSTS:
                return
            self._hosts[key[2:].partition("/")[0]] = None

    def release(self) -> list[Found]:
        """The articles to ask for; they are forgotten here."""
        for key, others in self._others.items():
            if key in self._found and any(each in self._found or self.frontier.has(each) for each in others):
                del self._found[key]
        taken = self.frontier.take(self._found)
        self._found, self._others = {}, {}
        return taken
