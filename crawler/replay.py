"""A crawl of the archive instead of the network: what is set otherwise for it, and its own books.

The spider, its middlewares and their settings are those of any other crawl; only the download handler is another, and
nothing is archived, read or paced. URLs that the archive does not have are misses: listed in ``misses.txt``, from which
a crawl can fetch them, and told by the exit code.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import AsyncioLoopingCall

from archive.collection import Collection
from crawler.middlewares import Failure, Outcomes
from crawler.progress import Progress
from crawler.report import Outcome, write
from crawler.stats import errors_of_spiders, statuses

__all__ = ["SETTINGS", "ReplayExtension", "ReplayReport", "summary"]

logger = logging.getLogger(__name__)

_HANDLER: Final = "crawler.fetch.replayed.ReplayDownloadHandler"

SETTINGS: Final[Mapping[str, Any]] = {
    "DOWNLOAD_HANDLERS": {"http": _HANDLER, "https": _HANDLER, "ftp": None, "file": None, "data": None, "s3": None},
    "EXTENSIONS": {"crawler.replay.ReplayExtension": 100, "scrapy.extensions.remote_control.RemoteControl": None},
    # There is no server to spare.
    "DOWNLOADER": "scrapy.core.downloader.Downloader",
    "SCHEDULER_PRIORITY_QUEUE": "scrapy.pqueues.DownloaderAwarePriorityQueue",
    "AUTOTHROTTLE_ENABLED": False,
    "DOWNLOAD_DELAY": 0,
    "DOWNLOAD_SLOTS": {},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayReport:
    """The whole of a replay's ``crawls/<id>/report.json``."""

    crawl: str
    collection: str
    seeds: tuple[str, ...]
    at: str | None
    policy: str | None
    started: datetime
    finished: datetime
    outcome: Outcome
    reason: str
    """Scrapy's reason for closing the spider."""
    counts: Mapping[str, int]
    statuses: Mapping[str, int]
    misses: tuple[str, ...]
    """URLs that the archive does not have."""
    misses_file: str | None
    """Where they are listed, too; None where there are none, or where they could not be written."""
    failures: tuple[Failure, ...]


class ReplayExtension:
    """Shows how far a replay is, and closes its books."""

    def __init__(self, crawler: Crawler, collection: Collection) -> None:
        assert crawler.stats is not None
        self._crawler = crawler
        self._stats = crawler.stats
        self._collection = collection
        self._started = datetime.now(UTC)
        self._progress = Progress() if crawler.settings.getbool("WIRECOPY_PROGRESS") else None
        self._ticking: AsyncioLoopingCall | None = None
        self._signalled: Outcome | None = None
        self.report: ReplayReport | None = None
        """There once the spider is closed."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler, Collection.open(Path(crawler.settings["WIRECOPY_COLLECTION"])))
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def interrupt(self, outcome: Outcome) -> None:
        """A signal came."""
        self._signalled = outcome

    def spider_opened(self) -> None:
        if self._progress is not None:
            self._ticking = AsyncioLoopingCall(self._tick)
            self._ticking.start(self._progress.every, now=False)

    def spider_closed(self, spider: Spider, reason: str) -> None:
        if self._ticking is not None:
            self._ticking.stop()
        if self._progress is not None:
            self._progress.clear()
        settings = self._crawler.settings
        outcomes = self._crawler.get_downloader_middleware(Outcomes)
        misses = tuple(outcomes.misses) if outcomes else ()
        directory = self._collection.crawls_dir / settings["WIRECOPY_CRAWL_ID"]
        counts = self.counts()
        self.report = ReplayReport(
            crawl=settings["WIRECOPY_CRAWL_ID"],
            collection=os.fspath(self._collection.path),
            seeds=tuple(getattr(spider, "seeds", ())),
            at=settings.get("WIRECOPY_AT"),
            policy=settings.get("WIRECOPY_POLICY"),
            started=self._started,
            finished=datetime.now(UTC),
            outcome=self._signalled or _judge(counts),
            reason=reason,
            counts=counts,
            statuses=statuses(self._stats),
            misses=misses,
            misses_file=_listed(misses, directory),
            failures=tuple(outcomes.failures) if outcomes else (),
        )
        try:
            directory.mkdir(parents=True, exist_ok=True)
            write(self.report, directory / "report.json")
        except OSError as error:  # replaying what nobody may change is no fault
            logger.info("no report in %s: %s", directory, error)

    def counts(self) -> dict[str, int]:
        value = self._stats.get_value
        return {
            "found": value("wirecopy/found", 0),
            "out_of_scope": value("wirecopy/out_of_scope", 0),
            "out_of_period": value("wirecopy/out_of_period", 0),
            "over_budget": value("wirecopy/over_budget", 0),
            "queued": value("wirecopy/queued", 0),
            "refused_by_robots": value("wirecopy/refused_by_robots", 0),
            "answered": value("wirecopy/answered", 0),
            "failed": value("wirecopy/failed", 0),
            "misses": value("wirecopy/misses", 0),
            "items": value("item_scraped_count", 0),
            "spider_errors": errors_of_spiders(self._stats),
        }

    def _tick(self) -> None:
        assert self._progress is not None
        counts = self.counts()
        self._progress.show(f"answered {counts['answered']}  items {counts['items']}  misses {counts['misses']}")


def _judge(counts: Mapping[str, int]) -> Outcome:
    if counts["misses"]:
        return Outcome.MISSES
    return Outcome.PARTLY if counts["failed"] or counts["spider_errors"] else Outcome.COMPLETE


def _listed(misses: tuple[str, ...], directory: Path) -> str | None:
    """Writes them down, a line each."""
    if not misses:
        return None
    path = directory / "misses.txt"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{url}\n" for url in misses))
    except OSError as error:
        logger.info("no list of misses in %s: %s", directory, error)
        return None
    return os.fspath(path)


def summary(report: ReplayReport) -> str:
    """What a person wants to know at the end, in a few lines."""
    counts = report.counts
    when = f" as of {report.at}" if report.at else ""
    lines = [f"{report.outcome.value}: {counts['answered']} answers from the archive{when}, {counts['items']} items"]
    if report.misses:
        lines += [f"  {counts['misses']} not in the archive:", *(f"    {url}" for url in report.misses[:5])]
        if len(report.misses) > 5:
            lines.append(f"    … {len(report.misses) - 5} more")
    if report.misses_file:
        lines.append(f"  to fetch them: wirecopy crawl --from {report.misses_file}")
    if counts["failed"]:
        lines += [f"  {counts['failed']} failed:", *(f"    {each.url}: {each.why}" for each in report.failures[:5])]
    if report.reason not in ("finished", "shutdown"):
        lines.append(f"  stopped early: {report.reason}")
    return "\n".join(lines)
