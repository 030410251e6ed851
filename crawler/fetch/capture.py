"""The recorder that a crawl's download handlers share: opened by the first that asks, closed when the last one closes.

Crash: what the recorder has said is written, is; the WARC file it had open is closed by whoever next opens the
collection.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, get_args
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from archive.collection import Collection
from archive.dedup import DedupScope
from archive.errors import ConfigError, StorageError
from archive.model import Capture, Exchange
from archive.recorder import Recorder
from archive.warc.appender import Fsync

__all__ = ["Sink", "hold_recorder", "recorder_for", "release_recorder"]

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
        settings = crawler.settings
        if not settings.get("WIRECOPY_COLLECTION"):
            logger.warning("WIRECOPY_COLLECTION is not set: pages are fetched, and nothing is archived")
            return
        crawl_id = settings.get("WIRECOPY_CRAWL_ID") or f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        collection = Collection.create(Path(settings["WIRECOPY_COLLECTION"]))
        self.recorder = collection.recorder(
            crawl_id=crawl_id,
            user_agent=settings.get("USER_AGENT") or "",
            robots="obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
            http_from=settings.getdict("DEFAULT_REQUEST_HEADERS").get("From"),
            dedup=_choice(settings, "WIRECOPY_DEDUP", get_args(DedupScope)),
            fsync=Fsync(policy=_choice(settings, "WIRECOPY_FSYNC", ("interval", "group", "never"))),
            who=f"crawl {crawl_id}",
        )


def _choice(settings: BaseSettings, name: str, choices: Sequence[Any]) -> Any:
    """A setting's value, the first of its choices where it is not set."""
    value = settings.get(name) or choices[0]
    if value not in choices:
        raise ConfigError(f"{name}: {value!r} is none of {', '.join(choices)}")
    return value


_shared: WeakKeyDictionary[Crawler, _Shared] = WeakKeyDictionary()


def recorder_for(crawler: Crawler) -> Recorder | None:
    """The recorder of this crawl; None when its settings name no collection. Raises what opening one raises."""
    if crawler not in _shared:
        _shared[crawler] = _Shared(crawler)
    return _shared[crawler].recorder


def hold_recorder(crawler: Crawler) -> Recorder | None:
    """The same, and it stays open until `release_recorder` has been called as often."""
    recorder = recorder_for(crawler)
    _shared[crawler].holders += 1
    return recorder


async def release_recorder(crawler: Crawler) -> None:
    shared = _shared[crawler]
    shared.holders -= 1
    if shared.holders or shared.recorder is None:
        return
    try:
        await asyncio.to_thread(shared.recorder.close)  # it syncs files to disk
    except StorageError as error:
        logger.critical("The archive could not be closed: %s", error)
        assert crawler.stats is not None
        crawler.stats.set_value("wirecopy/storage_error", str(error))
