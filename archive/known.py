"""Earlier captures, for a recorder to point to: what it wrote itself of late, and what the finished indexes hold.

Lives on the writer's thread, so a look-up must be cheap: two bounded maps in memory, then one bisection an index file.
Captures that another process writes at the same time are not seen; that costs room on the disk, and nothing else.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

from archive.dedup import DedupScope, holds_payload, request_fields, validated
from archive.digest import Algorithm, digest_of
from archive.errors import DamagedRecord
from archive.index.lookup import Index
from archive.model import Capture, Exchange
from archive.warc.draft import warc_date
from archive.warc.reader import Record, read_at
from archive.warc.records import Original

__all__ = ["KnownCaptures"]

_REMEMBERED = 1024  # some 1 KB each: memory must not grow with the crawl
_TRIED = 5


class KnownCaptures:
    """What may be revisited."""

    def __init__(self, archive: Path, indexes: Path, scope: DedupScope) -> None:
        self._archive = archive
        self._index = Index(indexes)
        self._scope = scope
        self._by_url: OrderedDict[str, Capture] = OrderedDict()
        self._by_digest: OrderedDict[str, Capture] = OrderedDict()

    def add(self, capture: Capture) -> None:
        """Remembers a capture that was just written."""
        if capture.digest is None or not holds_payload(capture):
            return
        _put(self._by_url, capture.url, capture)
        if self._scope == "collection":
            _put(self._by_digest, capture.digest, capture)

    def candidates(self, url: str, digest: str) -> Iterator[Capture]:
        """Captures that may have this payload, those at hand first."""
        recent = self._by_url.get(url)
        if recent is not None:
            yield recent
        if self._scope == "collection":
            recent = self._by_digest.get(digest)
            if recent is not None:
                yield recent
            yield from self._index.with_digest(digest)
        else:
            yield from self._index.closed_captures(url)

    def original(self, capture: Capture) -> Original | None:
        """The capture's own fields, as in its record (the URI without brackets); None when that does not hold
        what the index says.

        The payload is digested again: others' digests may include chunk framing, and a damaged record helps nobody.
        """
        assert capture.digest is not None
        if self._by_url.get(capture.url) is capture:
            return Original(id=capture.id, url=capture.url, date=warc_date(capture.date), digest=capture.digest)
        record = self._record(capture)
        if record is None or record.id != capture.id or record.type != "response" or record.get("WARC-Truncated"):
            return None
        algorithm: Algorithm = "sha256" if capture.digest.startswith("sha256:") else "sha1"
        url, date = record.url, record.get("WARC-Date")
        if not url or not date or digest_of(record.payload(), algorithm) != capture.digest:
            return None
        return Original(id=record.id, url=url, date=date, digest=capture.digest)

    def unmodified(self, exchange: Exchange) -> Original | None:
        """What a 304 says is unchanged, if its request carried the validators of a capture of ours."""
        fields = request_fields(exchange.request)
        if b"if-none-match" not in fields and b"if-modified-since" not in fields:
            return None
        for capture in reversed(self._captures(exchange.url)[-_TRIED:]):
            record = self._record(capture)
            head = record.head if record else None
            if record is None or head is None or not validated(fields, head):
                continue
            stored = capture if record.type == "response" else self._revisited(record)
            if stored is not None and holds_payload(stored):
                return self.original(stored)
        return None

    def _captures(self, url: str) -> list[Capture]:
        recent = self._by_url.get(url)
        return [*self._index.closed_captures(url), *([recent] if recent else [])]

    def _revisited(self, record: Record) -> Capture | None:
        """The capture that an identical-payload revisit points to."""
        url = (record.get("WARC-Refers-To-Target-URI") or "").strip("<>")
        refers = (record.get("WARC-Refers-To") or "").strip("<> ")
        return next((capture for capture in self._captures(url) if capture.id == refers), None)

    def close(self) -> None:
        self._index.close()

    def _record(self, capture: Capture) -> Record | None:
        path = self._archive / capture.file
        for name in (path, path.with_name(path.name + ".open"), path):
            try:
                return read_at(name, capture.offset, capture.length)
            except FileNotFoundError:
                continue
            except (DamagedRecord, OSError):
                return None
        return None


def _put(kept: OrderedDict[str, Capture], key: str, capture: Capture) -> None:
    kept[key] = capture
    kept.move_to_end(key)
    if len(kept) > _REMEMBERED:
        kept.popitem(last=False)
