"""A Scrapy extension that keeps account of what the crawl was told is archived, in a file that outlasts a kill."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response

__all__ = ["Acknowledgements", "read", "settings"]

_FILE = "SOAK_ACKS"


class Acknowledgements:
    """Appends a line in one write before any callback sees the response."""

    def __init__(self, path: str) -> None:
        self._fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler.settings[_FILE])
        crawler.signals.connect(extension.response_received, signals.response_received)
        return extension

    def response_received(self, response: Response) -> None:
        assert response.request is not None
        capture = response.request.meta["wirecopy_capture"]
        os.write(self._fd, json.dumps([capture.id, capture.url]).encode() + b"\n")


def settings(path: Path) -> list[str]:
    """Arguments of `wirecopy crawl` that put it in place, beside the extensions that are there."""
    from crawler.settings import EXTENSIONS

    extensions = {**EXTENSIONS, f"{__name__}.{Acknowledgements.__name__}": 1}
    return ["--set", f"EXTENSIONS={json.dumps(extensions)}", "--set", f"{_FILE}={path}"]


def read(path: Path) -> dict[str, str]:
    """Ids of captures that the crawl was told of, with their URLs."""
    lines = path.read_text().splitlines() if path.exists() else []
    return dict(json.loads(line) for line in lines)
