"""Earlier captures, for a recorder to point to: what it wrote itself of late, and what the finished indexes hold.

Lives on the writer's thread, so a look-up must be cheap: two bounded maps in memory, then one bisection an index file.
Captures that another process writes at the same time are not seen; that costs room on the disk, and nothing else.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

from archive.dedup import DedupScope, holds_payload, request_fields, validated
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
        """The capture's own fields, byte for byte as in its record; None when that cannot be read any more."""
        if self._by_url.get(capture.url) is capture:
            assert capture.digest is not None
            return Original(id=capture.id, url=capture.url, date=warc_date(capture.date), digest=capture.digest)
        record = self._record(capture)
        return _as_original(record) if record is not None and record.id == capture.id else None

    def unmodified(self, exchange: Exchange) -> Original | None:
        """What a 304 says is unchanged, if its request carried the validators of a capture of ours."""
        fields = request_fields(exchange.request)
        if b"if-none-match" not in fields and b"if-modified-since" not in fields:
            return None
        recent = self._by_url.get(exchange.url)
        captures = [*self._index.closed_captures(exchange.url), *([recent] if recent else [])]
        for capture in reversed(captures[-_TRIED:]):
            record = self._record(capture)
            head = record.head if record else None
            if record is not None and head is not None and validated(fields, head):
                original = _as_revisited(record) if record.type == "revisit" else _as_original(record)
                if original is not None:
                    return original
        return None

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


def _as_original(record: Record) -> Original | None:
    if record.type != "response" or record.get("WARC-Truncated"):
        return None
    url, date, digest = (record.get(name) for name in ("WARC-Target-URI", "WARC-Date", "WARC-Payload-Digest"))
    return Original(id=record.id, url=url, date=date, digest=digest) if url and date and digest else None


def _as_revisited(record: Record) -> Original | None:
    """What an identical-payload revisit points to."""
    url, date = record.get("WARC-Refers-To-Target-URI"), record.get("WARC-Refers-To-Date")
    refers, digest = record.get("WARC-Refers-To"), record.get("WARC-Payload-Digest")
    if not (url and date and refers and digest):
        return None
    return Original(id=refers.strip("<> "), url=url, date=date, digest=digest)
