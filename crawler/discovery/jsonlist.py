"""Lists in JSON to candidates: JSON Feed 1 and 1.1, what platforms answer, and what "load more" buttons fetch. Pure.

Nobody agrees on names, so an entry is whatever object has an address and says something of what is there, wherever it
stands; the list goes on where a field by one of the usual names says. Markup within the JSON is read as a page is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from crawler.discovery import links, page, paging, payload
from crawler.discovery.candidates import Gathering, Listing, ListingKind, address, authors, date, plain

__all__ = ["is_list", "read"]

_ADDRESSES = ("url", "canonical_url", "link", "fullUrl", "permalink", "webUrl", "canonicalUrl", "href", "uri")
_TITLES = ("title", "headline", "name", "post_title")
_PUBLISHED = (
    "date_published", "published_at", "date_gmt", "post_date", "publishOn", "datePublished", "publishedAt",
    "firstPublished", "publish_date", "published", "pubDate", "date", "created_at",
)  # fmt: skip
_MODIFIED = ("date_modified", "modified_gmt", "updated_at", "dateModified", "updatedAt", "modified", "lastmod")
_AUTHORS = ("authors", "author", "publishedBylines", "byline", "creators")
_NEXT = re.compile(r"(?:next|more)_?(?:page)?_?(?:url|link|href)?", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?:)?/|\?")
_LISTS = frozenset({"items", "posts", "articles", "stories", "entries", "results"})
_MARKUP = re.compile(r"<a\s", re.IGNORECASE)
_DEEPEST = 12
_MOST_VALUES = 500_000
_LOOKED_AT = 20
"""Values of a list among which there must be an entry."""


def is_list(data: bytes) -> bool:
    """Whether this is JSON that names a feed's version, has entries in a list, or markup with links in it."""
    whole = _load(data)
    if isinstance(whole, dict) and "jsonfeed.org/version" in str(whole.get("version")):
        return True
    found = _Found.of(whole)
    return bool(found.entries or found.markup)


def read(data: bytes, *, url: str, kind: ListingKind = "feed") -> Listing:
    """The entries of a list in JSON. Never raises: what cannot be read is said in `faults`."""
    gathering = Gathering(kind, url)
    whole = _load(data)
    if not isinstance(whole, dict | list):
        gathering.fault("no JSON in it")
        return gathering.done()
    head = whole if isinstance(whole, dict) else {}
    found = _Found.of(whole)
    for onward in found.onward:
        # Squarespace, asked for JSON, names the page that people see.
        gathering.page(f"{onward}&format=json" if "format=json" in url and "format=" not in onward else onward)
    for entry in found.entries:
        if kind == "section" and (where := address(url, _link(entry))) and links.score_of_address(where) < 0:
            continue
        gathering.candidate(
            _link(entry),
            title=_title(entry),
            authors=authors(_names(entry)) or authors(_names(head)),
            published=_date(entry, _PUBLISHED),
            language=_text(entry, "language") or _text(head, "language"),
            lastmod=_date(entry, _MODIFIED),
        )
    if found.odd:
        gathering.fault("an item that is no object")
    for text in found.markup:
        fragment = page.read(text.encode("utf-8", "replace"), url=url, content_type="text/html; charset=utf-8")
        if fragment is not None:
            for link in links.articles(fragment):
                gathering.candidate(link.url, title=link.title)
            for onward in paging.next_pages(fragment):
                gathering.page(onward)
    return gathering.done()


@dataclass(slots=True)
class _Found:
    """What is in it, in order, however deep."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    onward: list[str] = field(default_factory=list)
    markup: list[str] = field(default_factory=list)
    odd: bool = False

    @classmethod
    def of(cls, whole: Any) -> _Found:
        found = cls()
        waiting: list[tuple[str, Any, int]] = [("", whole, 0)]
        for _ in range(_MOST_VALUES):
            if not waiting:
                break
            name, value, depth = waiting.pop()
            inner: list[tuple[str, Any]] = []
            if isinstance(value, dict):
                inner = found._object(value)
            elif isinstance(value, list):
                inner = found._list(name, value)
            if depth < _DEEPEST:
                waiting += [(name, child, depth + 1) for name, child in reversed(inner)]
        return found

    def _object(self, value: dict[str, Any]) -> list[tuple[str, Any]]:
        for name, text in value.items():
            if isinstance(text, str):
                if _NEXT.fullmatch(name) and _ADDRESS.match(text):
                    self.onward.append(text)
                elif _MARKUP.search(text):
                    self.markup.append(text)
        return [(name, child) for name, child in value.items() if isinstance(child, dict | list)]

    def _list(self, name: str, values: list[Any]) -> list[tuple[str, Any]]:
        """Entries are taken whole; a list without any is looked into."""
        if not any(_is_entry(value, named=name in _LISTS) for value in values[:_LOOKED_AT]):
            return [("", value) for value in values if isinstance(value, dict | list)]
        self.entries += [value for value in values if isinstance(value, dict)]
        self.odd = self.odd or not all(isinstance(value, dict) for value in values)
        return []


def _is_entry(value: Any, *, named: bool) -> bool:
    """An address, in a list of that name or with something told of what is there: menus and images have less."""
    if not isinstance(value, dict) or _link(value) is None:
        return False
    return named or bool(_title(value) or _date(value, _PUBLISHED))


def _load(data: bytes) -> Any:
    packed, _ = payload.inflate(data)
    try:
        return json.loads(payload.decode(packed).lstrip("\ufeff \t\r\n"), strict=False)
    except (ValueError, RecursionError):
        return None


def _text(item: dict[str, Any], name: str) -> str | None:
    value = item.get(name)
    if isinstance(value, dict):  # WordPress: {"rendered": "…"}
        value = value.get("rendered")
    return value if isinstance(value, str) and value.strip() else None


def _link(item: dict[str, Any]) -> str | None:
    """The item's own page; its id when that is an address; else what it points to."""
    identity = _text(item, "id")
    own = next((text for name in _ADDRESSES if (text := _text(item, name))), None)
    return (
        own
        or (identity if identity and identity.startswith(("http://", "https://")) else None)
        or _text(item, "external_url")
    )


def _title(item: dict[str, Any]) -> str | None:
    return next((title for name in _TITLES if (title := plain(_text(item, name)))), None)


def _date(item: dict[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        value = item.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and 1e8 < value < 1e14:
            seconds = value / 1000 if value > 1e11 else value
            return datetime.fromtimestamp(int(seconds), UTC).isoformat()
        if text := _text(item, name):
            return date(f"{text}Z" if name.endswith("_gmt") and "T" in text and not text.endswith("Z") else text)
    return None


def _names(item: dict[str, Any]) -> Iterator[str | None]:
    for field_name in _AUTHORS:
        people = item.get(field_name)
        for person in people if isinstance(people, list) else [people]:
            if isinstance(person, dict):
                yield _text(person, "name") or _text(person, "displayName")
            elif isinstance(person, str):
                yield person
