"""Options that many verbs share, and the small helpers that go with them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from archive.errors import ConfigError, DamagedRecord

__all__ = [
    "SOURCES",
    "as_json",
    "collection_option",
    "echo_json",
    "log_format_option",
    "parse_settings",
    "walls_option",
]

_F = TypeVar("_F", bound=Callable[..., Any])

DEFAULT_COLLECTION = "collections/news"
SOURCES = "sources.toml"
"""What to watch, within a collection."""


def collection_option(function: _F) -> _F:
    """``--collection DIR``, else $WIRECOPY_COLLECTION, else ./collections/news."""
    return click.option(
        "--collection",
        "-c",
        "path",
        type=click.Path(path_type=Path),
        default=lambda: Path(os.environ.get("WIRECOPY_COLLECTION") or DEFAULT_COLLECTION),
        show_default="$WIRECOPY_COLLECTION, else ./collections/news",
        help="The collection to work on.",
    )(function)


def as_json(function: _F) -> _F:
    """``--json``: the same answer for programs, on stdout."""
    return click.option("--json", "json_", is_flag=True, help="Answer in JSON, for programs.")(function)


def walls_option(function: _F) -> _F:
    """``--walls``: what is kept out of the text feed."""
    help_ = (
        "What labels keep out too: bot walls, consent and login pages, paywalls, parked domains, soft 404s, and what a"
        " crawl with --robots-meta obey withholds."
    )
    return click.option("--walls", is_flag=True, help=help_)(function)


def log_format_option(function: _F) -> _F:
    """``--log-format``: a line an event, for whom."""
    return click.option(
        "--log-format",
        type=click.Choice(["human", "json"]),
        default=lambda: os.environ.get("WIRECOPY_LOG_FORMAT") or "human",
        show_default="human",
        help="A line an event, for people or for programs.",
    )(function)


def echo_json(value: object) -> None:
    """One value as one line of JSON on stdout."""
    click.echo(msgspec.json.encode(value, enc_hook=_plain).decode())


def _plain(value: object) -> object:
    """What is told of damage, as values."""
    if isinstance(value, DamagedRecord):
        return {"path": str(value.path), "offset": value.offset, "why": value.why}
    raise TypeError(f"{type(value).__name__} is not for JSON")


def parse_settings(pairs: Sequence[str]) -> dict[str, str]:
    """``NAME=VALUE`` pairs of the command line."""
    parsed = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.isidentifier():
            raise ConfigError(f"--set {pair}: expected NAME=VALUE, such as DOWNLOAD_DELAY=2")
        parsed[name] = value
    return parsed
