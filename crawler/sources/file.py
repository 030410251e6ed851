"""``sources.toml``: one file that a person can review, read into sources; every mistake is told by file and key."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import msgspec

from archive.errors import ConfigError
from archive.scope import ScopeKind
from archive.urls import host_of
from crawler.sources import keys
from crawler.sources.alerts import Alerts, Channel, channels
from crawler.sources.secret import Secret, plain
from crawler.sources.source import Adaptive, Budget, Every, Schedule, Source

__all__ = ["NAME", "parse", "read", "read_alerts", "slug"]

_T = TypeVar("_T")

NAME: Final = "sources.toml"
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")

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
    "headers": "WIRECOPY_HEADERS",
}
"""Keys that are settings of a crawl, by other names."""


class _Schedule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    every: str | None = None
    cron: str | None = None
    timezone: str | None = None
    fresh: str | None = None
    most: str | None = None


class _PerDay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pages: int | None = None
    bytes: str | None = None
    time: str | None = None


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
    headers: dict[str, str | Secret] | None = None
    labels: tuple[str, ...] | None = None
    per_day: _PerDay | None = None


class _Entry(_Common, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    url: str
    id: str | None = None
    enabled: bool = True
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    recipe: str | None = None


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Literal[1]
    defaults: _Common = _Common()
    source: tuple[_Entry, ...] = ()
    alerts: Alerts = Alerts()


def read(path: Path, environment: Mapping[str, str] = os.environ) -> list[Source]:
    """The sources in a file; raises ConfigError, with file and key, for one that is not right or not there."""
    return _told(path, lambda data: parse(data, environment, path.parent))


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


def parse(data: bytes, environment: Mapping[str, str], home: Path | None = None) -> list[Source]:
    """The sources of a file's bytes, in its order; raises ConfigError by key.

    `home`: the folder that files it names are looked for in; None: they are not looked for.
    """
    file = _decoded(data)
    sources = [
        _source(entry, file.defaults, f"source[{number}]", environment, home)
        for number, entry in enumerate(file.source)
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
    """An id from a name or a host: ``Der Täg`` becomes ``der-tag``; one that is taken gets a number."""
    letters = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", name.casefold()))
    bare = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:56] or "source"
    taken, number, found = set(taken), 1, bare
    while found in taken:
        number += 1
        found = f"{bare}-{number}"
    return found


def _source(entry: _Entry, defaults: _Common, key: str, environment: Mapping[str, str], home: Path | None) -> Source:
    name = entry.id or slug(entry.name)
    if not _ID.fullmatch(name):
        raise ConfigError(f"{key}.id: {name!r}: expected small letters, digits, '.', '_' and '-', 64 at most")
    for field in ("feeds", "sitemaps", "sections"):
        for number, url in enumerate(getattr(entry, field)):
            keys.url(url, f"{key}.{field}[{number}]")
    keys.url(entry.url, f"{key}.url")
    if entry.recipe is not None:
        seeds = (entry.url, *entry.feeds, *entry.sitemaps, *entry.sections)
        keys.recipe(entry.recipe, f"{key}.recipe", home, [host_of(url) for url in seeds])
    chosen: dict[str, Any] = {
        field: getattr(entry, field) if getattr(entry, field) is not None else getattr(defaults, field)
        for field in _Common.__struct_fields__
    }
    if chosen["max_pages"] is not None and chosen["max_pages"] < 0:
        raise ConfigError(f"{key}.max_pages: {chosen['max_pages']}: expected a number, 0 for no bound")
    if chosen["concurrency"] is not None and not 1 <= chosen["concurrency"] <= 100:
        raise ConfigError(f"{key}.concurrency: {chosen['concurrency']}: expected 1 to 100")
    keys.labels(chosen["labels"] or (), f"{key}.labels")
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
        labels=chosen["labels"] or (),
        per_day=_budget(chosen["per_day"], f"{key}.per_day"),
        settings={
            setting: _setting(field, chosen[field], f"{key}.{field}", environment, home)
            for field, setting in _SETTINGS.items()
            if chosen[field] is not None
        },
    )


def _schedule(value: str | _Schedule | None, key: str) -> Schedule:
    if value is None or isinstance(value, str):
        return Adaptive()
    if value.every and not (value.cron or value.timezone or value.fresh or value.most):
        return Every(keys.time(value.every, f"{key}.every"))
    if value.cron and not (value.every or value.fresh or value.most):
        return keys.cron(value.cron, value.timezone or "UTC", key)
    if value.every or value.cron or value.timezone:
        raise ConfigError(f"{key}: expected one of every, cron (with timezone), or fresh and most")
    usual = Adaptive()
    fresh = keys.time(value.fresh, f"{key}.fresh") if value.fresh else usual.fresh
    most = keys.time(value.most, f"{key}.most") if value.most else max(fresh, usual.most)
    if most < fresh:
        raise ConfigError(f"{key}.most: less than fresh")
    return Adaptive(fresh, most)


def _budget(value: _PerDay | None, key: str) -> Budget | None:
    if value is None:
        return None
    if value.pages is not None and value.pages < 1:
        raise ConfigError(f"{key}.pages: {value.pages}: expected 1 at least")
    return Budget(
        pages=value.pages,
        bytes=keys.size(value.bytes, f"{key}.bytes") if value.bytes is not None else None,
        seconds=keys.time(value.time, f"{key}.time") if value.time is not None else None,
    )


def _setting(field: str, value: Any, key: str, environment: Mapping[str, str], home: Path | None) -> Any:
    """What a crawl's setting of another name is to be."""
    if field == "headers":
        return keys.headers(value, key, environment)
    text = str(plain(value, key, environment))
    match field:
        case "delay" | "max_time":
            return f"{keys.time(text, key, least=0):g}"
        case "max_bytes":
            keys.size(text, key)
        case "second_looks":
            keys.looks(text, key)
        case "proxy":
            keys.proxy(text, key)
        case "cookies":
            return keys.cookies(text, key, home)
    return text
