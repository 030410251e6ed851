"""Settings as people write them: sizes, spans of time, and one of a few words. Pure; what is no such thing is told.

Scrapy hands over what a settings file, ``--set`` or a program gave: a number, or text such as ``"500 MB"`` or ``6h``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from archive.errors import ConfigError
from archive.since import parse_moment
from crawler.amounts import amount, span

__all__ = ["choice", "moment", "seconds", "size", "spans"]

_T = TypeVar("_T", bound=str)


def size(settings: Mapping[str, Any], name: str, default: int) -> int:
    """Bytes: ``1000000``, ``"500 MB"``, ``"2 GiB"``; `default` where the setting is not set."""
    value = settings.get(name)
    if value is None or value == "":
        return default
    found = amount(str(value))
    if found is None:
        raise ConfigError(f"{name}: {value!r} is no size, such as 1000000, 500 MB or 2 GiB")
    return found


def seconds(settings: Mapping[str, Any], name: str, default: float) -> float:
    """Seconds: ``90``, ``"15m"``, ``"6h"``; `default` where the setting is not set."""
    value = settings.get(name)
    if value is None or value == "":
        return default
    return _span(name, str(value))


def spans(settings: Mapping[str, Any], name: str) -> list[float]:
    """Spans of time in seconds, with white space or commas between: ``3h 1d 7d``; ``none`` and nothing are none."""
    words = str(settings.get(name) or "").replace(",", " ").split()
    if words == ["none"]:
        return []
    return [_span(name, word) for word in words]


def _span(name: str, text: str) -> float:
    found = span(text)
    if found is None:
        raise ConfigError(f"{name}: {text!r} is no span of time, such as 90, 15m or 6h")
    return found


def moment(settings: Mapping[str, Any], name: str) -> datetime | None:
    """A point in time: ``2026-11-23``, ``7d`` (ago); None where the setting is not set."""
    value = settings.get(name)
    if not value:
        return None
    try:
        return parse_moment(str(value), datetime.now(UTC))
    except ConfigError as error:
        raise ConfigError(f"{name}: {error}") from error


def choice(settings: Mapping[str, Any], name: str, choices: Sequence[_T]) -> _T:
    """One of the choices, the first where the setting is not set."""
    value = settings.get(name) or choices[0]
    for one in choices:
        if one == value:
            return one
    raise ConfigError(f"{name}: {value!r} is none of {', '.join(choices)}")
