"""Which local files may go, of those that are proven to be elsewhere. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Here", "Rules", "expendable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """When a local copy goes: by its age, or for want of room."""

    keep: float | None = None
    """Seconds after it was closed; None: it stays."""
    free: int = 0
    """Bytes that are to be free on the disk: for want of them the oldest go, whatever their age."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    name: str
    size: int
    age: float
    """Seconds since it was closed, or brought back."""


def expendable(files: Iterable[Here], rules: Rules, free: int) -> list[Here]:
    """Those that go, oldest first, where `free` bytes are free now."""
    going: list[Here] = []
    for file in sorted(files, key=lambda each: (-each.age, each.name)):
        if (rules.keep is not None and file.age >= rules.keep) or free < rules.free:
            going.append(file)
            free += file.size
    return going
