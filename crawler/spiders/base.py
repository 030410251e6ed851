"""The base of the spiders that find pages: seeds to explorers, their asks to requests, answers back to them.

Listings come before articles, and are asked for every time; articles once, and again when that is due: what
`crawler.memory` (a `crawler.spiders.survey.Memory`, set by whoever runs the crawl; without it nothing is known) has
from earlier crawls is left out, and nothing is asked for twice within one. Nothing is kept between crawls but the
archive, so a crawl that was killed goes on where its records end.

Counts, in Scrapy's stats:

    wirecopy/found          article candidates that listings named
    wirecopy/known          of these, archived before
    wirecopy/seen_again     pages archived before that were asked for again, as they may have changed
    wirecopy/out_of_scope   links left out because the scope does not allow them
    wirecopy/queued         pages asked for: seeds, listings and articles
    wirecopy/over_budget    candidates left out because max_pages was used up
    wirecopy/faults         things in listings that could not be read
    wirecopy/kind/KIND      answers, by crawler.items.PageKind
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from archive.errors import ConfigError
from archive.recipes.book import Book, read
from archive.scope import SCOPES, ScopeKind
from archive.urls import host_of, request_uri
from crawler.contact import introduce, obeyed_as
from crawler.discovery import links
from crawler.discovery.bounds import REL_NOFOLLOW, Bounds
from crawler.discovery.candidates import address
from crawler.discovery.period import Period
from crawler.fetch.trace import discovery_of
from crawler.heldback import ledger_of
from crawler.items import PageItem
from crawler.politeness.registry import Hosts, hosts_for
from crawler.spiders.aside import LARGE, aside
from crawler.spiders.explorer import EVERYTHING, Explorer, Look, Source
from crawler.spiders.steps import PRIORITIES, Answer, Ask, Step
from crawler.spiders.survey import Frontier
from crawler.values import choice, moment

__all__ = ["MAX_PAGES", "SourceSpider"]

MAX_PAGES = 500
"""Pages of a crawl that was not told how many."""
_SLICE = 500
"""Entries taken in at a time, which takes some 10 ms."""

Output = Request | PageItem


class SourceSpider(Spider):
    """Seeds to pages; which kinds of listings it looks for is the subclasses' to say."""

    sources: ClassVar[frozenset[Source]] = EVERYTHING
    _hosts: Hosts

    def __init__(
        self,
        url: str | Sequence[str] = (),
        scope: str | None = None,
        max_pages: int | str = MAX_PAGES,
        **kwargs: Any,
    ) -> None:
        """`url`: one or several, as a sequence or separated by white space or commas; `scope`: one of SCOPES.

        Without a scope a page's links are followed on its host, an article's are not, and what a feed or a sitemap
        lists is all fetched. `max_pages` counts listings too; 0 sets no bound. Raises ConfigError.
        """
        super().__init__(**kwargs)
        if scope and scope not in SCOPES:
            raise ConfigError(f"scope={scope}: expected one of {', '.join(SCOPES)}")
        if not str(max_pages).isdecimal():
            raise ConfigError(f"max_pages={max_pages}: expected a number, 0 for no bound")
        self._scope: ScopeKind | None = next((kind for kind in SCOPES if kind == scope), None)
        self._frontier = Frontier(max_pages=int(max_pages), memory=None, count=self._count)
        self._explorers: list[Explorer] = []
        self._robots: dict[str, tuple[str, ...]] = {}
        self.seeds = self._checked(url)

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        introduce(settings)
        # Error pages are pages: they have been archived, and are counted here.
        settings.set("HTTPERROR_ALLOW_ALL", True, priority="spider")
        # Of equal priority, the best candidate first; Scrapy would take the last.
        settings.set("SCHEDULER_MEMORY_QUEUE", "scrapy.squeues.FifoMemoryQueue", priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider._hosts = hosts_for(crawler)
        spider._frontier.period = Period(
            since=moment(crawler.settings, "WIRECOPY_SINCE"), until=moment(crawler.settings, "WIRECOPY_UNTIL")
        )
        spider._frontier.most_links = crawler.settings.getint("WIRECOPY_MAX_LINKS")
        usual = spider._frontier.bounds
        spider._frontier.bounds = Bounds(
            links=crawler.settings.getint("WIRECOPY_MAX_PAGE_LINKS", usual.links),
            turns=crawler.settings.getint("WIRECOPY_MAX_LIST_PAGES", usual.turns),
            tags=crawler.settings.getint("WIRECOPY_MAX_TAGS", usual.tags),
            nofollow=choice(crawler.settings, "WIRECOPY_REL_NOFOLLOW", REL_NOFOLLOW) == "follow",
        )
        spider._frontier.obeys = obeyed_as(crawler.settings)
        if collection := crawler.settings.get("WIRECOPY_COLLECTION"):
            spider._frontier.recipes = Book(read(Path(collection)))
        spider._frontier.held = ledger_of(crawler).note
        crawler.signals.connect(spider._robots_parsed, signal=signals.robots_parsed)
        crawler.signals.connect(spider._idle, signal=signals.spider_idle)
        crawler.signals.connect(spider._opened, signal=signals.spider_opened)
        crawler.asked = spider._frontier.asked  # type: ignore[attr-defined]  # both for RedirectsToKnown
        crawler.twins = spider._frontier.twins  # type: ignore[attr-defined]
        return spider

    async def start(self) -> AsyncIterator[Any]:
        for seed in self.seeds:
            yield self._request(self._explorer().begin(seed))

    def parse(self, response: Response, step: Step) -> Iterable[Output] | AsyncIterator[Output]:
        """Every answer comes here, error pages too; its record exists by now."""
        request = response.request
        assert request is not None  # Scrapy sets it before the callback
        answer = Answer(
            url=response.url,
            status=response.status,
            body=response.body,
            content_type=(response.headers.get("Content-Type") or b"").decode("latin-1"),
            headers=_headers(response) if step.lists else {},
            asked=_asked(response) if self._frontier.obeys else (),
            step=step,
            discovery=discovery_of(request),
            unchanged=_unchanged(request, response),
            before=lambda: self._before(request, response),
        )
        if step.lists and len(answer.body) > LARGE:
            return self._read_aside(answer, response, request)
        return self._read(answer, response, request)

    async def _read_aside(self, answer: Answer, response: Response, request: Request) -> AsyncIterator[Output]:
        """A listing that takes seconds is read in a thread, and taken in bit by bit: other hosts do not wait for it."""
        before, explorer = answer.before(), self._explorers[answer.step.seed]
        answer = replace(answer, before=lambda: before)

        def read() -> Look:
            look = explorer.look(answer)
            if look.page is not None:
                links.scored(look.page)  # which is remembered
            return look

        look, seconds = await aside(read, len(answer.body))
        self._hosts.of(request).costs(seconds)
        parts = look.listing.parts(_SLICE) if look.listing else []
        for part in parts[:-1]:
            if answer.status == 200:
                explorer.take(part, answer)
                await asyncio.sleep(0)
        look = replace(look, listing=parts[-1]) if parts else look
        for number, output in enumerate(self._read(answer, response, request, look), 1):
            yield output
            if number % _SLICE == 0:
                await asyncio.sleep(0)

    def _read(self, answer: Answer, response: Response, request: Request, look: Look | None = None) -> Iterator[Output]:
        explorer, step, discovery = self._explorers[answer.step.seed], answer.step, answer.discovery
        began = time.perf_counter()  # the clock of processor time costs twenty microseconds on some machines
        kind, asks = explorer.read(answer, look)
        self._hosts.of(request).costs(time.perf_counter() - began)
        self._count(f"kind/{kind}", 1)
        yield PageItem(
            url=response.url,
            status=response.status,
            kind=kind,
            capture=request.meta.get("wirecopy_capture"),
            discovery=discovery,
        )
        yield from map(self._request, [*asks, *explorer.after(step, kind, discovery)])

    def failed(self, failure: Failure) -> Iterator[Request]:
        """No answer: whatever waited for it goes on."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy adds it
        step: Step = request.cb_kwargs["step"]
        yield from map(self._request, self._explorers[step.seed].after(step, None, discovery_of(request)))

    def _explorer(self, frontier: Frontier | None = None, scope: ScopeKind | None = None) -> Explorer:
        explorer = Explorer(
            len(self._explorers),
            frontier or self._frontier,
            scope=scope or self._scope,
            sources=self.sources,
            robots=self._sitemaps_in_robots,
            fault=self._fault,
        )
        self._explorers.append(explorer)
        return explorer

    def _request(self, ask: Ask) -> Request:
        return Request(
            ask.url,
            callback=self.parse,
            errback=self.failed,
            cb_kwargs={"step": ask.step},
            meta={
                "wirecopy": ask.discovery,
                "wirecopy_again": ask.step.lists or ask.step.role == "again",
                "dont_obey_robotstxt": ask.step.role == "robots",
            },
            priority=PRIORITIES[ask.step.role],
            dont_filter=ask.step.lists,  # the frontier sees to it; a listing filtered here would be waited for in vain
        )

    def _checked(self, url: str | Sequence[str]) -> list[str]:
        urls = re.split(r"\s+|,\s*(?=https?:)", url.strip()) if isinstance(url, str) else list(url)
        seeds = list(dict.fromkeys(filter(None, urls)))
        if not seeds:
            raise ConfigError(f"{self.name}: name at least one URL, as in -a url=https://example.org/")
        for seed in seeds:
            if not host_of(seed):
                raise ConfigError(f"{seed!r} is not a URL to crawl: expected http://… or https://…")
        return [request_uri(seed) for seed in seeds]

    def _robots_parsed(self, robotparser: Any, request: Request) -> None:
        """The robots.txt middleware has one in hand: no need to fetch it again for its sitemaps."""
        parts = urlsplit(request.url)
        # Ours has them itself, Scrapy's within a Protego; other parsers keep them back.
        named = getattr(getattr(robotparser, "rp", robotparser), "sitemaps", ())
        found = (address(f"{parts.scheme}://{parts.netloc}/robots.txt", name) for name in named)
        self._robots[parts.netloc] = tuple(dict.fromkeys(url for url in found if url))

    def _sitemaps_in_robots(self, url: str) -> tuple[str, ...] | None:
        obeyed = self.settings.getbool("ROBOTSTXT_OBEY")
        return self._robots.get(urlsplit(url).netloc, () if obeyed else None)

    def _opened(self) -> None:
        self._frontier.memory = getattr(self.crawler, "memory", None)

    def _idle(self) -> None:
        """Nothing is on the way, so no listing is either, even where a middleware dropped one without a word."""
        waiting = [ask for explorer in self._explorers for ask in explorer.release()]
        if waiting:
            assert self.crawler.engine is not None  # it is what sends this signal
            for ask in waiting:
                self.crawler.engine.crawl(self._request(ask))
            raise DontCloseSpider

    def _before(self, request: Request, response: Response) -> bytes | None:
        """What an earlier crawl has of a listing that is another now."""
        capture, memory = request.meta.get("wirecopy_earlier"), self._frontier.memory
        if capture is None or memory is None or _unchanged(request, response):
            return None
        earlier = memory.earlier(capture)
        return earlier.body if earlier else None

    def _count(self, name: str, number: int) -> None:
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(f"wirecopy/{name}", number)

    def _fault(self, url: str, what: str) -> None:
        self._count("faults", 1)
        ledger_of(self.crawler).note("listing", url)
        self.logger.info("%s: %s", url, what)


def _headers(response: Response) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in response.headers.to_unicode_dict().items()}


def _asked(response: Response) -> tuple[str, ...]:
    return tuple(value.decode("latin-1") for value in response.headers.getlist("X-Robots-Tag"))


def _unchanged(request: Request, response: Response) -> bool:
    """Whether the server, or the digest of what it sent, says that an earlier crawl has the same."""
    capture = request.meta.get("wirecopy_capture")
    return "not-modified" in response.flags or (capture is not None and capture.mime == "warc/revisit")
