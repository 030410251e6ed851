"""Amounts as people read them. Pure."""

from __future__ import annotations

__all__ = ["size"]


def size(count: int) -> str:
    """Bytes: ``512 B``, ``1.5 MB``."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"
