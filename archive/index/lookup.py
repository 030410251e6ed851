"""Looking captures up: binary search over the sorted indexes, and a pass over those that still grow.

Of each sorted index one key in every 32 KiB is kept in memory, so a look-up costs one bisection and one search in a
stretch of a mapped file; a collection of a million captures keeps some 12,000 keys. Results of several files are
merged as they are read. A file that comes, goes or changes is noticed at the next look-up.
"""

from __future__ import annotations

import heapq
import mmap
import os
import re
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import overload

from archive.index import cdxj
from archive.index.files import open_lines, sorted_paths
from archive.model import Capture

__all__ = ["Index", "SortedFile"]

_TICK_NS = 100_000_000
_DIGEST = re.compile(rb'"digest": ?"(?:sha1:)?([^"]+)"')
_DIGEST_KEY = 12  # last bytes of a digest, and as many of a line's position are an entry of 20
_STRIDE = 32 * 1024


class Index:
    """All captures of a collection, by SURT key. For one thread at a time."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._files: dict[Path, SortedFile] = {}
        self._seen: tuple[int, int] | None = None

    def captures(self, url: str) -> list[Capture]:
        """Every capture of exactly this URL, oldest first."""
        found = {c.id: c for c in map(_capture, self._lines(_prefix(url))) if c.url == url}
        return sorted(found.values(), key=lambda capture: (capture.date, capture.id))

    def closed_captures(self, url: str) -> list[Capture]:
        """As `captures`, of finished files only: what a writer's hot path can afford."""
        prefix = _prefix(url)
        lines = [line for file in self._sorted() for line in file.matching(prefix)]
        return sorted((c for c in map(_capture, lines) if c.url == url), key=lambda c: (c.date, c.id))

    def with_digest(self, digest: str) -> Iterator[Capture]:
        """Captures of finished files with this payload digest, whatever their URL.

        The first call reads every index once; 20 bytes a capture are kept.
        """
        return (c for file in self._sorted() for c in map(_capture, file.with_digest(digest)) if c.digest == digest)

    def under(self, prefix: str = "") -> Iterator[Capture]:
        """Captures whose SURT key starts with `prefix`, in the order of the index; all of them without one."""
        return map(_capture, self._lines(prefix.encode()))

    def lines(self, prefix: str = "") -> Iterator[str]:
        """The lines that start with `prefix` in order, as they are in the files; every one without it."""
        return (line.decode() for line in self._lines(prefix.encode()))

    def close(self) -> None:
        for file in self._files.values():
            file.close()
        self._files.clear()
        self._seen = None

    def _lines(self, prefix: bytes) -> Iterator[bytes]:
        # The growing ones first: one that is finished in between is met twice then, never missed.
        growing = sorted(line for _path, line in open_lines(self._directory) if line.startswith(prefix))
        last = None
        for line in heapq.merge(growing, *(file.matching(prefix) for file in self._sorted())):
            if line != last:
                yield line
            last = line

    def _sorted(self) -> list[SortedFile]:
        while True:
            try:
                state = self._directory.stat()
            except FileNotFoundError:
                return []
            seen = (state.st_mtime_ns, state.st_ino)
            if seen == self._seen:
                return list(self._files.values())
            # Clocks of file systems tick some milliseconds: what changed just now may change again unseen.
            settled = time.time_ns() - state.st_mtime_ns > _TICK_NS
            if self._refresh():
                self._seen = seen if settled else None
                return list(self._files.values())

    def _refresh(self) -> bool:
        """Whether what was listed was all there: else it was merged meanwhile, into what may not be listed."""
        kept: dict[Path, SortedFile] = {}
        listed = sorted_paths(self._directory)
        for path in listed:
            old = self._files.pop(path, None)
            if old is not None and old.is_current():
                kept[path] = old
                continue
            if old is not None:
                old.close()
            with suppress(FileNotFoundError):
                kept[path] = SortedFile(path)
        for gone in self._files.values():
            gone.close()
        self._files = kept
        return len(kept) == len(listed) and sorted_paths(self._directory) == listed


class SortedFile:
    """One finished index, mapped into memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            state = os.fstat(file.fileno())
            self._identity = (state.st_ino, state.st_size, state.st_mtime_ns)
            self._size = state.st_size
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if self._size else None
        self._starts: list[int] = []
        self._keys: list[bytes] = []
        self._digests: _Entries | None = None
        if self._map is not None:
            self._sample(self._map)

    def _sample(self, data: mmap.mmap) -> None:
        position = 0
        while position < self._size:
            self._starts.append(position)
            self._keys.append(data[position : data.find(b" ", position) + 1])
            following = data.find(b"\n", position + _STRIDE)
            if following < 0:
                break
            position = following + 1

    def is_current(self) -> bool:
        try:
            state = self.path.stat()
        except FileNotFoundError:
            return False
        return (state.st_ino, state.st_size, state.st_mtime_ns) == self._identity

    def matching(self, prefix: bytes) -> Iterator[bytes]:
        """Lines that start with `prefix`, in order."""
        data = self._map
        if data is None:
            return
        position = self._find(data, prefix)
        while position < self._size:
            stop = data.find(b"\n", position)
            if stop < 0:
                stop = self._size
            line = data[position:stop]
            if not line.startswith(prefix):
                return
            yield line
            position = stop + 1

    def with_digest(self, digest: str) -> Iterator[bytes]:
        """Lines that may have this payload digest: compare."""
        data = self._map
        if data is None:
            return
        if self._digests is None:
            self._digests = _Entries(data)
        wanted = digest.removeprefix("sha1:").encode()[-_DIGEST_KEY:]
        for place in range(bisect_left(self._digests, wanted), len(self._digests)):
            entry = self._digests[place]
            if not entry.startswith(wanted):
                return
            start = int.from_bytes(entry[_DIGEST_KEY:], "big")
            stop = data.find(b"\n", start)
            yield data[start : stop if stop >= 0 else self._size]

    def _find(self, data: mmap.mmap, prefix: bytes) -> int:
        """Where the first line that starts with `prefix` begins; the end of the file when none does."""
        stretch = max(bisect_left(self._keys, prefix) - 1, 0)
        start = self._starts[stretch]
        if data[start : start + len(prefix)] == prefix:
            return start
        after = self._starts[stretch + 1] if stretch + 1 < len(self._starts) else self._size
        found = data.find(b"\n" + prefix, start, min(after + len(prefix), self._size))
        return found + 1 if found >= 0 else self._size

    def close(self) -> None:
        if self._map is not None:
            self._map.close()
            self._map = None


class _Entries(Sequence[bytes]):
    """Ends of digests with the positions of their lines, sorted, in one piece of memory."""

    def __init__(self, data: mmap.mmap) -> None:
        entries = []
        position = 0
        while position < len(data):
            stop = data.find(b"\n", position)
            stop = stop if stop >= 0 else len(data)
            found = _DIGEST.search(data[position:stop])
            if found is not None:
                entries.append(found[1][-_DIGEST_KEY:].rjust(_DIGEST_KEY) + position.to_bytes(8, "big"))
            position = stop + 1
        self._data = b"".join(sorted(entries))

    def __len__(self) -> int:
        return len(self._data) // (_DIGEST_KEY + 8)

    @overload
    def __getitem__(self, place: int) -> bytes: ...
    @overload
    def __getitem__(self, place: slice) -> list[bytes]: ...
    def __getitem__(self, place: int | slice) -> bytes | list[bytes]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        start = place * (_DIGEST_KEY + 8)
        return self._data[start : start + _DIGEST_KEY + 8]


def _capture(line: bytes) -> Capture:
    return cdxj.parse(line.decode())


def _prefix(url: str) -> bytes:
    return f"{cdxj.key(url)} ".encode()
