"""``watch``: sources of a sources.toml, several in one crawl, each with its own seeds, scope, budget and result."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.catalogue.texts import Texts
from archive.catalogue.times import published_micros
from archive.errors import ConfigError
from crawler.items import PageItem, SourceResult
from crawler.sources.file import read
from crawler.sources.source import Source
from crawler.spiders.base import Output, SourceSpider
from crawler.spiders.explorer import Look
from crawler.spiders.steps import Answer, Ask, Step

__all__ = ["WatchSpider", "together"]

_REMEMBERED = 200
"""Times of publication in a result."""
_LISTINGS = 100
_WANTED = 1000


@dataclass(slots=True)
class _Tally:
    source: Source
    counts: Counter[str] = field(default_factory=Counter)
    published: list[float] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)
    wanted: list[str] = field(default_factory=list)
    moved: list[tuple[str, str]] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    """Captures of its new pages."""

    def result(self) -> SourceResult:
        count = self.counts
        return SourceResult(
            source=self.source.id,
            answered=count["answered"],
            failed=count["failed"],
            found=count["found"],
            known=count["known"],
            new=count["new"],
            changed=count["changed"],
            gone=count["gone"],
            left=count["over_budget"],
            feeds=tuple(self.feeds[:_LISTINGS]),
            sitemaps=tuple(self.sitemaps[:_LISTINGS]),
            wanted=tuple(self.wanted[:_WANTED]),
            moved=tuple(self.moved),
            published=tuple(sorted(self.published)[-_REMEMBERED:]),
        )


class WatchSpider(SourceSpider):
    name = "watch"

    def __init__(
        self, file: str = "", source: str | Sequence[str] = (), dry: bool | str = False, **kwargs: Any
    ) -> None:
        """`file`: a sources.toml; `source`: ids of some in it, as a sequence or with commas. Raises ConfigError.

        `dry`: ask for listings only, and tell what else would have been asked for.
        """
        names = source.replace(",", " ").split() if isinstance(source, str) else list(source)
        self._tallies = [_Tally(source) for source in together(Path(file), names)]
        super().__init__([url for tally in self._tallies for url in tally.source.seeds], **kwargs)
        self.homes = [tally.source.url for tally in self._tallies]
        """Pages of the sources, which need be none of the seeds."""
        self._dry = str(dry).lower() in ("1", "true", "yes")
        self._of: list[_Tally] = []
        """By number of the seed."""

    def results(self, texts: Callable[[Sequence[str]], Texts]) -> list[SourceResult]:
        """What came of each source; `texts` says what reading the captures with these ids came to."""
        return [replace(tally.result(), texts=texts(tally.new)) for tally in self._tallies]

    async def start(self) -> AsyncIterator[Any]:
        for tally in self._tallies:
            frontier = self._frontier.beside(max_pages=tally.source.max_pages, count=partial(self._note, tally))
            for seed in tally.source.seeds:
                self._of.append(tally)
                yield self._request(self._explorer(frontier, tally.source.scope).begin(seed))

    def _read(self, answer: Answer, response: Response, request: Request, look: Look | None = None) -> Iterator[Output]:
        for output in super()._read(answer, response, request, look):
            tally = self._of[answer.step.seed]
            if isinstance(output, PageItem):
                self._judge(tally, answer, output)
                if answer.step.role == "seed" and answer.status == 200 and (seed := _moved(request)):
                    tally.moved.append((seed, answer.url))
            elif self._dry and not output.cb_kwargs["step"].lists:
                tally.wanted.append(output.url)
                continue
            yield output

    def _request(self, ask: Ask) -> Request:
        if labels := self._of[ask.step.seed].source.labels:
            ask = replace(ask, discovery=replace(ask.discovery, labels=labels))
        return super()._request(ask)

    def failed(self, failure: Failure) -> Iterator[Request]:
        step: Step = failure.request.cb_kwargs["step"]  # type: ignore[attr-defined]  # Scrapy adds it
        self._of[step.seed].counts["failed"] += 1
        yield from super().failed(failure)

    def _judge(self, tally: _Tally, answer: Answer, page: PageItem) -> None:
        role = answer.step.role
        if page.kind == "feed":
            tally.feeds.append(page.url)
        elif page.kind == "sitemap":
            tally.sitemaps.append(page.url)
        if role == "seed":
            tally.counts["answered" if page.status == 200 else "failed"] += 1
        elif role == "again":
            if page.status in (404, 410):
                tally.counts["gone"] += 1
            elif page.status == 200 and not answer.unchanged:
                tally.counts["changed"] += 1
        if page.kind == "article" and role in ("seed", "link", "article") and not answer.unchanged:
            tally.counts["new"] += 1
            micros = published_micros(page.discovery.published)
            tally.published.append(micros / 1e6 if micros is not None else time.time())
            if page.capture is not None:
                tally.new.append(page.capture.id)

    def _note(self, tally: _Tally, name: str, number: int) -> None:
        tally.counts[name] += number
        self._count(name, number)


def _moved(request: Request) -> str | None:
    """What was asked for at first, where only permanent redirects led here (RFC 9110, 15.4.2 and 15.4.9)."""
    reasons = request.meta.get("redirect_reasons", ())
    first: str | None = request.meta["redirect_urls"][0] if reasons else None
    return first if all(reason in (301, 308) for reason in reasons) else None


def together(file: Path, names: Sequence[str]) -> list[Source]:
    """The sources of these ids, which one crawl can take together; raises ConfigError where it cannot."""
    known = {source.id: source for source in read(file)}
    if missing := next((name for name in names if name not in known), None):
        raise ConfigError(f"{file}: no source {missing!r}; 'wirecopy sources list' shows all")
    sources = [known[name] for name in dict.fromkeys(names)]
    if not sources:
        raise ConfigError(f"{file}: name a source by its id; 'wirecopy sources list' shows all")
    for source in sources[1:]:
        if source.bounded:
            raise ConfigError(
                f"{file}: a crawl of {source.id} ends at a bound of its own (max_bytes, max_time), and that of "
                f"{sources[0].id} would with it: crawl them one by one"
            )
        if source.settings != sources[0].settings:
            raise ConfigError(
                f"{file}: {sources[0].id} and {source.id} are to be crawled differently (delay, proxy, requisites …): "
                "crawl them one by one"
            )
    return sources
