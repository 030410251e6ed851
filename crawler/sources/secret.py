"""``{ env = "NAME" }`` in sources.toml: a value that stands in the environment, as the file gets shared."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from archive.errors import ConfigError

__all__ = ["Secret", "plain"]


class Secret(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    env: str


def plain(value: str | Secret, key: str, environment: Mapping[str, str]) -> str:
    """The value itself; raises ConfigError, by key, where the environment does not have it."""
    if isinstance(value, str):
        return value
    if not environment.get(value.env):
        raise ConfigError(f"{key}: the environment has no {value.env}")
    return environment[value.env]
