"""``sources.toml``: one file that a person can review, read into sources; every mistake is told by file and key."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from cronsim import CronSim, CronSimError

from archive.errors import ConfigError
from archive.scope import ScopeKind
from archive.urls import host_of, request_uri
from crawler.amounts import span
from crawler.sources.alerts import Alerts, Channel, channels
from crawler.sources.secret import Secret, plain
from crawler.sources.source import Adaptive, Cron, Every, Schedule, Source

__all__ = ["NAME", "parse", "read", "read_alerts", "slug"]

_T = TypeVar("_T")

NAME: Final = "sources.toml"
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_LEAST_SPAN: Final = 60.0

_SETTINGS: Final = {
    "delay": "DOWNLOAD_DELAY",
    "concurrency": "CONCURRENT_REQUESTS_PER_DOMAIN",
    "max_bytes": "WIRECOPY_MAX_BYTES",
    "max_time": "CLOSESPIDER_TIMEOUT",
    "requisites": "WIRECOPY_REQUISITES",
    "second_looks": "WIRECOPY_SECOND_LOOKS",
    "robots_meta": "WIRECOPY_ROBOTS_META",
    "proxy": "WIRECOPY_PROXY",
    "cookies": "WIRECOPY_COOKIES",
}
"""Keys that are settings of a crawl, by other names."""


class _Schedule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    every: str | None = None
    cron: str | None = None
    timezone: str | None = None
    fresh: str | None = None
    most: str | None = None


class _Common(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    schedule: Literal["adaptive"] | _Schedule | None = None
    scope: ScopeKind | None = None
    max_pages: int | None = None
    delay: str | None = None
    concurrency: int | None = None
    max_bytes: str | None = None
    max_time: str | None = None
    requisites: Literal["none", "images", "all"] | None = None
    second_looks: str | None = None
    robots_meta: Literal["record", "obey"] | None = None
    proxy: str | Secret | None = None
    cookies: str | Secret | None = None


class _Entry(_Common, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    url: str
    id: str | None = None
    enabled: bool = True
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Literal[1]
    defaults: _Common = _Common()
    source: tuple[_Entry, ...] = ()
    alerts: Alerts = Alerts()


def read(path: Path, environment: Mapping[str, str] = os.environ) -> list[Source]:
    """The sources in a file; raises ConfigError, with file and key, for one that is not right or not there."""
    return _told(path, lambda data: parse(data, environment))


def read_alerts(path: Path, environment: Mapping[str, str] = os.environ) -> tuple[Channel, ...]:
    """Who is to be told of what is the matter; raises ConfigError as `read` does."""
    return _told(path, lambda data: channels(_decoded(data).alerts, environment))


def _told(path: Path, parsed: Callable[[bytes], _T]) -> _T:
    """What a file says, with its name in what is wrong with it."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(f"{path} does not exist; 'wirecopy sources add URL' makes it") from None
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    try:
        return parsed(data)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None


def parse(data: bytes, environment: Mapping[str, str]) -> list[Source]:
    """The sources of a file's bytes, in its order; raises ConfigError by key."""
    file = _decoded(data)
    sources = [
        _source(entry, file.defaults, f"source[{number}]", environment) for number, entry in enumerate(file.source)
    ]
    seen: dict[str, int] = {}
    for number, source in enumerate(sources):
        if source.id in seen:
            raise ConfigError(f"source[{number}].id: {source.id!r} is source[{seen[source.id]}] already")
        seen[source.id] = number
    return sources


def _decoded(data: bytes) -> _File:
    try:
        return msgspec.toml.decode(data, type=_File)
    except (msgspec.MsgspecError, ValueError) as error:
        text, _, where = str(error).partition(" - at `$")
        raise ConfigError(f"{where.rstrip('`').lstrip('.')}: {text}" if where else text) from None


def slug(name: str, taken: Iterable[str] = ()) -> str:
    """An id from a name or a host: ``Der Tag`` becomes ``der-tag``; one that is taken gets a number."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:56] or "source"
    taken, number, found = set(taken), 1, plain
    while found in taken:
        number += 1
        found = f"{plain}-{number}"
    return found


def _source(entry: _Entry, defaults: _Common, key: str, environment: Mapping[str, str]) -> Source:
    name = entry.id or slug(entry.name)
    if not _ID.fullmatch(name):
        raise ConfigError(f"{key}.id: {name!r}: expected small letters, digits, '.', '_' and '-', 64 at most")
    for field in ("feeds", "sitemaps", "sections"):
        for number, url in enumerate(getattr(entry, field)):
            _check_url(url, f"{key}.{field}[{number}]")
    _check_url(entry.url, f"{key}.url")
    chosen: dict[str, Any] = {
        field: getattr(entry, field) if getattr(entry, field) is not None else getattr(defaults, field)
        for field in _Common.__struct_fields__
    }
    if chosen["max_pages"] is not None and chosen["max_pages"] < 0:
        raise ConfigError(f"{key}.max_pages: {chosen['max_pages']}: expected a number, 0 for no bound")
    if chosen["concurrency"] is not None and not 1 <= chosen["concurrency"] <= 100:
        raise ConfigError(f"{key}.concurrency: {chosen['concurrency']}: expected 1 to 100")
    return Source(
        id=name,
        name=entry.name,
        url=entry.url,
        feeds=entry.feeds,
        sitemaps=entry.sitemaps,
        sections=entry.sections,
        enabled=entry.enabled,
        schedule=_schedule(chosen["schedule"], f"{key}.schedule"),
        scope=chosen["scope"],
        max_pages=500 if chosen["max_pages"] is None else chosen["max_pages"],
        settings={
            setting: _value(field, chosen[field], f"{key}.{field}", environment)
            for field, setting in _SETTINGS.items()
            if chosen[field] is not None
        },
    )


def _check_url(url: str, key: str) -> None:
    try:
        good = bool(host_of(request_uri(url)))
    except ValueError:
        good = False
    if not good:
        raise ConfigError(f"{key}: {url!r} is not a URL to crawl: expected http://… or https://…")


def _value(field: str, value: Any, key: str, environment: Mapping[str, str]) -> str:
    if isinstance(value, Secret):
        return plain(value, key, environment)
    if field in ("delay", "max_time"):
        return f"{_span(value, key, least=0):g}"
    return str(value)


def _schedule(value: str | _Schedule | None, key: str) -> Schedule:
    if value is None or isinstance(value, str):
        return Adaptive()
    if value.every and not (value.cron or value.timezone or value.fresh or value.most):
        return Every(_span(value.every, f"{key}.every"))
    if value.cron and not (value.every or value.fresh or value.most):
        return _cron(value.cron, value.timezone or "UTC", key)
    if value.every or value.cron or value.timezone:
        raise ConfigError(f"{key}: expected one of every, cron (with timezone), or fresh and most")
    usual = Adaptive()
    fresh = _span(value.fresh, f"{key}.fresh") if value.fresh else usual.fresh
    most = _span(value.most, f"{key}.most") if value.most else max(fresh, usual.most)
    if most < fresh:
        raise ConfigError(f"{key}.most: less than fresh")
    return Adaptive(fresh, most)


def _cron(expression: str, timezone: str, key: str) -> Cron:
    import datetime

    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(f"{key}.timezone: {timezone!r} is none that is known, such as Europe/Berlin") from None
    try:
        next(CronSim(expression, datetime.datetime(2024, 1, 1, tzinfo=zone)))
    except (CronSimError, StopIteration):
        raise ConfigError(f"{key}.cron: {expression!r} names no time, such as '*/15 6-22 * * *' does") from None
    return Cron(expression, timezone)


def _span(text: str, key: str, least: float = _LEAST_SPAN) -> float:
    seconds = span(text)
    if seconds is None:
        raise ConfigError(f"{key}: {text!r} is no span of time, such as '90s', '15m', '6h' or '1d'")
    if seconds < least:
        raise ConfigError(f"{key}: {text!r}: expected {least:g} seconds at least")
    return seconds
