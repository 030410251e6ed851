"""The CDX API: index lines by what is asked of them, with the parameters of pywb's CDX server and in its forms. Pure.

url=…  matchType=exact|prefix|host|domain   (or url=https://a.example/x*, url=*.a.example)
from= to=                                   times, or the first digits of some
filter=[!][=|~]FIELD:VALUE                  contains, is, matches; ! for not; repeatable
sort=reverse|closest  closest=TIME  limit=  the newest first; the nearest first; at most so many
collapseTime=DIGITS  resolveRevisits=1      one a status and period; where the original of each revisit lies
output=cdxj|json|text|link  fl=FIELD,…      (or fields=)
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from typing import Any, Final, Literal
from urllib.parse import parse_qs

import regex

from archive.errors import ConfigError
from archive.index.cdxj import key

__all__ = ["TYPES", "Query", "Row", "parse", "run", "write"]

Row = dict[str, str]
"""A line of the index: its fields, ``urlkey`` and ``timestamp`` first."""

Output = Literal["cdxj", "json", "text", "link"]
TYPES: Final[dict[Output, str]] = {
    "cdxj": "text/x-cdxj",
    "json": "text/x-ndjson",
    "text": "text/plain; charset=utf-8",
    "link": "application/link-format",
}

_LIMIT: Final = 100_000
"""Lines that are given where nobody says how many."""
_PATIENCE: Final = 0.05
"""Seconds that a pattern may take over one value."""
_BREATH: Final = 2000
"""Lines that are looked at between two signs of life."""
_ALIASES: Final = {
    **{"original": "url", "statuscode": "status", "mimetype": "mime", "u": "url", "m": "mime", "l": "length"},
    **{"s": "length", "o": "offset", "d": "digest", "t": "timestamp", "k": "urlkey", "f": "filename"},
}
_DOWN: Final = "10000101000000"
_UP: Final = "99991231235959"
_FALSE: Final = frozenset({"", "0", "false", "f", "off"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    url: str
    prefixes: tuple[str, ...]
    """What a line of the index has to start with, one of these, in order."""
    since: str = ""
    until: str = _UP
    filters: tuple[Callable[[Row], bool], ...] = ()
    collapse: int = 0
    closest: str = ""
    reverse: bool = False
    limit: int = _LIMIT
    resolve: bool = False
    output: Output = "cdxj"
    fields: tuple[str, ...] = ()


def parse(query: str) -> Query:
    """A query string; ConfigError says what is wrong with it."""
    asked = parse_qs(query, errors="replace", max_num_fields=100)
    given = {name: values[-1].strip() for name, values in asked.items()}
    url = given.get("url", "")
    if not url:
        raise ConfigError('the parameter "url" is missing')
    output = given.get("output", "cdxj")
    if output not in TYPES:
        raise ConfigError(f"output={output[:40]!r} is none of {', '.join(TYPES)}")
    names = given.get("fields") or given.get("fl") or ""
    closest = _stamp(given, "closest", _UP)
    return Query(
        url=url,
        prefixes=_prefixes(url, given.get("matchType", "")),
        since=_stamp(given, "from", _DOWN),
        until=_stamp(given, "to", _UP) or _UP,
        filters=tuple(_filter(each) for each in asked.get("filter", ())),
        collapse=_number(given, "collapseTime", 0),
        closest=closest,
        reverse=given.get("sort") == "reverse" or _is_on(given, "reverse"),
        limit=_number(given, "limit", _LIMIT) or _LIMIT,
        resolve=_is_on(given, "resolveRevisits"),
        output=output,
        fields=tuple(_ALIASES.get(name, name) if len(name) > 1 else name for name in names.split(",") if name),
    )


def run(query: Query, lines: Callable[[str], Iterable[str]]) -> Iterator[Row | None]:
    """The rows that are asked for; `lines` gives those of the index that start with a prefix, in order.

    None now and then, so that whoever waits can think better of it. ConfigError for a pattern that takes too long.
    """
    found = _selected(query, lines)
    if query.closest:
        yield from _nearest(found, query)
    elif query.reverse:
        yield from _newest(found, query.limit)
    else:
        left = query.limit
        for row in found:
            yield row
            left -= row is not None
            if not left:
                return


def write(row: Row, query: Query) -> str:
    """A row as a line of text."""
    chosen = {name: row[name] for name in query.fields if name in row} if query.fields else row
    if query.output == "json":
        return f"{json.dumps(chosen)}\n"
    if query.output == "text" and query.fields:
        return " ".join(row.get(name, "-") for name in query.fields) + "\n"
    rest = {name: value for name, value in chosen.items() if name not in ("urlkey", "timestamp")}
    return f"{row['urlkey']} {row['timestamp']} {json.dumps(rest)}\n"


def _selected(query: Query, lines: Callable[[str], Iterable[str]]) -> Iterator[Row | None]:
    originals: dict[str, Row] = {}
    last: tuple[str, str] | None = None
    for number, line in enumerate((line for prefix in query.prefixes for line in lines(prefix)), 1):
        if number % _BREATH == 0:
            yield None
        row = _row(line)
        if row is None:
            continue
        if query.resolve:
            _resolve(row, originals)
        if not query.since <= row["timestamp"] <= query.until or not all(fits(row) for fits in query.filters):
            continue
        if query.collapse:
            period = (row["timestamp"][: query.collapse], row.get("status", ""))
            if period == last:
                continue
            last = period
        yield row


def _nearest(found: Iterable[Row | None], query: Query) -> Iterator[Row | None]:
    near: list[Row] = []
    wanted = _seconds(query.closest)
    for batch in _batches(found):
        near = nsmallest(query.limit, [*near, *batch], key=lambda row: abs(_seconds(row["timestamp"]) - wanted))
        yield None
    yield from near


def _newest(found: Iterable[Row | None], limit: int) -> Iterator[Row | None]:
    last: deque[Row] = deque(maxlen=limit)
    for batch in _batches(found):
        last.extendleft(batch)
        yield None
    yield from last


def _batches(found: Iterable[Row | None]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in found:
        if row is not None:
            batch.append(row)
        if row is None or len(batch) >= _BREATH:
            yield batch
            batch = []
    yield batch


def _row(line: str) -> Row | None:
    try:
        urlkey, stamp, document = line.split(" ", 2)
        fields = json.loads(document)
        return {"urlkey": urlkey, "timestamp": stamp, **{name: str(value) for name, value in fields.items()}}
    except (ValueError, AttributeError):  # no line of an index: `verify` tells
        return None


def _resolve(row: Row, originals: dict[str, Row]) -> None:
    """Adds where the original of a revisit lies, and takes over what only the original can say."""
    original = originals.get(row.get("digest", ""))
    if row.get("mime") != "warc/revisit":
        originals.setdefault(row.get("digest", ""), row)
        original = None
    elif original is not None:
        row |= {name: original.get(name, "") for name in ("mime", "status")}
    for name in ("length", "offset", "filename"):
        row[f"orig.{name}"] = original.get(name, "-") if original else "-"


def _prefixes(url: str, match: str) -> tuple[str, ...]:
    """Beginnings of index lines: keys, each with what has to follow it."""
    if not match:
        match = "domain" if url.startswith("*.") else "prefix" if url.endswith("*") else "exact"
        url = url.removeprefix("*.") if match == "domain" else url.removesuffix("*") if match == "prefix" else url
    try:
        start = key(url)
    except ValueError as error:
        raise ConfigError(f"url={url[:200]!r}: {error}") from error
    host = start.partition(")/")[0]
    match match:
        case "exact":
            return (f"{start} ",)
        case "prefix":
            end = url[-1:]
            return (start + end if end in ("/", "?") and not start.endswith(end) else start,)
        case "host":
            return (f"{host})/",)
        case "domain":
            return (f"{host})/", f"{host},") if "," in host else (f"{host},",)
    raise ConfigError(f"matchType={match[:40]!r} is none of exact, prefix, host, domain")


def _filter(text: str) -> Callable[[Row], bool]:
    """``!~status:[45]..``: whether a row's field, or its whole line where none is named, is as wanted."""
    wanted = not text.startswith("!")
    text = text.removeprefix("!")
    sign, text = (text[0], text[1:]) if text[:1] in ("=", "~") else ("", text)
    field, colon, value = text.partition(":")
    field, value = (_ALIASES.get(field, field), value) if colon else ("", text)
    if sign == "~":
        try:
            pattern = regex.compile(value)
        except regex.error as error:
            raise ConfigError(f"filter {text[:200]!r}: {error}") from error
        return lambda row: _matches(pattern, _of(row, field)) is wanted
    if sign == "=":
        return lambda row: (_of(row, field) == value) is wanted
    return lambda row: (value in _of(row, field)) is wanted


def _matches(pattern: Any, value: str) -> bool:
    try:
        return pattern.match(value, timeout=_PATIENCE) is not None
    except TimeoutError as error:
        raise ConfigError(f"the pattern {pattern.pattern[:200]!r} takes too long") from error


def _of(row: Row, field: str) -> str:
    if field:
        return row.get(field, "")
    return f"{row['urlkey']} {row['timestamp']} {json.dumps({name: row[name] for name in list(row)[2:]})}"


def _stamp(given: dict[str, str], name: str, padding: str) -> str:
    """The 14 digits that the first of them mean, at the beginning of that time or at its end."""
    text = given.get(name, "")
    if not text:
        return ""
    if not text.isascii() or not text.isdecimal() or len(text) > 14:
        raise ConfigError(f"{name}={text[:40]!r} is no time: up to 14 digits, as in 20261123101500")
    return text + padding[len(text) :]


def _seconds(stamp: str) -> float:
    """For differences only; a day that no month has is one of the next."""
    year, month, day, hour, minute, second = (int(stamp[at:to]) for at, to in _PARTS)
    month = min(max(month, 1), 12)
    days = date(max(year, 1), month, 1).toordinal() + day
    return days * 86400.0 + hour * 3600 + minute * 60 + second


_PARTS: Final = ((0, 4), (4, 6), (6, 8), (8, 10), (10, 12), (12, 14))


def _number(given: dict[str, str], name: str, default: int) -> int:
    text = given.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise ConfigError(f"{name}={text[:40]!r} is no number")
    return int(text)


def _is_on(given: dict[str, str], name: str) -> bool:
    return given.get(name, "").lower() not in _FALSE
