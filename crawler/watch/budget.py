"""What a source may still cost today, and a crawl that keeps within it. Pure. Days are those of UTC."""

from __future__ import annotations

import math

from crawler.amounts import amount
from crawler.sources.source import Budget, Source
from crawler.watch.rhythm import DAY

__all__ = ["bounds", "day_of", "left", "tomorrow"]


def day_of(now: float) -> int:
    """Days since 1970-01-01."""
    return int(now // DAY)


def tomorrow(now: float) -> float:
    """When the next day begins."""
    return (day_of(now) + 1) * DAY


def left(source: Source, spent: Budget) -> Budget | None:
    """What of its budget of the day is not spent yet; None when some of it is used up."""
    whole = source.per_day or Budget()
    rest = Budget(
        pages=None if whole.pages is None else whole.pages - (spent.pages or 0),
        bytes=None if whole.bytes is None else whole.bytes - (spent.bytes or 0),
        seconds=None if whole.seconds is None else whole.seconds - (spent.seconds or 0.0),
    )
    return None if any(one is not None and one <= 0 for one in (rest.pages, rest.bytes, rest.seconds)) else rest


def bounds(source: Source, rest: Budget) -> list[str]:
    """Options of a crawl that ends when that is spent, or what a single crawl of it may cost."""
    told: dict[str, float] = {}
    if rest.pages is not None:
        told["CLOSESPIDER_PAGECOUNT"] = rest.pages
    if rest.bytes is not None:
        own = amount(str(source.settings.get("WIRECOPY_MAX_BYTES", "")))
        told["WIRECOPY_MAX_BYTES"] = min(rest.bytes, own or rest.bytes)
    if rest.seconds is not None:
        own_seconds = float(source.settings.get("CLOSESPIDER_TIMEOUT", 0))
        told["CLOSESPIDER_TIMEOUT"] = min(rest.seconds, own_seconds or rest.seconds)
    return [word for name, value in told.items() for word in ("--set", f"{name}={math.ceil(value)}")]
