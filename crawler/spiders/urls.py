"""``urls``: pages that somebody has a list of, in a file, on standard input or as arguments; no link is followed."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from archive.errors import ConfigError
from crawler.discovery.payload import decode
from crawler.discovery.sitemaps import read_list
from crawler.spiders.base import SourceSpider

__all__ = ["UrlsSpider"]


class UrlsSpider(SourceSpider):
    name = "urls"

    def __init__(self, url: str | Sequence[str] = (), file: str | None = None, **kwargs: Any) -> None:
        """`file`: its path, or ``-`` for standard input; one URL a line, ``#`` starts a comment."""
        self._file = file
        super().__init__(url, **kwargs)

    def _checked(self, url: str | Sequence[str]) -> list[str]:
        if self._file is None:
            return super()._checked(url)
        try:
            data = sys.stdin.buffer.read() if self._file == "-" else Path(self._file).read_bytes()
        except OSError as error:
            raise ConfigError(f"file={self._file}: {error.strerror}") from error
        listing = read_list(decode(data), url="")
        if not listing.candidates:
            raise ConfigError(f"file={self._file}: no URLs in it")
        return [candidate.url for candidate in listing.candidates]

    async def start(self) -> AsyncIterator[Any]:
        for ask in self._explorer().these(self.seeds):
            yield self._request(ask)
