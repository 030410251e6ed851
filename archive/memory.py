"""What a crawl remembers of earlier ones: pages that are known, validators to ask with, payloads that did not change.

Facts come from the catalogue, bytes from the WARC files that are on this disk: a crawl does not wait for a store, and
pages that are only there are asked for as new ones are. For one thread, that of the crawl.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from archive import http
from archive.catalogue import recall
from archive.catalogue.store import Catalogue
from archive.catalogue.times import to_micros
from archive.collection import Collection
from archive.errors import DamagedRecord, NotFound
from archive.http import Head
from archive.model import Capture, Discovery
from archive.warc.reader import Record

__all__ = ["Earlier", "Memory"]

_VALIDATORS = ((b"etag", "If-None-Match"), (b"last-modified", "If-Modified-Since"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A page as an earlier crawl has it."""

    capture: Capture
    head: Head
    """As the server sent it, with the content codings that it names."""
    body: bytes
    """Content codings removed."""


class Memory:
    """Asks a collection; what other processes archive meanwhile is known once the catalogue has followed."""

    def __init__(self, collection: Collection, catalogue: Catalogue, ages: Sequence[float] = ()) -> None:
        """`ages`: seconds after publication at which an article is to be seen again."""
        self._collection = collection
        self._connection = catalogue.connection
        self._ages = [int(age * 1_000_000) for age in ages]

    def known(self, keys: Sequence[str]) -> dict[str, int]:
        """Which of these canonical keys need not be asked for; time of the newest capture (microseconds since 1970)."""
        return recall.known(self._connection, keys, to_micros(datetime.now(UTC)))

    def page(self, key: str) -> Capture | None:
        """The newest whole page of a canonical key, or of where its redirects lead."""
        return recall.page(self._connection, key)

    def due(self, hosts: Iterable[str], limit: int) -> list[Capture]:
        """Articles of these hosts (as in canonical keys) that are due to be seen again: `limit` at most."""
        now, found = to_micros(datetime.now(UTC)), list[Capture]()
        for host in hosts:
            if limit > len(found):
                found += recall.due(self._connection, host, self._ages, now, limit - len(found))
        return found

    def validators(self, url: str) -> tuple[Capture, dict[str, bytes]] | None:
        """The newest whole capture of this very URL, and the request fields that ask for news since."""
        capture = recall.latest(self._connection, url)
        record = self._read(capture) if capture else None
        head = record.head if record else None
        if capture is None or head is None:
            return None
        fields = {name: value for field, name in _VALIDATORS if (value := head.get(field)) and value.isascii()}
        return capture, fields

    def earlier(self, capture: Capture) -> Earlier | None:
        """The page of a capture, for a revisit from the record it points to; None when it cannot be read any more."""
        record = self._read(capture)
        head = record.head if record else None
        if record is not None and record.type == "revisit":
            original = recall.with_id(self._connection, (record.get("WARC-Refers-To") or "").strip("<> "))
            record = self._read(original) if original else None
        if record is None or head is None:
            return None
        return Earlier(capture=capture, head=head, body=http.decoded(b"".join(record.payload()), record.head))

    def discovery(self, capture: Capture) -> Discovery:
        """How the page was found then, and what listings said of it."""
        if self._collection.is_here(capture.file):
            with suppress(NotFound, DamagedRecord):
                return self._collection.discovery(capture)
        return Discovery()

    def _read(self, capture: Capture) -> Record | None:
        if self._collection.is_here(capture.file):
            with suppress(NotFound, DamagedRecord):
                return self._collection.read(capture.file, capture.offset, capture.length)
        return None
