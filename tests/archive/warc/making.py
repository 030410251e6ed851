"""Exchanges, and disks that fail, for tests of the writing side."""

from __future__ import annotations

import errno
import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from archive.disk import Disk
from archive.http import parse_head
from archive.model import Discovery, Exchange, Truncation

BEGAN = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
Fault = Literal["ENOSPC", "EIO", "EROFS", "short"]


def response(
    body: bytes, headers: bytes = b"Content-Type: text/html; charset=utf-8\r\n", status: bytes = b"200 OK"
) -> bytes:
    return b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s" % (status, headers, len(body), body)


def exchange(
    raw: bytes,
    url: str = "http://news.example/story",
    *,
    number: int = 0,
    request: bytes | None = None,
    truncated: Truncation | None = None,
    discovery: Discovery | None = None,
    **values: Any,
) -> Exchange:
    """An exchange whose response is `raw`, `number` seconds after the first one."""
    return Exchange(
        url=url,
        began=BEGAN + timedelta(seconds=number),
        elapsed_ms=42,
        request=request if request is not None else b"GET /story HTTP/1.1\r\nHost: news.example\r\n\r\n",
        response=raw,
        head=parse_head(raw),
        truncated=truncated,
        ip=values.pop("ip", "192.0.2.7"),
        discovery=discovery or Discovery(),
        **values,
    )


def page(number: int, size: int = 2000) -> Exchange:
    """One of many different pages, each at a URL of its own."""
    text = "".join(f"<p>{number}-{line}</p>" for line in range(size // 10))
    body = f"<!doctype html><title>Page {number}</title>{text}".encode()
    return exchange(response(body), f"http://news.example/page/{number}", number=number)


class FaultyDisk(Disk):
    """Fails at one call: the `at`-th of `operation`, counted from 0; counts all calls."""

    def __init__(self, operation: str = "", at: int = 0, fault: Fault = "ENOSPC") -> None:
        self.calls: Counter[str] = Counter()
        self.failed = False
        self._operation = operation
        self._at = at
        self._fault = fault

    def _fails(self, operation: str, path: Path | None = None) -> bool:
        number = self.calls[operation]
        self.calls[operation] += 1
        if (operation, number) != (self._operation, self._at):
            return False
        self.failed = True
        if self._fault == "short":
            return True
        code = getattr(errno, self._fault)
        raise OSError(code, os.strerror(code), str(path) if path else None)

    def create(self, path: Path) -> int:
        self._fails("create", path)
        return super().create(path)

    def open_or_create(self, path: Path) -> int:
        self._fails("open_or_create", path)
        return super().open_or_create(path)

    def open(self, path: Path) -> int:
        self._fails("open", path)
        return super().open(path)

    def write(self, fd: int, data: bytes) -> int:
        if self._fails("write"):
            return super().write(fd, data[: len(data) // 2])
        return super().write(fd, data)

    def truncate(self, fd: int, size: int) -> None:
        self._fails("truncate")
        super().truncate(fd, size)

    def sync(self, fd: int) -> None:
        self._fails("sync")
        super().sync(fd)

    def sync_directory(self, path: Path) -> None:
        self._fails("sync_directory", path)
        super().sync_directory(path)

    def rename(self, source: Path, target: Path) -> None:
        self._fails("rename", target)
        super().rename(source, target)

    def make_directory(self, path: Path) -> None:
        if not path.is_dir():
            self._fails("make_directory", path)
        super().make_directory(path)

    def replace(self, source: Path, target: Path) -> None:
        self._fails("replace", target)
        super().replace(source, target)

    def remove(self, path: Path) -> None:
        self._fails("remove", path)
        super().remove(path)


class UnsyncedDisk(Disk):
    """Leaves fsync out, where a test is about something else and runs thousands of times."""

    def sync(self, fd: int) -> None:
        """Nothing."""

    def sync_directory(self, path: Path) -> None:
        """Nothing."""
