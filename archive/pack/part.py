"""Captures as WARC files of their own: members copied as they are, with the other records of their events.

All of what we wrote goes into one file. A warcinfo says first what that is; those of the files that it is from follow,
which their records refer to. What others wrote is not mixed with it, nor with each other: records of another version
or maker stay in files of theirs. All places are known before the first byte is copied, so the sizes of the files are.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from archive.collection import Collection
from archive.model import Capture
from archive.pack.choice import opened
from archive.pack.index import lines_of_part
from archive.pack.stretches import Stretch, stretches
from archive.warc.draft import member
from archive.warc.files import plain_name
from archive.warc.records import Warcinfo, warcinfo

__all__ = ["Part"]

_PIECE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    head: bytes
    sources: Mapping[str, list[Stretch]]
    """What follows, by the file that it is from."""


class Part:
    """The same for the same captures and date, with names and ids."""

    def __init__(
        self, collection: Collection, captures: Iterable[Capture], values: Warcinfo, *, date: datetime
    ) -> None:
        self._collection = collection
        self._files: dict[str, _File] = {}
        self._moved: dict[tuple[str, int], tuple[str, int]] = {}
        self.sizes: dict[str, int] = {}
        """Of each of its files, by name."""
        by_file: dict[str, dict[int, tuple[int, str]]] = {}
        for capture in captures:
            by_file.setdefault(capture.file, {})[capture.offset] = (capture.length, capture.id)
        ours: dict[str, list[Stretch]] = {}
        for file in sorted(by_file):
            with opened(collection, file) as source:
                places, is_ours = stretches(source, dict(sorted(by_file[file].items())))
            if is_ours:
                ours[file] = places
            else:
                state = hashlib.sha256(repr((file, places)).encode()).hexdigest()
                self._add(f"{file.removesuffix('.warc.gz')}-part-{state[:12]}.warc.gz", b"", {file: places})
        if ours:
            state = hashlib.sha256(repr((ours, values, date)).encode()).hexdigest()
            name = f"{plain_name(collection.name)}-{date:%Y%m%d%H%M%S}-part-{state[:12]}.warc.gz"
            self._add(name, _head(values, name, date, state), ours)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a file."""
        yield self._files[name].head
        for source, places in self._files[name].sources.items():
            with opened(self._collection, source) as file:
                for offset, length in places:
                    file.seek(offset)
                    while length and (piece := file.read(min(length, _PIECE))):
                        length -= len(piece)
                        yield piece

    def has(self, file: str, offset: int) -> bool:
        """Whether the record at this place of the collection is in it."""
        return (file, offset) in self._moved

    def lines(self, lines: Iterable[str]) -> Iterator[str]:
        """Those of the collection's index lines that are about its records, as they are to be said of it."""
        return lines_of_part(lines, self._moved)

    def _add(self, name: str, head: bytes, sources: Mapping[str, list[Stretch]]) -> None:
        size = len(head)
        for source, places in sources.items():
            for offset, length in places:
                self._moved[source, offset] = (name, size)
                size += length
        self._files[name] = _File(head=head, sources=sources)
        self.sizes[name] = size


def _head(values: Warcinfo, name: str, date: datetime, state: str) -> bytes:
    draft = replace(warcinfo(values, filename=name, date=date), id=f"urn:uuid:{uuid.UUID(state[:32], version=4)}")
    head = member(draft, None)
    assert isinstance(head, bytes)
    return head
