"""What an alert tells: that something is the matter, or that it is over. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import msgspec

from crawler.sources.alerts import Kind
from crawler.watch.rhythm import DAY, HOUR

__all__ = ["Event", "begun", "encode", "over", "trial"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The JSON that webhooks and commands get. Times in UTC, as RFC 3339 has them."""

    id: str
    """The same each time that it is delivered: what comes twice can be told."""
    event: Kind | Literal["test"]
    of: Kind | Literal["test"]
    """What is over, of ``recovered``; else the same as `event`."""
    source: str | None
    """Its id; None where it concerns several, or the daemon itself."""
    sources: tuple[str, ...]
    since: datetime
    time: datetime
    """When it was noticed."""
    text: str
    """One line for a person."""
    collection: str


def begun(kind: Kind, sources: Sequence[str], since: float, text: str, now: float, collection: str) -> Event:
    return _event(kind, kind, sources, since, f"{_who(sources)}{text}", now, collection)


def over(kind: Kind, sources: Sequence[str], since: float, text: str, now: float, collection: str) -> Event:
    lasted = _span(now - since)
    return _event("recovered", kind, sources, since, f"{_who(sources)}over after {lasted}: {text}", now, collection)


def trial(now: float, collection: str) -> Event:
    """Nothing is the matter: whether alerts arrive."""
    return _event("test", "test", (), now, "a test: nothing is the matter", now, collection)


def encode(event: Event) -> str:
    return msgspec.json.encode(event).decode()


def _who(sources: Sequence[str]) -> str:
    named = ", ".join(filter(None, sources))
    return f"{named}: " if named else ""


def _event(
    event: Kind | Literal["test"],
    of: Kind | Literal["test"],
    sources: Sequence[str],
    since: float,
    text: str,
    now: float,
    collection: str,
) -> Event:
    named = tuple(filter(None, sources))
    return Event(
        id=str(uuid.uuid4()),
        event=event,
        of=of,
        source=named[0] if len(named) == 1 else None,
        sources=named,
        since=_utc(since),
        time=_utc(now),
        text=text,
        collection=collection,
    )


def _span(seconds: float) -> str:
    """In units of which there are two at least."""
    for unit, name in ((DAY, "days"), (HOUR, "hours"), (60.0, "minutes")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.0f} {name}"
    return f"{max(seconds, 0):.0f} seconds"


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(round(seconds), UTC)
