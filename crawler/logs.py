"""Logs: one line an event, for people or as JSON, in files that are rotated by size and age; without what is secret."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from archive.errors import ConfigError
from crawler.redaction import hide
from crawler.values import seconds, size

__all__ = ["FACTS", "Form", "Rotation", "files", "handler", "rotation"]

Form = Literal["human", "json"]
FACTS: Final = "facts"
"""In a record's `extra`: what else there is to say of the event, for JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """When a file is put aside."""

    size: int = 50_000_000
    """Bytes that it has at most; 0: no bound."""
    age: float = 0.0
    """Seconds: what is written in one stretch of so many, since 1970, goes into one file; 0: no matter when."""
    count: int = 5
    """Files put aside that are kept."""


def rotation(settings: Mapping[str, Any]) -> Rotation:
    """As settings have it; ConfigError for what makes no sense."""
    usual = Rotation()
    count = str(settings.get("WIRECOPY_LOG_COUNT") or usual.count)
    if not count.isdecimal():
        raise ConfigError(f"WIRECOPY_LOG_COUNT: {count!r}: expected a number")
    return Rotation(
        size=size(settings, "WIRECOPY_LOG_SIZE", usual.size),
        age=seconds(settings, "WIRECOPY_LOG_AGE", usual.age),
        count=int(count),
    )


def handler(
    path: Path | None,
    *,
    form: Form,
    level: int | str,
    rotated: Rotation,
    secrets: Collection[str] = (),
    human: str = "%(asctime)s %(message)s",
    dates: str | None = None,
) -> logging.Handler:
    """To a file, else to stderr; `human` and `dates` as `logging.Formatter` has them. Raises OSError."""
    made = _Rotating(path, rotated) if path else logging.StreamHandler(sys.stderr)
    made.setFormatter(_Json(secrets) if form == "json" else _Human(human, dates, secrets))
    made.setLevel(level)
    return made


def files(path: Path) -> list[Path]:
    """A log and what was put aside of it, the oldest first."""
    aside = [(int(each.suffix[1:]), each) for each in path.parent.glob(f"{path.name}.*") if each.suffix[1:].isdecimal()]
    return [*(each for _, each in sorted(aside, reverse=True)), *([path] if path.is_file() else [])]


class _Rotating(RotatingFileHandler):
    """By age, too: what was written last, before it was opened maybe, says in which stretch of time that was."""

    def __init__(self, path: Path, rotation: Rotation) -> None:
        self._age = rotation.age
        try:
            self._last = path.stat().st_mtime if path.stat().st_size else time.time()
        except FileNotFoundError:
            self._last = time.time()
        super().__init__(
            path, maxBytes=rotation.size, backupCount=rotation.count, encoding="utf-8", errors="backslashreplace"
        )

    def shouldRollover(self, record: logging.LogRecord) -> bool:  # noqa: N802 - logging's
        before, self._last = self._last, record.created
        old = self._age > 0 and before // self._age < record.created // self._age
        return old or bool(super().shouldRollover(record))


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
