"""Which capture stands for a URL at a moment, and what it brought: the way from an archive back to an answer.

A capture answers only for the request that it was made for: one of a HEAD or a form does not for a GET. A revisit
answers with its own head and the payload of the capture it refers to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from archive import http
from archive.collection import Collection
from archive.errors import CaptureNotFound
from archive.http import Head
from archive.index.cdxj import key
from archive.index.lookup import Index
from archive.model import Capture
from archive.spool import chunks
from archive.urls import request_uri
from archive.warc.reader import Record, parse_date

__all__ = ["POLICIES", "Answer", "Policy", "Resolver", "choose"]

Policy = Literal["closest", "before", "after", "exact"]
"""Which captures will do: the nearest in time, none later, none earlier, or only one of that very second."""

POLICIES: Final[tuple[Policy, ...]] = get_args(Policy)


def choose(captures: Sequence[Capture], at: datetime | None, policy: Policy = "closest") -> list[Capture]:
    """Those that will do for the moment `at`, the best first; without a moment, the newest first."""
    if at is None:
        return sorted(captures, key=lambda capture: capture.date, reverse=True)
    match policy:
        case "before":
            fit = [capture for capture in captures if capture.date <= at]
        case "after":
            fit = [capture for capture in captures if capture.date >= at]
        case "exact":
            fit = [capture for capture in captures if capture.date == at or capture.date.replace(microsecond=0) == at]
        case _:
            fit = list(captures)
    return sorted(fit, key=lambda capture: (abs(capture.date - at), capture.date))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a capture brought."""

    capture: Capture
    record: Record
    """The capture's own."""
    source: Record
    """The one that has the payload: another one's where the capture is a revisit."""

    @property
    def head(self) -> Head | None:
        """The head as it was sent then, of odd answers too that a browser shows; None where there is none."""
        return self.record.head or _odd_head(self.record)

    def payload(self) -> Iterator[bytes]:
        """The entity body, transfer codings removed and content codings kept."""
        odd = None if self.source.head else _odd_head(self.source)
        return http.payload(self.source.block, odd) if odd else self.source.payload()


class Resolver:
    """Asks one collection. For one thread; to be closed."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._index: Index = collection.index()

    def close(self) -> None:
        self._index.close()

    def captures(self, url: str) -> list[Capture]:
        """Every capture of this very URL, oldest first."""
        try:
            return self._index.captures(request_uri(url))
        except ValueError:  # nothing that could have been asked for
            return []

    def alike(self, url: str) -> list[Capture]:
        """Every capture with the same key, oldest first: over http or https, with or without www, in any case."""
        with suppress(ValueError):
            return sorted(self._index.under(f"{key(request_uri(url))} "), key=lambda each: (each.date, each.id))
        return []

    def below(self, url: str) -> Iterator[Capture]:
        """Captures whose keys begin as that of this URL does, in the order of keys."""
        with suppress(ValueError):
            yield from self._index.under(key(request_uri(url)))

    def lines(self, prefix: str) -> Iterator[str]:
        """Lines of the index that start with `prefix`, in order."""
        return self._index.lines(prefix)

    def find(
        self,
        url: str,
        at: datetime | None = None,
        policy: Policy = "closest",
        *,
        method: str = "GET",
        body: bytes = b"",
    ) -> Answer:
        """What this request would have been answered; CaptureNotFound when the archive does not know."""
        for capture in choose(self.captures(url), at, policy):
            if self.is_for(capture, method, body):
                return self.answer(capture)
        raise CaptureNotFound(url, at)

    def is_for(self, capture: Capture, method: str = "GET", body: bytes = b"") -> bool:
        """Whether the capture answered such a request."""
        return _is_of(self._collection.beside(capture, "request"), method, body)

    def answer(self, capture: Capture) -> Answer:
        """The records behind a capture; CaptureNotFound when it is a revisit of what is not here."""
        record = self._collection.read(capture.file, capture.offset, capture.length)
        source = record
        if record.type == "revisit":
            original = self.original(capture, record)
            source = self._collection.read(original.file, original.offset, original.length)
        return Answer(capture=capture, record=record, source=source)

    def original(self, capture: Capture, revisit: Record) -> Capture:
        """The one that has the payload which `revisit`, the capture's record, stands for; or CaptureNotFound."""
        url = (revisit.get("WARC-Refers-To-Target-URI") or capture.url).strip("<>")  # of WARC/1.0, copied
        stated = revisit.get("WARC-Refers-To-Date")
        date = parse_date(stated) if stated else None
        for earlier in self.captures(url):
            same = earlier.date == date if date else earlier.digest == capture.digest
            if earlier.mime != "warc/revisit" and same:
                return earlier
        raise CaptureNotFound(url, date)


def _odd_head(record: Record) -> Head | None:
    """``ICY 200 OK``: no HTTP to an archive, and a page to a browser."""
    return http.parse_head(record.block, icy=True) if isinstance(record.block, bytes) else None


def _is_of(request: Record | None, method: str, body: bytes) -> bool:
    """Whether a request record is of this method and body; where none was kept, it will have been a GET."""
    if request is None:
        return method == "GET"
    block = b"".join(map(bytes, chunks(request.block)))
    head, _, sent = block.partition(b"\r\n\r\n")
    return head.partition(b" ")[0] == method.encode() and (method == "GET" or sent == body)
