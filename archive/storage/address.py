"""A store by its name, as `collection.toml`, the command line and ``shipped.jsonl`` have it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from archive.config import CONFIG_NAME, ShipConfig
from archive.errors import ConfigError

__all__ = ["Address", "configured", "parse"]

_S3: Final = re.compile(r"s3://(?P<bucket>[A-Za-z0-9][A-Za-z0-9._-]{1,62})(?:/(?P<prefix>.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a store is; secrets are no part of it."""

    url: str
    """``s3://bucket/prefix``, or the absolute path of a directory."""
    endpoint: str | None = None
    """Of a bucket that is not at AWS: ``https://s3.example.org``."""
    region: str | None = None

    @property
    def scheme(self) -> str:
        return "s3" if self.url.startswith("s3://") else "directory"

    @property
    def bucket(self) -> tuple[str, str]:
        """Name and prefix, which may be empty."""
        bucket, _, prefix = self.url.removeprefix("s3://").partition("/")
        return bucket, prefix

    def __str__(self) -> str:
        return self.url


def parse(text: str, *, base: Path, endpoint: str | None = None, region: str | None = None) -> Address:
    """The address that `text` is; a directory that is not absolute lies below `base`. ConfigError when it is none."""
    text = text.strip()
    if not text.startswith("s3:"):
        if "://" in text or not text:
            raise ConfigError(f"{text!r} is no place to ship to: expected s3://bucket/prefix or a directory")
        return Address(url=str((base / Path(text).expanduser()).resolve()))
    match = _S3.fullmatch(text)
    prefix = (match["prefix"] or "").strip("/") if match else ""
    if (
        match is None
        or any(part in ("", ".", "..") for part in prefix.split("/") if prefix)
        or not prefix.isprintable()
    ):
        raise ConfigError(f"{text!r} is no bucket to ship to: expected s3://bucket or s3://bucket/prefix")
    if endpoint is not None:
        endpoint = endpoint.rstrip("/")
        parts = urlsplit(endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise ConfigError(f"{endpoint!r} is no endpoint of a store: expected https://host or http://host:port")
    return Address(url=f"s3://{match['bucket']}" + (f"/{prefix}" if prefix else ""), endpoint=endpoint, region=region)


def configured(ship: ShipConfig | None, root: Path) -> Address | None:
    """Where the collection at `root` ships to by its ``collection.toml``; ConfigError when that is no place."""
    if ship is None:
        return None
    try:
        return parse(ship.to, base=root, endpoint=ship.endpoint, region=ship.region)
    except ConfigError as error:
        raise ConfigError(f"{root / CONFIG_NAME}: ship: {error}") from None
