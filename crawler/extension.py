"""What goes on beside the fetching: articles are read, progress is shown, and in the end a report is written.

The same for `wirecopy crawl` and for Scrapy's own command. Nothing here is needed for a capture to be safe: a
process that is killed leaves unread pages, which the next crawl reads, and no report.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import AsyncioLoopingCall

from archive.care.audit import SelfAudit
from archive.catalogue.follow import follow
from archive.catalogue.schema import explained
from archive.catalogue.store import Catalogue
from archive.catalogue.texts import Texts, texts
from archive.collection import Collection
from archive.disk import refused
from archive.errors import StorageError, WirecopyError
from archive.ingest import Ingest
from archive.memory import Memory
from crawler.documents import crawl_records
from crawler.fetch.capture import bodies_for, close_recorder, recorder_for, reserve_for, storage_failed
from crawler.heldback import ledger_of
from crawler.items import SourceResult
from crawler.middlewares import Outcomes
from crawler.progress import Progress
from crawler.report import CrawlReport, Outcome, crawl_id, judge, write
from crawler.spiders.watch import WatchSpider
from crawler.stats import errors_of_spiders, statuses
from crawler.values import size, spans

__all__ = ["ArchiveExtension"]

logger = logging.getLogger(__name__)

_SHUTDOWN = "shutdown"
"""Scrapy's reason for a spider that a signal closed."""


class ArchiveExtension:
    """Opens the collection for a crawl, and closes the books on it."""

    def __init__(self, crawler: Crawler, collection: Collection) -> None:
        assert crawler.stats is not None
        self._crawler = crawler
        self._stats = crawler.stats
        self._collection = collection
        recorder = recorder_for(crawler)
        assert recorder is not None
        self._recorder = recorder
        settings = crawler.settings
        self._started = datetime.now(UTC)
        self._id: str = settings["WIRECOPY_CRAWL_ID"]
        self._catalogue = Catalogue(collection.catalogue_path, create=True)
        follow(self._catalogue, collection.indexes_dir)
        self.memory = Memory(collection, self._catalogue, spans(settings, "WIRECOPY_SECOND_LOOKS"))
        self._ingest = None
        if settings.getbool("WIRECOPY_EXTRACT"):
            self._ingest = Ingest(collection, crawl_id=self._id, workers=settings.getint("WIRECOPY_WORKERS"))
        budget = size(settings, "WIRECOPY_AUDIT", 0)
        self._audit = SelfAudit(collection, budget) if budget else None
        self._progress = Progress() if settings.getbool("WIRECOPY_PROGRESS") else None
        self._reserve = reserve_for(crawler)
        self._bodies = bodies_for(crawler)
        if self._progress is not None:
            self._reserve.tell = self._progress.say
        self._ticking: AsyncioLoopingCall | None = None
        self._signalled: Outcome | None = None
        self.report: CrawlReport | None = None
        """There once the spider is closed."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        path = crawler.settings.get("WIRECOPY_COLLECTION")
        if not path:
            raise NotConfigured("WIRECOPY_COLLECTION is not set")
        if not crawler.settings.get("WIRECOPY_CRAWL_ID"):
            crawler.settings.set("WIRECOPY_CRAWL_ID", crawl_id(), priority="project")
        extension = cls(crawler, Collection.create(Path(path)))
        crawler.memory = extension.memory  # type: ignore[attr-defined] # where spiders and middlewares look for it
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def interrupt(self, outcome: Outcome) -> None:
        """A signal came: leave what is unread for the next time."""
        self._signalled = outcome
        if self._ingest is not None:
            self._ingest.halt()
        if self._audit is not None:
            self._audit.halt()

    def spider_opened(self) -> None:
        gc.freeze()  # what start-up made stays: looked through again and again, it lets garbage of pages pile up
        if self._ingest is not None:
            self._ingest.start()
        if self._audit is not None:
            self._audit.start()
        if self._progress is not None:
            self._ticking = AsyncioLoopingCall(self._tick)
            self._ticking.start(self._progress.every, now=False)

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        try:
            await asyncio.to_thread(self._read_the_rest, reason)
        except StorageError as error:
            logger.error("%s", error)
            storage_failed(self._crawler, error)
        except WirecopyError as error:
            logger.error("%s", error)
            self._stats.inc_value("wirecopy/ingest_errors")
        if self._ticking is not None:
            self._ticking.stop()
        if self._progress is not None:
            self._progress.clear()
        report = self._report(spider, reason)
        if self._storage_error is None:
            await asyncio.to_thread(self._keep, report)
        # Closed here and not by the last download handler: only now can it be told how the crawl ended.
        await close_recorder(self._crawler)
        await asyncio.to_thread(self._write, report)
        self._catalogue.close()

    @property
    def _storage_error(self) -> str | None:
        error: str | None = self._stats.get_value("wirecopy/storage_error")
        return error

    def _keep(self, report: CrawlReport) -> None:
        """The crawl's own documents, beside the captures it made."""
        if not self._recorder.records:
            return
        settings = self._crawler.settings
        try:
            self._recorder.keep(lambda warcinfos: crawl_records(report, settings, warcinfos)).result()
        except StorageError as error:
            logger.error("%s", error)
            storage_failed(self._crawler, error)

    def _write(self, report: CrawlReport) -> None:
        directory = self._collection.crawls_dir / self._id
        report = self._ended(report)
        try:
            directory.mkdir(parents=True, exist_ok=True)
            write(report, directory / "report.json")
        except OSError as error:
            failure = refused(error, directory)
            logger.error("%s", failure)
            storage_failed(self._crawler, failure)
        self.report = self._ended(report)

    def _ended(self, report: CrawlReport) -> CrawlReport:
        """The report, with what the disk refused since it was made."""
        error = self._storage_error
        return report if error is None else replace(report, storage=error, outcome=Outcome.STORAGE)

    def _read_the_rest(self, reason: str) -> None:
        if self._audit is not None:
            if reason == _SHUTDOWN:
                self._audit.halt()
            self._audit.join()
            if self._audit.error is not None:
                raise self._audit.error
        if self._ingest is None:
            return
        try:
            if self._signalled is None and reason != _SHUTDOWN:
                self._ingest.drain()
        finally:
            self._ingest.stop()

    def _tick(self) -> None:
        assert self._progress is not None
        self._progress.crawl(self.counts())

    def counts(self) -> dict[str, int]:
        """How the crawl stands: the counts of its report."""
        value = self._stats.get_value
        read = self._ingest.state if self._ingest is not None else None
        return {
            "found": value("wirecopy/found", 0),
            "known": value("wirecopy/known", 0),
            "out_of_scope": value("wirecopy/out_of_scope", 0),
            "out_of_period": value("wirecopy/out_of_period", 0),
            "over_budget": value("wirecopy/over_budget", 0),
            "queued": value("wirecopy/queued", 0),
            "requisites": value("wirecopy/requisites", 0),
            "requisites_failed": value("wirecopy/requisites_failed", 0),
            "requisites_over_budget": value("wirecopy/requisites_over_budget", 0),
            "seen_again": value("wirecopy/seen_again", 0),
            "unchanged": value("wirecopy/unchanged", 0),
            "refused_by_robots": value("wirecopy/refused_by_robots", 0),
            "refused_addresses": value("wirecopy/refused_addresses", 0),
            "fetched": value("downloader/response_count", 0),
            "answered": value("wirecopy/answered", 0),
            "failed": value("wirecopy/failed", 0),
            "held_back": ledger_of(self._crawler).total,
            "spider_errors": errors_of_spiders(self._stats) + value("wirecopy/ingest_errors", 0),
            "audited": self._audit.files if self._audit is not None else 0,
            "defects": len(self._audit.defects) if self._audit is not None else 0,
            "pauses": self._reserve.pauses,
            "bodies_waited": self._bodies.waited,
            "records": self._recorder.records,
            "bytes": self._recorder.bytes,
            "read": read.read if read else 0,
            "articles": read.articles if read else 0,
            "unreadable": read.failed if read else 0,
            "unread": read.waiting if read else 0,
        }

    def _results(self, spider: Spider) -> list[SourceResult]:
        if not isinstance(spider, WatchSpider):
            return []
        try:
            with explained(self._catalogue.path):
                return spider.results(partial(texts, self._catalogue.connection))
        except WirecopyError as error:
            logger.error("%s", error)
            return spider.results(lambda captures: Texts())

    def _report(self, spider: Spider, reason: str) -> CrawlReport:
        counts = self.counts()
        outcomes = self._crawler.get_downloader_middleware(Outcomes)
        return CrawlReport(
            crawl=self._id,
            collection=os.fspath(self._collection.path),
            seeds=tuple(getattr(spider, "seeds", ())),
            started=self._started,
            finished=datetime.now(UTC),
            outcome=self._signalled or judge(counts),
            reason=reason,
            counts=counts,
            statuses=statuses(self._stats),
            failures=tuple(outcomes.failures) if outcomes else (),
            refusals=tuple(outcomes.refusals) if outcomes else (),
            held_back=ledger_of(self._crawler).entries(),
            sources=tuple(self._results(spider)),
            kept_out=dict(sorted(self._ingest.state.kept_out.items())) if self._ingest is not None else {},
            defects=tuple(map(str, self._audit.defects)) if self._audit is not None else (),
        )
