"""What a takedown comes to: which records go, and what becomes of the revisits that stood for one of them.

A capture goes with its request and metadata records, with its readings, and with notes about it; a further page of an
article with those readings of the first page, too, that have its text: the first page is read again without it. A
revisit that stays although its original goes is a page that somebody else still has a right to: of all that stood for
one original, the earliest becomes the response and takes the payload over (its *heir*), and the others point to that.
That is what would be in the files had the removed capture never been made, and the payload is stored once, as before. A
304 (6.7.3) has no payload of its own and cannot take one over: it points to the heir, or, where there is none, becomes
the plain response that it is on the wire.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archive.care.holdings import Held, Holdings

__all__ = ["Heir", "Pointed", "Removal", "capture_of", "removal"]

_CAPTURES = ("response", "revisit")
_BESIDE = ("request", "metadata")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heir:
    """A revisit that becomes a response with the payload of its original."""

    revisit: Held
    original: Held


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointed:
    """A revisit that gets another original, or, with None, becomes a plain response."""

    revisit: Held
    original: Held | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """Which records go, and which change."""

    gone: tuple[Held, ...]
    """In order of file and offset."""
    marked: frozenset[str]
    """Ids of those in whose place a tombstone is put: captures, conversions, and what else others refer to."""
    heirs: tuple[Heir, ...] = ()
    pointed: tuple[Pointed, ...] = ()

    @property
    def captures(self) -> tuple[Held, ...]:
        """One a capture; of one to which nothing came back, the request."""
        return tuple(held for held in self.gone if held.type in (*_CAPTURES, "request") and held.id in self.marked)

    @property
    def changed(self) -> tuple[Held, ...]:
        """Revisits that stay, and become something else."""
        return (*(each.revisit for each in self.heirs), *(each.revisit for each in self.pointed))

    @property
    def readings(self) -> int:
        """Readings, by their records with the text."""
        return sum(held.type == "conversion" for held in self.gone)


def capture_of(holdings: Holdings, record_id: str) -> list[Held]:
    """The capture that a record of any type belongs to; empty when there is no such record, or it belongs to none."""
    seen: set[str] = set()
    while record_id and record_id not in seen:
        seen.add(record_id)
        found = holdings.of_id(record_id)
        if not found or found[0].type in _CAPTURES:
            return found
        held = found[0]
        if held.type == "request" and not held.near:  # nothing was received
            return found
        record_id = held.near or held.refers
    return []


def removal(holdings: Holdings, heads: Iterable[Held], *, with_revisits: bool) -> Removal:
    """All that goes with the captures `heads`; `with_revisits`: those too that stand for one of them."""
    gone: dict[str, list[Held]] = {}
    waiting = list(heads)
    captures = []
    while waiting:
        held = waiting.pop()
        if held in gone.setdefault(held.id, []):
            continue
        gone[held.id].append(held)
        if held.type in _CAPTURES:
            captures.append(held)
        waiting += [near for near in holdings.near(held.id) if near.type in _BESIDE]
        waiting += [near for near in holdings.of_id(held.near) if near.type in _BESIDE] if held.near else []
        waiting += [
            other
            for other in holdings.referring_to(held.id)
            if with_revisits or other.type in ("conversion", "metadata")
        ]
        waiting += holdings.joining(held.id)
    records = sorted((held for same in gone.values() for held in same), key=lambda held: (held.file, held.offset))
    heirs, pointed = _stranded(holdings, captures, gone)
    return Removal(
        gone=tuple(records),
        marked=frozenset(held.id for held in records if _is_marked(held, gone)),
        heirs=tuple(heirs),
        pointed=tuple(pointed),
    )


def _is_marked(held: Held, gone: dict[str, list[Held]]) -> bool:
    """Captures and conversions, and the first of those records that stand without one."""
    return held.type not in _BESIDE or (held.near or held.refers) not in gone


def _stranded(
    holdings: Holdings, captures: list[Held], gone: dict[str, list[Held]]
) -> tuple[list[Heir], list[Pointed]]:
    """What becomes of the revisits that stay."""
    groups: dict[str, tuple[Held, list[Held]]] = {}
    for capture in captures:
        left = [
            other for other in holdings.referring_to(capture.id) if other.type == "revisit" and other.id not in gone
        ]
        original = _original(holdings, capture, gone)
        if left and original is not None:
            groups.setdefault(original.id, (original, []))[1].extend(left)
    heirs, pointed = [], []
    for original, left in groups.values():
        left.sort(key=lambda held: (held.date, held.id))
        new: Held | None = original
        if original.id in gone:
            new = next((held for held in left if held.profile.endswith("/identical-payload-digest")), None)
        if new is not None and new is not original:
            heirs.append(Heir(revisit=new, original=original))
        pointed += [Pointed(revisit=held, original=new) for held in left if held is not new]
    return heirs, pointed


def _original(holdings: Holdings, capture: Held, gone: dict[str, list[Held]]) -> Held | None:
    """The record that holds the payload which revisits of `capture` stand for: itself, if it is no revisit."""
    seen = set()
    while capture.type == "revisit" and capture.id not in seen:
        seen.add(capture.id)
        found = holdings.of_id(capture.refers)
        if not found:
            return None
        capture = found[0]
        if capture.id not in gone:
            break
    return capture if capture.type == "response" else None
