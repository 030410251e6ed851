"""One crawl from first to last: check what can be checked, run Scrapy, say what came of it.

One crawl a process: a Twisted reactor cannot be started twice. Ctrl-C and SIGTERM close the spider,
finish what is on the wire, and leave the rest for the next crawl; a second signal leaves at once,
which is as sound, since nothing counts before it is in a WARC file.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, get_args

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from archive.collection import Collection
from archive.disk import refused
from archive.errors import ConfigError, StorageError
from archive.http import HEAD_LIMIT
from archive.recipes.book import Book, read
from archive.resolve import Policy
from archive.since import parse_moment
from crawler.access import load_cookies, own_headers
from crawler.contact import ADVICE, contact_of, introduce, obeyed_as
from crawler.discovery.bounds import REL_NOFOLLOW
from crawler.discovery.payload import decode
from crawler.discovery.sitemaps import read_list as listed_urls
from crawler.extension import ArchiveExtension
from crawler.fetch.connect import parse_proxy
from crawler.fetch.guard import guard_of
from crawler.fetch.policy import policy_of
from crawler.fetch.wire import USUAL_HEAD
from crawler.logs import Form, handler, rotation
from crawler.politeness.registry import manners_of
from crawler.redaction import secrets
from crawler.replay import SETTINGS, ReplayExtension, ReplayReport
from crawler.report import CrawlReport, Outcome, crawl_id
from crawler.sources import keys
from crawler.spiders.watch import together
from crawler.values import choice, moment, size, spans

__all__ = ["crawl", "crawl_sources", "read_list", "replay"]

_Books = TypeVar("_Books", ArchiveExtension, ReplayExtension)


def crawl(
    urls: Sequence[str],
    *,
    collection: Path,
    spider: str = "article",
    max_pages: int = 500,
    scope: str | None = None,
    extract: bool = True,
    workers: int = 0,
    settings: Mapping[str, Any] | None = None,
    verbose: bool = False,
) -> CrawlReport:
    """Crawl from these URLs into a collection, which is made when absent.

    Raises ConfigError for what is no URL, and what `Collection.create` raises. Must be called from the
    main thread, once a process.
    """
    arguments = {"url": [keys.seed(url) for url in urls], "scope": scope, "max_pages": max_pages}
    return _crawl(spider, arguments, collection, extract, workers, settings or {}, verbose)


def crawl_sources(
    file: Path,
    names: Sequence[str],
    *,
    collection: Path,
    extract: bool = True,
    workers: int = 0,
    settings: Mapping[str, Any] | None = None,
    verbose: bool = False,
    dry: bool = False,
) -> CrawlReport:
    """Crawl sources of a sources.toml, by their ids and as each is to be: the same otherwise.

    `dry`: ask for their listings only; the report's `sources` have what would have been asked for.
    """
    own = together(file, names)[0].settings
    arguments = {"file": str(file), "source": names, "dry": dry}
    return _crawl("watch", arguments, collection, extract, workers, {**own, **(settings or {})}, verbose)


def _crawl(
    spider: str,
    arguments: Mapping[str, Any],
    collection: Path,
    extract: bool,
    workers: int,
    settings: Mapping[str, Any],
    verbose: bool,
) -> CrawlReport:
    name = crawl_id()
    chosen = Settings()
    chosen.setmodule("crawler.settings", priority="project")
    told = {
        "WIRECOPY_COLLECTION": str(collection),
        "WIRECOPY_CRAWL_ID": name,
        **({} if extract else {"WIRECOPY_EXTRACT": False}),
        **({"WIRECOPY_WORKERS": workers} if workers else {}),
        "WIRECOPY_PROGRESS": not verbose,
        "LOG_LEVEL": "INFO",
        **settings,
    }
    chosen.setdict(told, priority="cmdline")
    _check(chosen)
    opened = Collection.create(collection)
    Book(read(opened.path))  # what is wrong in a recipe is told before anything is fetched
    for recovery in opened.recovered:
        sys.stderr.write(f"repaired: {recovery}\n")
    with opened.shared(f"crawl {name}"):
        log = _log_file(opened.crawls_dir / name)
        if not verbose and "LOG_FILE" not in told:
            chosen.set("LOG_FILE", str(log), priority="cmdline")
        extension = _run(chosen, ArchiveExtension, spider, **arguments)
    if contact_of(chosen) is None:
        sys.stderr.write(f"{ADVICE}\n")
    assert extension.report is not None
    return extension.report


def replay(
    urls: Sequence[str],
    *,
    collection: Path,
    spider: str = "article",
    at: str | None = None,
    policy: Policy | None = None,
    max_pages: int = 500,
    scope: str | None = None,
    settings: Mapping[str, Any] | None = None,
    verbose: bool = False,
) -> ReplayReport:
    """The same crawl on what the collection holds, as of `at`; the network is not asked.

    Raises ConfigError for what is no URL and no point in time, and NoCollection. Once a process, from the main thread.
    """
    seeds = [keys.seed(url) for url in urls]
    if at:
        parse_moment(at, datetime.now(UTC))
    opened = Collection.open(collection)
    name = crawl_id()
    chosen = Settings()
    chosen.setmodule("crawler.settings", priority="project")
    told = {
        **SETTINGS,
        "WIRECOPY_COLLECTION": str(collection),
        "WIRECOPY_CRAWL_ID": name,
        "WIRECOPY_AT": at,
        "WIRECOPY_POLICY": policy,
        "WIRECOPY_PROGRESS": not verbose,
        "LOG_LEVEL": "INFO",
        **(settings or {}),
    }
    chosen.setdict(told, priority="cmdline")
    if not verbose and "LOG_FILE" not in told:
        try:
            chosen.set("LOG_FILE", str(_log_file(opened.crawls_dir / name)), priority="cmdline")
        except StorageError:  # replaying what nobody may change is no fault
            chosen.set("LOG_ENABLED", False, priority="cmdline")
    extension = _run(chosen, ReplayExtension, spider, url=seeds, scope=scope, max_pages=max_pages)
    assert extension.report is not None
    return extension.report


def _check(settings: Settings) -> None:
    """Raises ConfigError for settings that make no sense, before anything is made or fetched."""
    policy_of(settings)
    guard_of(settings)
    manners_of(settings)
    contact_of(settings)
    spans(settings, "WIRECOPY_SECOND_LOOKS")
    obeyed_as(settings)
    choice(settings, "WIRECOPY_LOG_FORMAT", get_args(Form))
    choice(settings, "WIRECOPY_REQUISITES", ("none", "images", "all"))
    choice(settings, "WIRECOPY_REL_NOFOLLOW", REL_NOFOLLOW)
    for name in ("WIRECOPY_SINCE", "WIRECOPY_UNTIL"):
        moment(settings, name)
    for name in ("WIRECOPY_MAX_BYTES", "WIRECOPY_MAX_UNPACKED", "WIRECOPY_MAX_IN_FLIGHT", "WIRECOPY_AUDIT"):
        size(settings, name, 0)
    rotation(settings)
    if size(settings, "WIRECOPY_MAX_HEAD", USUAL_HEAD) > HEAD_LIMIT:
        raise ConfigError(f"WIRECOPY_MAX_HEAD: {HEAD_LIMIT} bytes at most: no reader of the archive looks further")
    if proxy := settings.get("WIRECOPY_PROXY"):
        parse_proxy(proxy)
    own_headers(settings, os.environ)
    if cookies := settings.get("WIRECOPY_COOKIES"):
        load_cookies(Path(cookies))


def _run(settings: Settings, books: type[_Books], spider: str, **arguments: Any) -> _Books:
    """One spider to its end, and the extension that knows how it went; raises what kept it from starting."""
    logging.raiseExceptions = False  # a log that finds no room on the disk is no news: what else does is told
    introduce(settings)
    _log(settings)
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(spider)
    _on_signals(crawler, books)
    task = process.crawl(crawler, **arguments)
    process.start(install_signal_handlers=False)
    if task.done() and not task.cancelled() and (error := task.exception()):
        raise error
    extension = crawler.get_extension(books)
    assert extension is not None
    return extension


def _log(settings: Settings) -> None:
    """Have the log written in our way, where Scrapy's settings want it."""
    if not settings.getbool("LOG_ENABLED"):
        return
    path = settings.get("LOG_FILE")
    chosen = {name: value for name, value in settings.items() if (settings.getpriority(name) or 0) > 0}
    try:
        made = handler(
            Path(path) if path else None,
            form=choice(settings, "WIRECOPY_LOG_FORMAT", get_args(Form)),
            level=settings.get("LOG_LEVEL"),
            rotated=rotation(settings),
            secrets=secrets(chosen),
            human=settings["LOG_FORMAT"],
            dates=settings["LOG_DATEFORMAT"],
        )
    except OSError as error:
        raise refused(error, Path(path)) from error
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
    logging.root.setLevel(logging.NOTSET)
    logging.root.addHandler(made)


def _log_file(directory: Path) -> Path:
    try:
        directory.mkdir(parents=True)
    except OSError as error:
        raise refused(error, directory) from error
    return directory / "crawl.log"


def read_list(file: str) -> list[str]:
    """The URLs in a file, or on standard input where `file` is ``-``: one a line, ``#`` starts a comment."""
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}") from error
    found = [candidate.url for candidate in listed_urls(decode(data), url="").candidates]
    if not found:
        raise ConfigError(f"{'standard input' if file == '-' else file} lists no URLs, one a line")
    return found


def _on_signals(crawler: Crawler, books: type[_Books]) -> None:
    """Let SIGINT and SIGTERM close the spider, and a second one the process."""
    received: list[int] = []
    loop = asyncio.get_event_loop()

    async def stop(outcome: Outcome) -> None:
        extension = crawler.get_extension(books)
        if extension is not None:
            extension.interrupt(outcome)
        await crawler.stop_async()

    def handle(number: int, _frame: object) -> None:
        outcome = Outcome.INTERRUPTED if number == signal.SIGINT else Outcome.TERMINATED
        if received:
            os._exit(outcome.exit_code)
        received.append(number)
        os.write(2, b"\nstopping: what is on the wire is finished first; once more to leave at once\n")
        asyncio.run_coroutine_threadsafe(stop(outcome), loop)

    signal.signal(signal.SIGINT, handle)
    signal.signal(signal.SIGTERM, handle)
