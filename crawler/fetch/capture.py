"""The recorder that a crawl's download handlers share: opened by the first that asks, closed when the last one closes.

Crash: what the recorder has said is written, is; the WARC file it had open is closed by whoever next opens the
collection.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler

from archive.collection import Collection
from archive.errors import StorageError
from archive.model import Capture, Exchange
from archive.recorder import Recorder
from crawler.fetch.bodies import Bodies
from crawler.fetch.policy import policy_of
from crawler.fetch.reserve import Reserve, free_on
from crawler.fetch.secrets import REDACTION, redacts
from crawler.values import size

__all__ = [
    "Sink",
    "bodies_for",
    "close_recorder",
    "hold_recorder",
    "recorder_for",
    "release_recorder",
    "reserve_for",
    "storage_failed",
]

logger = logging.getLogger(__name__)


class Sink(Protocol):
    """Where exchanges go: ``archive.recorder.Recorder``, or whatever keeps them as well."""

    def record(self, exchange: Exchange) -> Future[Capture | None]:
        """Resolves when the exchange is written; StorageError, here or there, when it cannot be."""


class _Shared:
    """A crawl's recorder, and how many need it open."""

    def __init__(self, crawler: Crawler) -> None:
        self.holders = 0
        self.recorder: Recorder | None = None
        self.closed = False
        self.reserve = Reserve(0, lambda: 0)
        settings = crawler.settings
        self.bodies = Bodies(size(settings, "WIRECOPY_MAX_IN_FLIGHT", 256 * 1024 * 1024))
        if not settings.get("WIRECOPY_COLLECTION"):
            logger.warning("WIRECOPY_COLLECTION is not set: pages are fetched, and nothing is archived")
            return
        crawl_id = settings.get("WIRECOPY_CRAWL_ID") or f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        policy = policy_of(settings)
        collection = Collection.create(Path(settings["WIRECOPY_COLLECTION"]))
        self.recorder = collection.recorder(
            crawl_id=crawl_id,
            user_agent=settings.get("USER_AGENT") or "",
            robots="obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
            http_from=settings.getdict("DEFAULT_REQUEST_HEADERS").get("From"),
            redaction=REDACTION if redacts(settings) else None,
            who=f"crawl {crawl_id}",
            dedup=policy.dedup,
            fsync=policy.fsync,
            rolling=policy.rolling,
        )
        self.reserve = Reserve(policy.reserve, free_on(collection.path), stopped=lambda: _ending(crawler))


def _ending(crawler: Crawler) -> bool:
    """Whether the spider is being closed, for whatever reason: Scrapy has no public word for it."""
    slot = crawler.engine._slot if crawler.engine is not None else None
    return slot is not None and slot.closing is not None


_shared: WeakKeyDictionary[Crawler, _Shared] = WeakKeyDictionary()


def recorder_for(crawler: Crawler) -> Recorder | None:
    """The recorder of this crawl; None when its settings name no collection. Raises what opening one raises."""
    if crawler not in _shared:
        _shared[crawler] = _Shared(crawler)
    return _shared[crawler].recorder


def reserve_for(crawler: Crawler) -> Reserve:
    """How much room this crawl leaves on the disk, and whether it waits for any."""
    recorder_for(crawler)
    return _shared[crawler].reserve


def bodies_for(crawler: Crawler) -> Bodies:
    """How much of large bodies this crawl has on its way at a time."""
    recorder_for(crawler)
    return _shared[crawler].bodies


def hold_recorder(crawler: Crawler) -> Recorder | None:
    """The same, and it stays open until `release_recorder` has been called as often, or `close_recorder` once."""
    recorder = recorder_for(crawler)
    _shared[crawler].holders += 1
    return recorder


async def release_recorder(crawler: Crawler) -> None:
    _shared[crawler].holders -= 1
    if not _shared[crawler].holders:
        await close_recorder(crawler)


async def close_recorder(crawler: Crawler) -> None:
    """Close it for all: no download is under way any more. What the disk refused then is in the crawl's stats."""
    shared = _shared[crawler]
    if shared.closed or shared.recorder is None:
        return
    shared.closed = True
    try:
        await asyncio.to_thread(shared.recorder.close)  # it syncs files to disk
    except StorageError as error:
        logger.critical("The archive could not be closed: %s", error)
        storage_failed(crawler, error)


def storage_failed(crawler: Crawler, error: StorageError) -> None:
    """Note what the disk refused, the first refusal only: it is the cause of the others."""
    assert crawler.stats is not None
    if crawler.stats.get_value("wirecopy/storage_error") is None:
        crawler.stats.set_value("wirecopy/storage_error", str(error))
