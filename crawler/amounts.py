"""Amounts as people read them. Pure."""

from __future__ import annotations

import re

__all__ = ["RESERVE", "amount", "counted", "shortly", "size", "span"]

RESERVE = 500_000_000
"""Bytes that stay free on the disk, unless a setting says otherwise."""

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd]?)", re.IGNORECASE)
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:([kmgt])(i?)b?|b)?", re.IGNORECASE)
_POWERS = {"k": 1, "m": 2, "g": 3, "t": 4}
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}


def size(number: int) -> str:
    """Bytes: ``512 B``, ``1.5 MB``."""
    value = float(number)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def counted(number: int, noun: str) -> str:
    """``1 article``, ``2 articles``."""
    return f"{number} {noun if number == 1 else noun + 's'}"


def shortly(seconds: float) -> str:
    """``20m``, ``6h``, ``1d``."""
    for unit, name in ((86_400, "d"), (3600, "h"), (60, "m")):
        if seconds >= unit:
            return f"{seconds / unit:.1f}".removesuffix(".0") + name
    return f"{seconds:.0f}s"


def amount(text: str) -> int | None:
    """Bytes of what a person wrote: ``1000000``, ``500 MB``, ``2 GiB``; None for what is no size."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        return None
    number, unit, binary = match.groups()
    factor = (1024 if binary else 1000) ** _POWERS[unit.lower()] if unit else 1
    return int(float(number) * factor)


def span(text: str) -> float | None:
    """Seconds: ``90``, ``15m``, ``6h``; None for what is no span of time."""
    match = _SPAN.fullmatch(text.strip())
    return float(match[1]) * _SECONDS[match[2].lower()] if match else None
