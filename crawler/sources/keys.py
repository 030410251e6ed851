"""Values of sources.toml, checked one by one: each returns what a crawl is told, or raises ConfigError by key."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from archive.errors import ConfigError
from archive.urls import host_of, request_uri
from crawler.amounts import amount, span
from crawler.sources.secret import Secret, plain
from crawler.sources.source import Cron

__all__ = ["cookies", "cron", "headers", "labels", "looks", "proxy", "recipe", "seed", "size", "time", "url"]

_LEAST_SPAN: Final = 60.0
_LABEL = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""RFC 9110, 5.6.2."""
_OURS: Final = frozenset(["host", "content-length", "transfer-encoding", "connection", "proxy-authorization"])
"""Header fields that say what the client does, and so are the client's to say."""
_PROXIES: Final = ("http", "https", "socks5", "socks5h")


def seed(text: str) -> str:
    """The URL when it can be crawled; ``example.org`` is not guessed at, but the message says what to write."""
    try:
        host = host_of(request_uri(text))
    except ValueError:
        host = ""
    if not host:
        hint = f"; did you mean https://{text} ?" if "://" not in text and "." in text else ""
        raise ConfigError(f"{text!r} is not a URL to crawl: expected http://… or https://…{hint}")
    return text


def url(text: str, key: str) -> None:
    try:
        seed(text)
    except ConfigError as error:
        raise ConfigError(f"{key}: {error}") from None


def time(text: str, key: str, least: float = _LEAST_SPAN) -> float:
    """Seconds."""
    seconds = span(text)
    if seconds is None:
        raise ConfigError(f"{key}: {text!r} is no span of time, such as '90s', '15m', '6h' or '1d'")
    if seconds < least:
        raise ConfigError(f"{key}: {text!r}: expected {least:g} seconds at least")
    return seconds


def size(text: str, key: str) -> int:
    """Bytes."""
    found = amount(text)
    if not found:
        raise ConfigError(f"{key}: {text!r} is no size, such as '500 MB' or '2 GiB'")
    return found


def looks(text: str, key: str) -> str:
    for word in text.replace(",", " ").split() if text != "none" else ():
        time(word, key, least=0)
    return text


def proxy(text: str, key: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in _PROXIES or not parts.hostname:
        raise ConfigError(f"{key}: expected a URL that begins with one of {', '.join(f'{one}://' for one in _PROXIES)}")
    return text


def cookies(text: str, key: str, home: Path | None) -> str:
    """`home`: what a path is relative to, the folder of sources.toml; None: it is not looked for."""
    if home is None:
        return text
    path = home / Path(text).expanduser()
    if not path.is_file():
        raise ConfigError(f"{key}: {path} does not exist: expected a cookies.txt, its path as seen from {home}")
    return str(path)


def recipe(text: str, key: str, home: Path | None, hosts: list[str]) -> None:
    """It is in recipes/, holds, and is for one of these hosts."""
    from archive.recipes.book import FOLDER
    from archive.recipes.recipe import parse

    path = Path(text)
    if path.parent != Path(FOLDER) or path.suffix != ".toml":
        raise ConfigError(f"{key}: {text!r}: expected a path such as '{FOLDER}/example.toml'")
    if home is None:
        return
    try:
        found = parse(path.stem, (home / path).read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{key}: {home / path} cannot be read ({error})") from None
    except ConfigError as error:
        raise ConfigError(f"{key}: {error}") from None
    if not any(map(found.covers, hosts)):
        raise ConfigError(f"{key}: {text} is for {', '.join(found.hosts)}, none of {', '.join(sorted(set(hosts)))}")


def labels(given: tuple[str, ...], key: str) -> None:
    from archive.extract.labels import LABELS

    for number, label in enumerate(given):
        if not _LABEL.fullmatch(label):
            raise ConfigError(
                f"{key}[{number}]: {label!r}: expected small letters, digits, '.', '_' and '-', 64 at most"
            )
        if label in LABELS:
            raise ConfigError(f"{key}[{number}]: {label!r} says how a page was read already: choose another")


def headers(given: Mapping[str, str | Secret], key: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """As WIRECOPY_HEADERS has them: what is secret is named, and taken from the environment when it is sent."""
    for name, value in given.items():
        if not _TOKEN.fullmatch(name) or name.lower() in _OURS:
            raise ConfigError(f"{key}: {name!r} is no header field to add")
        text = plain(value, f"{key}.{name}", environment)
        if not text.isprintable() or not text.isascii():
            raise ConfigError(f"{key}.{name}: expected one line of ASCII")
    return {name: {"env": value.env} if isinstance(value, Secret) else value for name, value in given.items()}


def cron(expression: str, timezone: str, key: str) -> Cron:
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(f"{key}.timezone: {timezone!r} is none that is known, such as Europe/Berlin") from None
    try:
        next(CronSim(expression, datetime.datetime(2024, 1, 1, tzinfo=zone)))
    except (CronSimError, StopIteration):
        raise ConfigError(f"{key}.cron: {expression!r} names no time, such as '*/15 6-22 * * *' does") from None
    return Cron(expression, timezone)
