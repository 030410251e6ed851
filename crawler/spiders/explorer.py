"""What to ask for next, decided from one answer. No Scrapy in it: answers in, requests to make out.

A seed is told apart by its content. Feeds and sitemaps yield their entries; a home or section page its own article
links, the pages it goes on at and other sections, and, once for each seed, the site's feeds and sitemaps: those it
declares in link elements and robots.txt, else those in the usual places. An article is archived alone, unless a scope
asks for more. What lies outside the scope after redirects is kept, and not followed further.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urljoin, urlsplit

from archive.extract.kind import kind_of
from archive.extract.wishes import directives
from archive.model import Discovery
from archive.recipes.recipe import Recipe
from archive.scope import Scope, ScopeKind
from archive.sniff import sniff
from archive.urls import host_of, registrable_domain
from crawler.discovery import changes, classify, declared, links, paging, platforms, siblings, sitemaps
from crawler.discovery import page as pages
from crawler.discovery.candidates import Candidate, Listing, ListingKind, address
from crawler.discovery.changes import Changes
from crawler.discovery.page import Page
from crawler.discovery.platforms import Platform
from crawler.items import PageKind
from crawler.spiders.steps import Answer, Ask, Step
from crawler.spiders.survey import Frontier, Survey

__all__ = ["EVERYTHING", "Explorer", "Look", "Robots", "Source"]

Source = Literal["feeds", "sitemaps", "links"]
EVERYTHING: frozenset[Source] = frozenset({"feeds", "sitemaps", "links"})

Robots = Callable[[str], tuple[str, ...] | None]
"""The sitemaps that the robots.txt of a URL's host names; None where nobody has asked for it yet."""

_MAX_NESTING = 3
"""Sitemap indexes within each other."""
_MAX_SECTIONS = 2
"""Sections below the seed's page."""
_MAX_CHILDREN = 1000
"""Sitemaps taken from one index."""

_KINDS: dict[ListingKind, PageKind] = {"feed": "feed", "sitemap": "sitemap", "list": "sitemap", "section": "section"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """An answer, parsed."""

    listing: Listing | None = None
    changes: Changes | None = None
    """What the listing says by naming other pages, or other dates, than the last time."""
    page: Page | None = None


class Explorer:
    """One seed's way through a site."""

    def __init__(
        self,
        number: int,
        frontier: Frontier,
        *,
        scope: ScopeKind | None = None,
        sources: frozenset[Source] = EVERYTHING,
        robots: Robots,
        fault: Callable[[str, str], None],
    ) -> None:
        """`scope` None: as fits what the seed is. `fault` is told where something could not be read, and what."""
        self.survey = Survey(frontier)
        self._number = number
        self._frontier = frontier
        self._kind = scope
        self._sources = sources
        self._robots = robots
        self._fault = fault
        self._declared = self._maps_declared = False
        self._platform: Platform | None = None

    def begin(self, url: str) -> Ask:
        self._frontier.seed(url)
        self.survey.wait()
        return Ask(url=url, step=Step(seed=self._number, role="seed"), discovery=Discovery())

    def these(self, urls: Iterable[str]) -> list[Ask]:
        """Pages to archive as they are, unless they have been before."""
        self.survey.add("list", [Candidate(url=url) for url in urls], via=None, hops="")
        return self.release()

    def take(self, listing: Listing, answer: Answer) -> int:
        """The articles of a listing, or of a part of a long one; returns how many were new to its kind of listing."""
        if answer.step.role == "seed" and self._kind:
            self.survey.scope = Scope.of(answer.url, self._kind)
        return self.survey.add(listing.kind, listing.candidates, via=answer.url, hops=answer.discovery.hops)

    def look(self, answer: Answer) -> Look:
        """What takes longest of reading a listing or section: nothing here is changed by it."""
        listing = classify.listing(answer.body, url=answer.url, content_type=answer.content_type, loaded=answer.loaded)
        if listing is not None:
            changed = changes.compare(answer.before(), listing, url=answer.url, loaded=answer.loaded)
            return Look(listing=listing, changes=changed)
        if answer.step.role in ("listing", "guess"):
            self._readable(answer)  # which says so where it is not
            return Look()
        return Look(page=self._parsed(answer))

    def read(self, answer: Answer, look: Look | None = None) -> tuple[PageKind, list[Ask]]:
        """What the answer is, and what it leads to at once; `look`: as far as it is parsed (or the rest of it)."""
        if answer.status != 200:
            self.survey.looks.seen(answer.step.page, changed=True)
            return "error", []
        role = answer.step.role
        if role == "again":
            self.survey.looks.seen(answer.step.page, changed=not answer.unchanged)
        if role == "robots":
            named = sitemaps.robots(answer.body.decode("utf-8", "replace"), url=answer.url)
            return "robots", self._declare(named, answer, "M")
        if role in ("article", "again", "part"):
            html = sniff(answer.body) in ("text/html", "application/xhtml+xml")
            return ("article", self._siblings(answer)) if html else ("other", [])
        look = look or self.look(answer)
        if look.changes is not None:
            self.survey.note(look.changes)
        if look.listing is not None:
            return _KINDS[look.listing.kind], self._listing(look.listing, answer)
        return self._page(look.page, answer) if look.page is not None else ("other", [])

    def after(self, step: Step, kind: PageKind | None, discovery: Discovery) -> list[Ask]:
        """What an answer, or its absence (`kind` None), makes room for: more listings, or at last the articles."""
        asks: list[Ask] = []
        if step.role == "robots" and not self._declared:
            asks = self._guesses(step, discovery)
        elif step.others and not (step.role == "guess" and kind in ("feed", "sitemap")):
            asks = self._row(step.others, step, discovery)
        if step.lists:
            self.survey.answered()
        self.survey.looks.seen(step.page, changed=False)
        return [*asks, *self.release()] if self.survey.complete else asks

    def release(self) -> list[Ask]:
        """The articles found so far, and those to see again."""
        return [
            Ask(
                url=found.candidate.url,
                step=Step(
                    seed=self._number,
                    role="article" if found.vouched else "link",
                    nesting=found.nesting,
                ),
                discovery=found.discovery,
            )
            for found in self.survey.release()
        ] + [
            Ask(url=capture.url, step=Step(seed=self._number, role="again", page=key), discovery=discovery)
            for key, capture, discovery in self.survey.again()
        ]

    def _listing(self, listing: Listing, answer: Answer) -> list[Ask]:
        url, step, discovery = answer.url, answer.step, answer.discovery
        for text in listing.faults:
            self._fault(url, text)
        new = self.take(listing, answer)
        onward = listing.pages or tuple(filter(None, [platforms.following(url, len(listing.candidates))]))
        asks = self._turns(onward, answer, listing.kind) if new else []
        if listing.listings and step.nesting < _MAX_NESTING:
            domain = registrable_domain(host_of(url))
            newest = sorted(listing.listings, key=lambda child: child.lastmod or "", reverse=True)
            wanted = filter(self._frontier.period.may_list, newest)
            own = [child.url for child in wanted if registrable_domain(host_of(child.url)) == domain]
            children = [child for child in own if not sitemaps.is_beside(child)] or own
            below = Step(seed=self._number, role="listing", nesting=step.nesting + 1)
            via = Discovery(via=url, hops=discovery.hops + "M", listing="sitemap")
            asks += self._row(tuple(children[:_MAX_CHILDREN]), below, via)
        return asks

    def _readable(self, answer: Answer) -> bool:
        """Whether the page is one that can be looked through."""
        if pages.too_large(answer.body):
            self._fault(answer.url, f"a page of {len(answer.body)} bytes: its links are left out")
            return False
        if pages.too_many_tags(answer.body, self._frontier.bounds.tags):
            self._frontier.held("tags", answer.url, 1)
            return False
        return True

    def _parsed(self, answer: Answer) -> Page | None:
        if not self._readable(answer):
            return None
        return self._page_in(answer.body, answer.url, answer.content_type)

    def _page_in(self, body: bytes, url: str, content_type: str | None = None) -> Page | None:
        most, nofollow = self._frontier.bounds.links, self._frontier.bounds.nofollow
        return pages.read(body, url=url, content_type=content_type, most_links=most, nofollow=nofollow)

    def _page(self, page: Page, answer: Answer) -> tuple[PageKind, list[Ask]]:
        step = answer.step
        judged = kind_of(page.tree, page.url, answer.discovery)
        # A page that was taken for a section need not look like an index when it leads to articles.
        lists = (
            judged == "index"
            or step.role == "turn"
            or (step.role == "section" and judged != "article" and bool(links.articles(page)))
        )
        if step.role == "seed":
            at_root = not urlsplit(page.url).path.strip("/")
            lists = lists or judged != "article" or at_root
            self.survey.scope = Scope.of(page.url, self._kind or ("host" if lists else "page"))
        kind: PageKind = "section" if lists else "article" if judged == "article" else "other"
        if not self._may_follow(page, answer):
            return kind, []
        further = self._siblings(answer, page) if kind == "article" else []
        followed = lists or (step.role == "seed" and self._kind not in (None, "page"))
        within = self.survey.scope is None or self.survey.scope.allows(page.url)
        if not (followed and within and step.nesting <= _MAX_SECTIONS):
            return kind, further
        return kind, [*further, *self._section(page, answer)]

    def _siblings(self, answer: Answer, page: Page | None = None) -> list[Ask]:
        """An article's further pages; its twins are not asked for any more, and other languages are candidates, where
        a scope holds them. `page`: the answer, parsed and judged.
        """
        found = answer.discovery
        for twin in siblings.twins(answer.body, answer.url):
            self._frontier.twin(twin)
        others = siblings.languages(answer.body, answer.url) if self.survey.scope and not found.part_of else {}
        if others:
            named = (Candidate(url=url, language=language) for url, language in others.items())
            self.survey.add("section", named, via=answer.url, hops=found.hops, nesting=answer.step.nesting)
        first = found.part_of or answer.url
        recipe = self._frontier.recipes.find(answer.url, None)
        if recipe and recipe.next:
            turns = self._next(recipe, answer, page or self._parsed(answer))
        else:
            turns = self._further(answer, first, page)
        step = Step(seed=self._number, role="part", nesting=answer.step.nesting)
        via = Discovery(via=answer.url, hops=found.hops + "L", listing="page", part_of=first)
        return [
            Ask(url=url, step=step, discovery=replace(via, part=number))
            for number, url in turns.items()
            if self._frontier.part(url)
        ]

    def _further(self, answer: Answer, first: str, page: Page | None) -> dict[int, str]:
        """Pages of the article at `first` by the looks of their addresses, by number."""
        found = answer.discovery
        turns = siblings.further(answer.body, answer.url, first=first, number=found.part or 1)
        if turns and page is None and not (found.part_of and self._frontier.obeys is None):
            page = self._parsed(answer)
            if page is None or not self._may_follow(page, answer):
                return {}
            # so has many a list, forum or shop that a sitemap names
            if not found.part_of and kind_of(page.tree, page.url, found) != "article":
                return {}
        return turns

    def _next(self, recipe: Recipe, answer: Answer, page: Page | None) -> dict[int, str]:
        """The next page of an article by a recipe's rule, on the same site; by its number."""
        number = (answer.discovery.part or 1) + 1
        if page is None or number > siblings.MOST or not self._may_follow(page, answer):
            return {}
        site = registrable_domain(host_of(answer.url))
        places = (address(page.base, link) for link in recipe.following(page.tree))
        return dict([(number, url) for url in places if url and registrable_domain(host_of(url)) == site][:1])

    def _may_follow(self, page: Page, answer: Answer) -> bool:
        """Whether the page lets its links be followed, as far as the crawl asks."""
        agent = self._frontier.obeys
        if agent is None:
            return True
        if "nofollow" not in directives([*answer.asked, *pages.meta(page, "robots"), *pages.meta(page, agent)], agent):
            return True
        self._frontier.held("nofollow", page.url, 1)
        return False

    def _section(self, page: Page, answer: Answer) -> list[Ask]:
        step, discovery = answer.step, answer.discovery
        asks: list[Ask] = []
        if "feeds" in self._sources:
            asks += self._declare(declared.feeds(page), answer, "L")
        if "sitemaps" in self._sources:
            asks += self._declare(declared.sitemaps(page), answer, "M")
            if step.role == "seed":
                asks += self._robots_of(page.url, answer)
        if step.role in ("seed", "section"):
            asks += self._platform_of(page, answer)
        if step.role == "seed" and not self._declared and not any(ask.step.role == "robots" for ask in asks):
            asks += self._guesses(step, Discovery(via=page.url, hops=discovery.hops))
        if "links" not in self._sources:
            return asks
        if links.too_many(page):
            self._frontier.held("page-links", page.url, 1)
        if before := answer.before():
            self.survey.note(changes.section(self._page_in(before, page.url), page))
        below = step.nesting + 1
        new = self.survey.add("section", links.articles(page), via=page.url, hops=discovery.hops, nesting=below)
        if new or step.role == "seed":
            asks += self._turns(paging.next_pages(page), answer, "section")
        if below <= _MAX_SECTIONS:
            sections = [url for url in links.sections(page) if self.survey.allows(url)]
            asks += self._each(sections, answer, Step(seed=self._number, role="section", nesting=below), "L", "section")
        return asks

    def _platform_of(self, page: Page, answer: Answer) -> list[Ask]:
        """The listings that sites on a platform have, whether they declare them or not."""
        if answer.step.role == "seed":
            self._platform = platforms.of(page, answer.headers)
        if self._platform is None:
            return []
        seed, platform = answer.step.role == "seed", self._platform
        rows: list[tuple[str, ...]] = []
        if "feeds" in self._sources:
            rows += [platform.sections, platform.feeds if seed else ()]
        if "sitemaps" in self._sources and seed and not self._maps_declared:
            rows.append(platform.sitemaps)
        guess = Step(seed=self._number, role="guess", nesting=answer.step.nesting)
        via = Discovery(via=page.url, hops=answer.discovery.hops + "I")
        return [ask for row in rows for ask in self._row(platforms.at(page.url, row), guess, via)]

    def _robots_of(self, url: str, answer: Answer) -> list[Ask]:
        """What robots.txt declares, or the request for it."""
        address = urljoin(url, "/robots.txt")
        named = self._robots(url)
        if named is None:
            return self._each([address], answer, Step(seed=self._number, role="robots"), "P", None)
        via = replace(answer, url=address, discovery=replace(answer.discovery, hops=answer.discovery.hops + "P"))
        return self._declare(named, via, "M")

    def _declare(self, urls: Iterable[str], answer: Answer, hop: str) -> list[Ask]:
        urls = list(urls)
        self._declared = self._declared or bool(urls)
        self._maps_declared = self._maps_declared or (hop == "M" and bool(urls))
        step = Step(seed=self._number, role="listing")
        return self._each(urls, answer, step, hop, "page" if hop == "L" else None)

    def _guesses(self, step: Step, discovery: Discovery) -> list[Ask]:
        """The usual places, one after the other; for sites that declare nothing."""
        maps, feeds = declared.usual_places(discovery.via or "")
        guess = Step(seed=step.seed, role="guess")
        inferred = replace(discovery, hops=discovery.hops + "I")
        asks = self._row(maps, guess, inferred) if "sitemaps" in self._sources else []
        return asks + (self._row(feeds, guess, inferred) if "feeds" in self._sources else [])

    def _turns(self, urls: Iterable[str], answer: Answer, kind: ListingKind) -> list[Ask]:
        step = answer.step
        most = self._frontier.bounds.turns
        if most and step.turn >= most:
            self._frontier.held("list-pages", answer.url, 1)
            return []
        onward = Step(seed=self._number, role="turn", nesting=step.nesting, turn=step.turn + 1, continues=kind)
        return self._each(urls, answer, onward, "L", kind)

    def _each(self, urls: Iterable[str], answer: Answer, step: Step, hop: str, listing: str | None) -> list[Ask]:
        discovery = Discovery(via=answer.url, hops=answer.discovery.hops + hop, listing=listing)
        return [Ask(url=url, step=step, discovery=discovery) for url in urls if self.survey.ask(url)]

    def _row(self, urls: tuple[str, ...], step: Step, discovery: Discovery) -> list[Ask]:
        """The first of these that is to be asked for, the rest to follow it."""
        for number, url in enumerate(urls, 1):
            if step.role == "guess" and self._frontier.missing(url):
                continue
            if self.survey.ask(url):
                return [Ask(url=url, step=replace(step, others=urls[number:]), discovery=discovery)]
        return []
