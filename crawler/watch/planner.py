"""What to crawl now, out of all sources: the scheduler of the daemon, and of the simulated month. Pure.

It is told when a crawl starts and what it came to; it remembers what it needs for that, and takes it up again from what
the ledger kept. Two crawls never share a site: what a host may be asked for at once is one crawl's to see to.
"""

from __future__ import annotations

import heapq
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from archive.urls import host_of, registrable_domain, request_uri
from crawler.sources.source import Adaptive, Source
from crawler.watch.health import Health, judge
from crawler.watch.rhythm import ALIKE, DAY, HOUR, MEMORY, Rhythm, common_days, learn, worthwhile
from crawler.watch.schedule import Standing, due_at

__all__ = ["LEAST", "Past", "Planner"]

COVERAGE: Final = 0.955
"""Of all articles, the share that is to fall into hours in which its source is looked at often."""
_RETRY: Final = 5.0
"""Seconds before a source is crawled again whose crawl died for the first time."""
_AGAIN: Final = 6 * HOUR
"""Seconds between two views of all sources together."""
_STEP: Final = 60.0
"""Seconds by which a clock must have been set back for all plans to be made anew."""
_MOST: Final = 2000
"""Publication times kept of a source, of the last weeks …"""
LEAST: Final = 30
"""… and at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is known of a source from before."""

    since: float
    last: float | None = None
    failures: int = 0
    published: Sequence[float] = ()
    """When its articles of the last weeks came out, as they say, else when they were found; seconds since 1970."""
    moved: Mapping[str, str] = field(default_factory=dict)
    """Where its seeds have moved to for good, by URL."""


@dataclass(slots=True)
class _Watched:
    source: Source
    sites: frozenset[str]
    past: Past
    rhythm: Rhythm | None = None
    at: float = 0.0
    flooded: bool = False
    listed: int = 0
    deaths: int = 0
    """Crawls in a row whose process died."""
    published: array[float] = field(default_factory=lambda: array("d"))
    """Sorted."""

    def standing(self) -> Standing:
        past = self.past
        return Standing(
            since=past.since,
            last=past.last,
            failures=past.failures,
            flooded=self.flooded,
            listed=self.listed,
            rhythm=self.rhythm,
        )


class Planner:
    def __init__(self, sources: Iterable[Source], pasts: Mapping[str, Past], now: float) -> None:
        """`pasts` by source id; a source without one is new."""
        self._watched: dict[str, _Watched] = {}
        self._queue: list[tuple[float, str]] = []
        self._running: dict[str, tuple[frozenset[str], float]] = {}
        """By source, the sites that its crawl is on, whatever has become of the source since, and when it started."""
        self._usual: tuple[float, ...] = ALIKE
        self._worthwhile = 0.0
        self._viewed = self._latest = now
        self.replace(sources, pasts, now)

    def replace(self, sources: Iterable[Source], pasts: Mapping[str, Past], now: float) -> None:
        """Take over another list of sources; what is known of those that stay is kept."""
        before = self._watched
        self._watched = {}
        for source in sources:
            if not source.enabled:
                continue
            if old := before.get(source.id):
                self._watched[source.id] = replace(old, source=source, sites=_sites(source, old.past))
            else:
                past = pasts.get(source.id, Past(since=now))
                self._watched[source.id] = _Watched(
                    source, _sites(source, past), past, published=array("d", sorted(set(past.published)))
                )
        self._view(now)

    def due(self, now: float, *, most: int) -> list[Source]:
        """Up to `most` sources to crawl now, those that waited longest first; none beside one that shares a site.

        They stay due until they are started.
        """
        if now - self._viewed >= _AGAIN or now < self._latest - _STEP:
            self._view(now)
        self._latest = now
        taken: list[Source] = []
        looked_at: list[tuple[float, str]] = []
        busy = {site for sites, _ in self._running.values() for site in sites}
        while self._queue and self._queue[0][0] <= now and len(taken) < most:
            at, name = heapq.heappop(self._queue)
            watched = self._watched.get(name)
            if watched is None or name in self._running or watched.at != at:
                continue
            looked_at.append((at, name))
            if not busy & watched.sites:
                busy |= watched.sites
                taken.append(watched.source)
        for entry in looked_at:
            heapq.heappush(self._queue, entry)
        return taken

    def next_at(self) -> float:
        """When the next source is due; infinity where there is none."""
        return self._queue[0][0] if self._queue else float("inf")

    def started(self, name: str, now: float) -> None:
        self._running[name] = self._watched[name].sites, now

    def ended(
        self,
        name: str,
        now: float,
        *,
        answered: bool,
        published: Collection[float],
        flooded: bool = False,
        listed: int = 0,
        moved: Mapping[str, str] | None = None,
    ) -> None:
        """A crawl is over: whether the source answered, when its new articles came out, and whether all were new.

        `listed`: how many articles it showed, new and known; `moved`: where its seeds have moved to for good, None
        where none answered.
        """
        _, started = self._running.pop(name)
        watched = self._watched.get(name)
        if watched is None:
            return
        watched.deaths = 0
        failures = 0 if answered else watched.past.failures + 1
        watched.past = replace(watched.past, last=started, failures=failures)
        if moved is not None and moved != watched.past.moved:
            watched.past = replace(watched.past, moved=moved)
            watched.sites = _sites(watched.source, watched.past)
        for at in published:
            place = bisect_left(watched.published, at := min(at, now))
            if watched.published[place : place + 1] != array("d", [at]):
                watched.published.insert(place, at)
        watched.listed = listed or watched.listed
        watched.flooded = flooded and watched.rhythm is not None
        if watched.rhythm is None or flooded or len(watched.published) > 2 * _MOST:
            self._learn(watched, now)
        self._put(watched, now)

    def put_back(self, name: str, now: float, *, died: bool) -> None:
        """A crawl came to nothing, and not for what the source did: due again, soon, and later each time it died."""
        del self._running[name]
        watched = self._watched.get(name)
        if watched is None:
            return
        watched.deaths += died
        watched.at = now + (min(DAY, _RETRY * 2.0 ** min(watched.deaths - 1, 20)) if died else 0)
        heapq.heappush(self._queue, (watched.at, name))

    def put_off(self, name: str, until: float) -> None:
        """Not to be crawled before then, whatever its schedule says."""
        self._watched[name].at = until
        heapq.heappush(self._queue, (until, name))

    def due_of(self, name: str) -> float | None:
        """When a source is due next; None while it is crawled, and for one that is not watched."""
        watched = self._watched.get(name)
        return None if watched is None or name in self._running else watched.at

    def past(self, name: str) -> Past | None:
        watched = self._watched.get(name)
        return watched.past if watched else None

    def moved(self, name: str) -> Mapping[str, str]:
        """Of what sources.toml names of a source, what has moved for good, and where to."""
        if (watched := self._watched.get(name)) is None:
            return {}
        known = watched.past.moved
        return {seed: known[seed] for seed in map(request_uri, watched.source.seeds) if seed in known}

    def beside(self, name: str, others: Iterable[str]) -> str | None:
        """One of the others that shares a site with a source, if any does."""
        sites = self._watched[name].sites
        return next((one for one in others if one in self._watched and sites & self._watched[one].sites), None)

    def newest(self, name: str) -> float:
        """When the newest article of a source came out, of one that has any."""
        return self._watched[name].published[-1]

    def health(self, name: str, now: float) -> Health:
        watched = self._watched[name]
        return judge(watched.standing(), watched.published, now)

    def _learn(self, watched: _Watched, now: float) -> None:
        past = watched.past
        times = watched.published
        kept = times[bisect_left(times, now - MEMORY) :][-_MOST:]
        # Of one that fell silent the last are remembered, however long ago.
        watched.published = kept if len(kept) >= LEAST else times[-LEAST:]
        watched.rhythm = learn(kept, since=past.since, now=now, usual=self._usual) if past.last is not None else None

    def _view(self, now: float) -> None:
        """All sources together: which hours of which are worth frequent looks."""
        self._viewed = now
        adaptive = [one for one in self._watched.values() if isinstance(one.source.schedule, Adaptive)]
        rounds = 1 if self._usual != ALIKE else 2  # the usual days are known only once each source's are
        for _ in range(rounds):
            for watched in adaptive:
                self._learn(watched, now)
            self._usual = common_days(one.rhythm for one in adaptive if one.rhythm)
        rhythms = [one.rhythm for one in adaptive if one.rhythm and not one.past.failures]
        self._worthwhile = worthwhile(rhythms, COVERAGE)
        self._queue = []
        for watched in self._watched.values():
            if watched.source.id not in self._running:
                self._put(watched, now)

    def _put(self, watched: _Watched, now: float) -> None:
        source = watched.source
        watched.at = due_at(source.id, source.schedule, watched.standing(), now, worthwhile=self._worthwhile)
        heapq.heappush(self._queue, (watched.at, source.id))


def _sites(source: Source, past: Past) -> frozenset[str]:
    """What somebody registered, of all that a source names or has moved to: a crawl follows links within these."""
    urls = (source.url, *source.seeds, *past.moved.values())
    return frozenset(registrable_domain(host_of(url)) or host_of(url) for url in urls)
