"""JSON Feed 1 and 1.1 to candidates, by its text or in what comes near it. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from crawler.discovery import payload
from crawler.discovery.candidates import Gathering, Listing, authors, date, plain

__all__ = ["is_feed", "read"]


def is_feed(data: bytes) -> bool:
    """Whether this is JSON with a feed's shape: an object that names its version, or has items with addresses."""
    feed = _load(data)
    if not isinstance(feed, dict):
        return False
    if "jsonfeed.org/version" in str(feed.get("version")):
        return True
    items = feed.get("items")
    return isinstance(items, list) and any(_link(item) for item in items[:20] if isinstance(item, dict))


def read(data: bytes, *, url: str) -> Listing:
    """The items of a JSON feed. Never raises: what cannot be read is said in `faults`."""
    gathering = Gathering("feed", url)
    feed = _load(data)
    if not isinstance(feed, dict):
        gathering.fault("no JSON in it")
        return gathering.done()
    gathering.page(_text(feed, "next_url"))
    items = feed.get("items")
    for item in items if isinstance(items, list) else ():
        if not isinstance(item, dict):
            gathering.fault("an item that is no object")
            continue
        gathering.candidate(
            _link(item),
            title=plain(_text(item, "title")),
            authors=authors(_names(item)) or authors(_names(feed)),
            published=date(_text(item, "date_published")),
            language=_text(item, "language") or _text(feed, "language"),
            lastmod=date(_text(item, "date_modified")),
        )
    return gathering.done()


def _load(data: bytes) -> Any:
    packed, _ = payload.inflate(data)
    try:
        return json.loads(payload.decode(packed).lstrip("\ufeff \t\r\n"), strict=False)
    except (ValueError, RecursionError):
        return None


def _text(item: dict[str, Any], name: str) -> str | None:
    value = item.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _link(item: dict[str, Any]) -> str | None:
    """The item's own page; its id when that is an address; else what it points to."""
    identity = _text(item, "id")
    return (
        _text(item, "url")
        or (identity if identity and identity.startswith(("http://", "https://")) else None)
        or _text(item, "external_url")
    )


def _names(item: dict[str, Any]) -> Iterator[str | None]:
    people = item.get("authors")
    for person in [*(people if isinstance(people, list) else []), item.get("author")]:
        if isinstance(person, dict):
            yield _text(person, "name")
        elif isinstance(person, str):
            yield person
