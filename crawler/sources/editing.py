"""``sources.toml`` changed by commands, one at a time: comments and order stay; what would break it is refused."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
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
    names = []
    with _changed(path) as sources:
        taken = {str(entry.get("id") or slug(str(entry.get("name", "")))) for entry in sources}
        for entry in entries:
            name = str(entry.get("id") or slug(str(entry["name"]), taken))
            taken.add(name)
            names.append(name)
            table = tomlkit.table()
            for key, value in {"id": name, **entry}.items():
                table[key] = value
            sources.append(table)
    return names


def remove(path: Path, name: str) -> None:
    """Take a source out of the file."""
    with _changed(path) as sources:
        del sources[_number(path, sources, name)]


def set_enabled(path: Path, name: str, enabled: bool) -> None:
    with _changed(path) as sources:
        entry = sources[_number(path, sources, name)]
        if enabled:
            entry.pop("enabled", None)
        else:
            entry["enabled"] = False


def move(path: Path, name: str, moves: Mapping[str, str]) -> dict[str, str]:
    """Put the addresses that those of a source have moved to in their place; returns what was done."""
    done = {}
    with _changed(path) as sources:
        entry = sources[_number(path, sources, name)]
        for key in ("feeds", "sitemaps", "sections"):
            listed = entry.get(key, ())
            for number, url in enumerate(listed):
                if (to := moves.get(request_uri(url))) is not None:
                    listed[number] = done[str(url)] = to
        if (to := moves.get(request_uri(str(entry["url"])))) is not None:
            done[str(entry["url"])] = to
            entry["url"] = to
    return done


@contextmanager
def _changed(path: Path) -> Iterator[AoT]:
    """The sources of a file, to be changed by one process at a time; then it is saved."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        raise refused(error, path) from error
    try:
        with suppress(OSError):  # a network's file system that knows no such locks
            fcntl.flock(folder, fcntl.LOCK_EX)
        document, sources = _load(path)
        yield sources
        _save(path, document)
    finally:
        os.close(folder)


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
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise refused(error, path) from error
