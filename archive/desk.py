"""The reading desk: pages on their way from the catalogue's queues through the extractors into ``text/``.

There is a queue for each host, and whose turn it is depends on what the pages of each have cost (`archive.turns`): one
whose pages are dear keeps no other waiting. All of it is in the catalogue; here is which hosts wait, and the few pages
that are on their way. What passes through is places and extractions, never payloads. For one thread, which is the one
that has the collection's ingest lock.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final, cast

from archive.catalogue import documents
from archive.catalogue.captures import Unread
from archive.catalogue.follow_text import follow_text
from archive.catalogue.store import Catalogue
from archive.collection import Collection
from archive.errors import DamagedRecord, NotFound, StoreError
from archive.extract.parts import joined
from archive.extract.pool import ExtractPool, Job, Pending
from archive.model import NOT_ARTICLES, Capture, Discovery, Extraction
from archive.recipes.book import Book
from archive.storage.ranges import Clip, Copy
from archive.turns import Turns
from archive.warc.draft import RecordDraft
from archive.warc.records import article_metadata, conversion
from archive.warc.writer import WarcWriter

__all__ = ["Desk", "reading_group"]

AHEAD: Final = 4
"""Pages on their way for each worker, at most: none waits for work, and little is done twice after a kill."""

_ENOUGH: Final = 0.25
"""Seconds of work on its way for each worker that are enough: a host whose turn comes waits for it."""

_HOSTS: Final = 1000
"""Above this number that wait, others come in as these have no more to read."""

PATIENCE: Final = 1.5
"""Seconds that `close` waits for pages in mid-extraction."""

_BATCH: Final = 64

_log = logging.getLogger(__name__)

_Result = tuple[str, Unread, Discovery, Pending]


def reading_group(capture: Capture, extraction: Extraction, date: datetime) -> list[RecordDraft]:
    """The records of a reading: of an article its text as a conversion, and of every page the document."""
    group = []
    if extraction.text and extraction.kind not in NOT_ARTICLES:
        kind = "text/markdown" if extraction.text_format == "markdown" else "text/plain"
        content_type = f"{kind}; charset=utf-8"
        text = extraction.text
        group.append(conversion(url=capture.url, refers_to=capture.id, text=text, date=date, content_type=content_type))
    refers_to = group[0].id if group else capture.id
    document = documents.encode(capture.id, extraction)
    return [*group, article_metadata(url=capture.url, refers_to=refers_to, document=document, date=date)]


class Desk:
    """Takes unread pages, has them read, keeps what came of them."""

    def __init__(
        self,
        collection: Collection,
        catalogue: Catalogue,
        pool: Callable[[], ExtractPool],
        *,
        workers: int,
        crawl_id: str | None,
        recipes: Book,
    ) -> None:
        self._collection = collection
        self._catalogue = catalogue
        self._crawl_id = crawl_id
        self._make_pool = pool
        self._workers = workers
        self._recipes = recipes
        self._pool: ExtractPool | None = None
        self._writer: WarcWriter | None = None
        self._results: SimpleQueue[_Result] = SimpleQueue()
        self._on_their_way = 0
        self._turns = Turns()
        self._looked = ""  # up to which host
        self._last: dict[str, int] = {}
        """Place of the last page that was sent, of hosts that have pages on their way."""

    def look(self) -> None:
        """See which hosts have pages that wait."""
        if len(self._turns) < _HOSTS:
            found = self._catalogue.unread_hosts(_HOSTS, after=self._looked)
            for host in found:
                self._turns.comes(host)
            self._looked = found[-1] if len(found) == _HOSTS else ""

    def fill(self) -> None:
        """Send pages to the extractors until enough are on their way."""
        # Of a host with nothing on its way the queue is read from its start: some may have been put back.
        self._last = {host: last for host, last in self._last.items() if self._turns.reads(host)}
        if not self._turns:
            self.look()
        away: list[str] = []
        while not self._enough() and len(away) < _BATCH and (host := self._turns.next()):
            page = self._catalogue.next_unread(host, self._last.get(host, 0))
            if page is None:
                self._turns.leaves(host)
                continue
            self._last[host] = page.number
            try:
                self._send(host, page)
            except (NotFound, StoreError) as error:
                _log.warning("%s; %s cannot be read until it is back", error, page.capture.url)
                away.append(page.capture.id)
        if away:
            self._catalogue.set_aside(away)

    def _enough(self) -> bool:
        pages = self._on_their_way
        return pages >= AHEAD * self._workers or (
            pages >= self._workers and self._turns.under_way >= _ENOUGH * self._workers
        )

    def keep(self, timeout: float) -> list[tuple[Unread, Extraction]]:
        """Wait for pages to be read, `timeout` seconds at most, and keep those that are."""
        finished: list[_Result] = []
        with suppress(Empty):
            finished.append(self._results.get(timeout=timeout))
            while len(finished) < _BATCH:
                finished.append(self._results.get_nowait())
        self._on_their_way -= len(finished)
        for host, *_, future in finished:
            self._turns.ends(host, future.seconds)
        return self._write(
            [
                (page, self._whole(page, hint, future.result()))
                for _, page, hint, future in finished
                if not future.cancelled()
            ]
        )

    def close(self) -> list[tuple[Unread, Extraction]]:
        """Keep what is read by now or in a moment, and leave the rest for the next time."""
        try:
            if self._pool is None:
                return []
            # In a thread, since one page may take its whole deadline; its process ends with this one's pipe.
            closing = Thread(target=self._pool.close, name="extract-close", daemon=True)
            closing.start()
            closing.join(PATIENCE)
            return self.keep(0)
        finally:
            if self._writer:
                self._writer.close()

    def _send(self, host: str, page: Unread) -> None:
        capture = page.capture
        file = self._collection.readable(capture.file)
        hint = self._hint(capture)
        recipe = self._recipes.find(capture.url, capture.date.date())
        if isinstance(file, Copy):  # workers ask no store: what takes its time is no fault of the page's
            file = file.clip(capture.offset, capture.length)
        job = Job(
            url=capture.url,
            hint=hint,
            path=file,
            offset=0 if isinstance(file, Clip) else capture.offset,
            length=capture.length,
            recipe=recipe.id if recipe else None,
        )
        if self._pool is None:
            self._pool = self._make_pool()
        self._on_their_way += 1
        self._turns.starts(host)
        future = self._pool.submit(job)
        future.add_done_callback(lambda done: self._results.put((host, page, hint, cast("Pending", done))))

    def _hint(self, capture: Capture) -> Discovery:
        try:
            return self._collection.discovery(capture)
        except (NotFound, DamagedRecord):
            return Discovery()

    def _whole(self, page: Unread, hint: Discovery, said: Extraction) -> Extraction:
        """What was read, as part of its article, or with the parts that are there by now."""
        if hint.part_of and hint.part:
            return replace(said, kind="part", part_of=hint.part_of, part=hint.part)
        others = self._catalogue.further_pages(page.capture)
        return joined(said, others) if others else said

    def _write(self, read: list[tuple[Unread, Extraction]]) -> list[tuple[Unread, Extraction]]:
        """Record first, then rows, and those from the records."""
        if not read:
            return []
        if self._writer is None:
            self._writer = self._collection.text_writer(crawl_id=self._crawl_id)
        now = datetime.now(UTC)
        writer = self._writer
        written = [writer.append(reading_group(page.capture, said, now)) for page, said in read]
        files = {place.file for group in written for place in group.result()}
        follow_text(self._catalogue, self._collection.text_dir, only=files)
        return read
