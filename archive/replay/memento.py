"""Mementos by RFC 7089: what headers and TimeMaps say of the captures of a URL. Pure.

The URL is the Original Resource (URI-R); ``/URL`` is its TimeGate, ``/timemap/link/URL`` and ``/timemap/json/URL`` are
its TimeMaps, ``/STAMP/URL`` its mementos.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

import msgspec

from archive.errors import ConfigError
from archive.model import Capture
from archive.replay.address import capture_path

__all__ = ["accepted", "http_date", "json_map", "link_header", "link_map"]


def http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def accepted(value: str | None) -> datetime | None:
    """What Accept-Datetime asks for; ConfigError when that is no date (section 4.5.3)."""
    if value is None:
        return None
    try:
        moment = parsedate_to_datetime(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise ConfigError(f"Accept-Datetime {value[:100]!r} is no date as HTTP has them") from error


def link_header(url: str, captures: Sequence[Capture], base: str, shown: Capture | None = None) -> str:
    """The Link header of a TimeGate, or of the capture `shown`; `captures` is in order, oldest first."""
    links = [
        _link(url, 'rel="original"'),
        _link(f"{base}/{url}", 'rel="timegate"'),
        _link(f"{base}/timemap/link/{url}", 'rel="timemap"; type="application/link-format"'),
    ]
    named: dict[str, list[str]] = {}
    for relation, capture in _around(captures, shown):
        named.setdefault(capture_path(capture), []).extend(relation.split())
    dates = {capture_path(capture): capture.date for _, capture in _around(captures, shown)}
    links += [_memento(f"{base}{path}", dates[path], " ".join(relations)) for path, relations in named.items()]
    return ", ".join(links)


def link_map(url: str, captures: Sequence[Capture], base: str) -> Iterator[bytes]:
    """A TimeMap in application/link-format (section 5), a link a line."""
    this = f"{base}/timemap/link/{url}"
    span = f'; from="{http_date(captures[0].date)}"; until="{http_date(captures[-1].date)}"' if captures else ""
    first = (_link(url, 'rel="original"'), _link(f"{base}/{url}", 'rel="timegate"'))
    yield ",\n".join([*first, _link(this, f'rel="self"; type="application/link-format"{span}')]).encode()
    for place, capture in enumerate(captures):
        relation = ("first " if place == 0 else "") + ("last " if place == len(captures) - 1 else "")
        yield f",\n{_memento(base + capture_path(capture), capture.date, relation.strip())}".encode()
    yield b"\n"


def json_map(url: str, captures: Sequence[Capture], base: str) -> Iterator[bytes]:
    """The same in JSON, in the members that Memento aggregators use."""
    head = {
        "original_uri": url,
        "self": f"{base}/timemap/json/{url}",
        "timegate_uri": f"{base}/{url}",
        "timemap_uri": {"link_format": f"{base}/timemap/link/{url}", "json_format": f"{base}/timemap/json/{url}"},
    }
    yield msgspec.json.encode(head)[:-1] + b',"mementos":{"list":['
    for place, capture in enumerate(captures):
        yield (b"," if place else b"") + msgspec.json.encode(_entry(capture, base))
    yield b"]"
    for name, capture in (("first", captures[0]), ("last", captures[-1])) if captures else ():
        yield f',"{name}":'.encode() + msgspec.json.encode(_entry(capture, base))
    yield b"}}\n"


def _entry(capture: Capture, base: str) -> dict[str, str]:
    return {"datetime": f"{capture.date.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", "uri": base + capture_path(capture)}


def _around(captures: Sequence[Capture], shown: Capture | None) -> Iterator[tuple[str, Capture]]:
    if captures:
        yield "first", captures[0]
        yield "last", captures[-1]
    if shown is not None and shown in captures:
        here = captures.index(shown)
        yield "", shown
        if here > 0:
            yield "prev", captures[here - 1]
        if here + 1 < len(captures):
            yield "next", captures[here + 1]


def _link(address: str, parameters: str) -> str:
    return f"<{address.replace('>', '%3E')}>; {parameters}"


def _memento(address: str, date: datetime, relations: str) -> str:
    return _link(address, f'rel="{f"{relations} memento".strip()}"; datetime="{http_date(date)}"')
