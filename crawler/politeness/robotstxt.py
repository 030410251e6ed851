"""A downloader middleware that asks each host for its robots.txt, and keeps to it (RFC 9309).

In place of Scrapy's. One question for each scheme, host and port; what waits for the answer waits once, and later
requests are decided on the spot. Redirect targets are judged like any other URL. Every answer is archived, as all are.

What came                          what follows (clause 2.3.1)
2xx                                its rules
3xx                                five hops are followed, to other hosts too; beyond that there are no rules
4xx but 429                        there are no rules
429, 5xx, nothing at all           nothing may be asked for: what is, fails. A copy from before this crawl's last
                                   expiry holds on; after thirty days without a word, so does the archive's
                                   last copy, or there are no rules

With it goes, on hosts that have a name, the file by which they reserve text and data mining (reservations): it forbids
nothing, and is recorded with each page.

An answer holds for a day, less where Cache-Control says so, never less than ten minutes (clause 2.4).
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urljoin

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from archive.errors import CaptureNotFound, StorageError
from archive.urls import host_of, request_uri
from crawler.contact import token
from crawler.fetch.reserve import CrawlStopped
from crawler.fetch.resolve import literal
from crawler.politeness.longago import last_word
from crawler.politeness.optouts import Refusals, refusals, refused
from crawler.politeness.registry import hosts_for
from crawler.politeness.reservations import PATH, Reservations, reservations, reserved
from crawler.politeness.robots import LIMIT, NOTHING, Robots, Rules
from crawler.refusals import Refusal
from crawler.values import seconds

__all__ = ["RefusedByRobots", "RobotsTxt", "RobotsUnknown"]

_DAY = 86400.0
_LEAST = 600.0
_HOPS = 5
_PRIORITY = 1000
_MAX_AGE = re.compile(rb"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


class RefusedByRobots(Refusal):
    """robots.txt does not let us ask for this URL."""

    counted = "refused_by_robots"
    named = False


class RobotsUnknown(IgnoreRequest):
    """robots.txt could not be had, so nobody knows what may be asked for: the host's failure."""


@dataclass(slots=True)
class _Known:
    """What is known of one robots.txt."""

    url: str
    rules: Rules = NOTHING
    refusals: Refusals = ()
    reservations: Reservations = ()
    why: str | None = None
    """Why nothing may be asked for, where that is for want of an answer."""
    expires: float = 0.0
    answered: float | None = None
    """When it last was had, or known not to be there."""
    asking: asyncio.Future[None] | None = field(default=None, repr=False)


class RobotsTxt:
    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        if not settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        assert crawler.stats is not None
        self._crawler = crawler
        self._stats = crawler.stats
        self._token = token(settings)
        self._longest = min(seconds(settings, "WIRECOPY_ROBOTS_MAX_AGE", _DAY), _DAY)
        self._collection = settings.get("WIRECOPY_COLLECTION")
        self._reservations = settings.getbool("WIRECOPY_TDMREP")
        self._hosts = hosts_for(crawler)
        self._known: dict[tuple[str, str], _Known] = {}
        self._files: dict[str, _Known] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("dont_obey_robotstxt"):
            return
        parts = urlparse_cached(request)
        known = self._known.get((parts.scheme, parts.netloc)) or self._of(parts.scheme, parts.netloc)
        if known.expires <= time.monotonic():
            self._hosts.waiting.add(request)
            try:
                await self._ask(known)
            finally:
                self._hosts.waiting.discard(request)
        if known.why is not None:
            raise RobotsUnknown(f"{known.url} could not be had: {known.why}")
        target = request.url[len(parts.scheme) + 3 + len(parts.netloc) :].partition("#")[0]
        target = target if target.startswith("/") else "/" + target
        if not known.rules.allows(target):
            raise RefusedByRobots(f"refused by {known.url}")
        if known.refusals or "wirecopy_refused" in request.meta:  # there before a redirect
            request.meta["wirecopy_refused"] = refused(target, known.refusals)
        if known.reservations or "wirecopy_reserved" in request.meta:
            request.meta["wirecopy_reserved"] = reserved(target, known.reservations)

    def _of(self, scheme: str, netloc: str) -> _Known:
        """The file of a host however its name is spelt."""
        try:
            url = request_uri(f"{scheme}://{netloc}/robots.txt")
        except ValueError as error:
            raise IgnoreRequest(str(error)) from error
        known = self._known[scheme, netloc] = self._files.setdefault(url, _Known(url=url))
        return known

    async def _ask(self, known: _Known) -> None:
        if known.asking is not None:
            await asyncio.shield(known.asking)
            return
        known.asking = asyncio.get_running_loop().create_future()
        try:
            await self._fetch(known)
            if self._reservations and known.rules.allows(PATH) and _has_name(known.url):
                known.reservations = await self._reserved(known)
        finally:
            known.asking.set_result(None)
            known.asking = None

    async def _fetch(self, known: _Known) -> None:
        engine = self._crawler.engine
        assert engine is not None
        request = _request(known.url)
        self._stats.inc_value("robotstxt/request_count")
        try:
            response = await engine.download_async(request)
        except (CrawlStopped, StorageError):
            raise
        except Refusal:  # of the host, so that each page of it is refused for itself, by its own name
            self._learn(known, Robots(), min(_LEAST, self._longest))
        except (IgnoreRequest, CaptureNotFound):  # redirected too often; or replayed from an archive that lacks it
            self._learn(known, Robots(), self._longest)
        except Exception as error:  # noqa: BLE001 - whatever kept it from us: it is not there
            why = " ".join(str(error).split()).removeprefix(f"{known.url}: ")
            await self._unreachable(known, why or type(error).__name__)
        else:
            self._stats.inc_value(f"robotstxt/response_status_count/{response.status}")
            if response.status == 429 or response.status >= 500:
                await self._unreachable(known, f"the server answered {response.status}")
            else:
                found = Robots(response.body if 200 <= response.status < 300 else b"")
                self._learn(known, found, self._lifetime(response))
                self._tell(found, known)

    async def _reserved(self, known: _Known) -> Reservations:
        """What the host reserves; nothing where its file cannot be had."""
        assert self._crawler.engine is not None
        request = _request(urljoin(known.url, PATH))
        try:
            response = await self._crawler.engine.download_async(request)
        except (CrawlStopped, StorageError):
            raise
        except Exception:  # noqa: BLE001 - whatever kept it from us: it is not there
            return ()
        return reservations(response.body) if response.status == 200 else ()

    def _learn(self, known: _Known, found: Robots, lifetime: float) -> None:
        known.rules, known.refusals, known.why = found.rules(self._token), refusals(found, self._token), None
        self._hosts.of(Request(known.url)).asks(known.rules.delay)
        known.answered = time.monotonic()
        known.expires = known.answered + lifetime

    def _tell(self, found: Robots, known: _Known) -> None:
        """Spiders look here for sitemaps."""
        self._crawler.signals.send_catch_log(signals.robots_parsed, robotparser=found, request=Request(known.url))

    def _lifetime(self, response: Response) -> float:
        control = b",".join(response.headers.getlist(b"Cache-Control"))
        found = _MAX_AGE.search(control)
        age = float(found[1]) if found else self._longest
        if b"no-store" in control.lower() or b"no-cache" in control.lower():
            age = 0.0
        return min(max(age, _LEAST), self._longest)

    async def _unreachable(self, known: _Known, why: str) -> None:
        now = time.monotonic()
        known.expires = now + min(_LEAST, self._longest)
        if known.answered is not None and now - known.answered < 30 * _DAY:
            return
        last = await asyncio.to_thread(last_word, Path(self._collection), known.url) if self._collection else None
        if last is not None:
            self._learn(known, Robots(last), min(_LEAST, self._longest))
        else:
            known.rules, known.why = NOTHING, why


def _request(url: str) -> Request:
    # More than that is not read (clause 2.5), so an endless file is no longer than that.
    meta = {"dont_obey_robotstxt": True, "redirect_ttl": _HOPS, "wirecopy_enough": LIMIT}
    return Request(url, priority=_PRIORITY, callback=NO_CALLBACK, meta=meta)


def _has_name(url: str) -> bool:
    """Whether somebody's host it is, rather than a bare address or this machine."""
    host = host_of(url).strip("[]")
    return host != "localhost" and not literal(host, 0)
