"""``[alerts]`` in sources.toml: who is to be told when something is the matter, and of what."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args
from urllib.parse import urlsplit

import msgspec

from archive.errors import ConfigError
from crawler.amounts import span
from crawler.sources.secret import Secret, plain

__all__ = ["KINDS", "Alerts", "Channel", "Command", "Kind", "Webhook", "channels"]

Kind = Literal["failing", "silent", "worse", "moved", "hung", "disk", "storage", "shipping", "recovered"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_LONGEST: Final = 300.0


class _Webhook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    url: str | Secret
    headers: dict[str, str | Secret] = {}
    sign: Secret | None = None
    timeout: str = "10s"
    on: tuple[Kind, ...] = KINDS


class _Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    run: tuple[str, ...]
    timeout: str = "30s"
    on: tuple[Kind, ...] = KINDS


class Alerts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    webhook: tuple[_Webhook, ...] = ()
    command: tuple[_Command, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A POST of the event as JSON."""

    key: str
    """``alerts.webhook[0]``."""
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    sign: str | None = field(repr=False)
    """The key of an HMAC over the body."""
    timeout: float
    on: tuple[Kind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A program, with the event as JSON on its standard input."""

    key: str
    run: tuple[str, ...]
    timeout: float
    on: tuple[Kind, ...]


Channel = Webhook | Command


def channels(alerts: Alerts, environment: Mapping[str, str]) -> tuple[Channel, ...]:
    """Raises ConfigError by key."""
    found: list[Channel] = []
    for number, hook in enumerate(alerts.webhook):
        key = f"alerts.webhook[{number}]"
        found.append(
            Webhook(
                key=key,
                url=_url(plain(hook.url, f"{key}.url", environment), f"{key}.url"),
                headers={
                    name: _field(name, value, f"{key}.headers", environment) for name, value in hook.headers.items()
                },
                sign=plain(hook.sign, f"{key}.sign", environment) if hook.sign else None,
                timeout=_timeout(hook.timeout, key),
                on=hook.on,
            )
        )
    for number, command in enumerate(alerts.command):
        key = f"alerts.command[{number}]"
        if not command.run or shutil.which(command.run[0]) is None:
            raise ConfigError(f"{key}.run: expected a program that is there and its arguments, not a line for a shell")
        found.append(Command(key=key, run=command.run, timeout=_timeout(command.timeout, key), on=command.on))
    return tuple(found)


def _url(url: str, key: str) -> str:
    """What is wrong is told without the URL, which may be a secret as a whole."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or not url.isascii() or any(sign <= " " for sign in url):
        raise ConfigError(f"{key}: expected https://… or http://…")
    if parts.username is not None:
        raise ConfigError(f"{key}: expected no user and password in it; headers = {{ Authorization = … }} takes them")
    return url


def _field(name: str, value: str | Secret, key: str, environment: Mapping[str, str]) -> str:
    text = plain(value, f"{key}.{name}", environment)
    if not name.isascii() or not name.replace("-", "").replace("_", "").isalnum():
        raise ConfigError(f"{key}: {name!r} is no name of a header field")
    if not text.isprintable() or not text.isascii():
        raise ConfigError(f"{key}.{name}: expected one line of ASCII")
    return text


def _timeout(text: str, key: str) -> float:
    seconds = span(text)
    if seconds is None or not 0 < seconds <= _LONGEST:
        raise ConfigError(f"{key}.timeout: {text!r}: expected a span of time up to {_LONGEST:.0f} s, such as '10s'")
    return seconds
