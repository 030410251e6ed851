"""Logs: one line an event, for people or as JSON, in files that are rotated by size; without what is secret."""

from __future__ import annotations

import logging
import sys
from collections.abc import Collection
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from crawler.redaction import hide

__all__ = ["COUNT", "FACTS", "SIZE", "Form", "files", "handler"]

Form = Literal["human", "json"]
SIZE: Final = 50_000_000
"""Bytes after which a file is put aside …"""
COUNT: Final = 5
"""… and how many of those are kept."""
FACTS: Final = "facts"
"""In a record's `extra`: what else there is to say of the event, for JSON."""


def handler(
    path: Path | None,
    *,
    form: Form,
    level: int | str,
    size: int = SIZE,
    count: int = COUNT,
    secrets: Collection[str] = (),
    human: str = "%(asctime)s %(message)s",
    dates: str | None = None,
) -> logging.Handler:
    """To a file, else to stderr; `human` and `dates` as `logging.Formatter` has them. Raises OSError."""
    made: logging.Handler
    if path is None:
        made = logging.StreamHandler(sys.stderr)
    else:
        made = RotatingFileHandler(path, maxBytes=size, backupCount=count, encoding="utf-8", errors="backslashreplace")
    made.setFormatter(_Json(secrets) if form == "json" else _Human(human, dates, secrets))
    made.setLevel(level)
    return made


def files(path: Path) -> list[Path]:
    """A log and what was put aside of it, the oldest first."""
    aside = [(int(each.suffix[1:]), each) for each in path.parent.glob(f"{path.name}.*") if each.suffix[1:].isdecimal()]
    return [*(each for _, each in sorted(aside, reverse=True)), *([path] if path.is_file() else [])]


class _Human(logging.Formatter):
    def __init__(self, form: str, dates: str | None, secrets: Collection[str]) -> None:
        super().__init__(form, dates)
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        return hide(super().format(record), self._secrets).replace("\r", "\\r").replace("\n", "\\n")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        return super().formatTime(record, datefmt) if datefmt else f"{_time(record):%Y-%m-%dT%H:%M:%SZ}"


class _Json(logging.Formatter):
    def __init__(self, secrets: Collection[str]) -> None:
        super().__init__()
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "text": record.getMessage(),
            **getattr(record, FACTS, {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode({name: self._hidden(value) for name, value in line.items()}).decode()

    def _hidden(self, value: object) -> object:
        if isinstance(value, str):
            return hide(value, self._secrets)
        return [self._hidden(one) for one in value] if isinstance(value, (list, tuple)) else value


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)
