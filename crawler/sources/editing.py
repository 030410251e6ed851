"""``sources.toml`` changed by commands: comments and order stay, and a change that would break the file is refused."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from archive.disk import refused
from archive.errors import ConfigError
from archive.urls import request_uri
from crawler.sources.file import parse, slug

__all__ = ["add", "move", "remove", "set_enabled"]

_HEAD = "What wirecopy watches. Every key is explained in docs/sources.md."


def add(path: Path, entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """Put entries at the end of the file, which is made when absent; returns their ids."""
    document, sources = _load(path)
    taken = {str(entry.get("id") or slug(str(entry.get("name", "")))) for entry in sources}
    names = []
    for entry in entries:
        name = str(entry.get("id") or slug(str(entry["name"]), taken))
        taken.add(name)
        names.append(name)
        table = tomlkit.table()
        for key, value in {"id": name, **entry}.items():
            table[key] = value
        sources.append(table)
    _save(path, document)
    return names


def remove(path: Path, name: str) -> None:
    """Take a source out of the file."""
    document, sources = _load(path)
    del sources[_number(path, sources, name)]
    _save(path, document)


def set_enabled(path: Path, name: str, enabled: bool) -> None:
    document, sources = _load(path)
    entry = sources[_number(path, sources, name)]
    if enabled:
        entry.pop("enabled", None)
    else:
        entry["enabled"] = False
    _save(path, document)


def move(path: Path, name: str, moves: Mapping[str, str]) -> dict[str, str]:
    """Put the addresses that those of a source have moved to in their place; returns what was done."""
    document, sources = _load(path)
    entry = sources[_number(path, sources, name)]
    done = {}
    for key in ("feeds", "sitemaps", "sections"):
        listed = entry.get(key, ())
        for number, url in enumerate(listed):
            if (to := moves.get(request_uri(url))) is not None:
                listed[number] = done[str(url)] = to
    if (to := moves.get(request_uri(str(entry["url"])))) is not None:
        done[str(entry["url"])] = to
        entry["url"] = to
    _save(path, document)
    return done


def _load(path: Path) -> tuple[tomlkit.TOMLDocument, AoT]:
    try:
        document = tomlkit.parse(path.read_bytes())
    except FileNotFoundError:
        document = tomlkit.document()
        document.add(tomlkit.comment(_HEAD))
        document.add("format", tomlkit.item(1))
    except (OSError, TOMLKitError) as error:
        raise ConfigError(f"{path}: {error}") from error
    sources = document.setdefault("source", tomlkit.aot())
    if not isinstance(sources, AoT):
        raise ConfigError(f"{path}: source: expected [[source]] tables")
    return document, sources


def _number(path: Path, sources: AoT, name: str) -> int:
    for number, entry in enumerate(sources):
        if (entry.get("id") or slug(str(entry.get("name", "")))) == name:
            return number
    raise ConfigError(f"{path}: no source {name!r}; 'wirecopy sources list' shows all")


def _save(path: Path, document: tomlkit.TOMLDocument) -> None:
    """Whole or not at all; raises ConfigError where the outcome would not be right."""
    data = tomlkit.dumps(document).encode()
    try:
        parse(data, os.environ)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}; nothing was changed") from None
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise refused(error, path) from error
