"""``collection.toml``: what a collection is called, who runs it, and in which format it is."""

from __future__ import annotations

import json
import os
from pathlib import Path

import msgspec

from archive.disk import Disk
from archive.errors import ConfigError, NoCollection, StorageError

__all__ = ["CONFIG_NAME", "FORMAT", "CollectionConfig", "ShipConfig", "read_config", "write_config"]

CONFIG_NAME = "collection.toml"
FORMAT = 1


class ShipConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where closed files go, and how long they stay here too; as a user wrote it."""

    to: str
    endpoint: str | None = None
    region: str | None = None
    keep: str = "all"
    free: str | None = None


class CollectionConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    operator: str | None = None
    ship: ShipConfig | None = None
    format: int = FORMAT


def read_config(path: Path) -> CollectionConfig:
    """The configuration of the collection at `path`; NoCollection when there is none, ConfigError when it is bad."""
    file = path / CONFIG_NAME
    try:
        config = msgspec.toml.decode(file.read_bytes(), type=CollectionConfig)
    except FileNotFoundError:
        raise NoCollection(path, "is not a wirecopy collection" if path.exists() else "does not exist") from None
    except NotADirectoryError:
        raise NoCollection(path, "is a file, not a directory") from None
    except OSError as error:
        raise NoCollection(path, f"cannot be read ({error.strerror})") from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise ConfigError(f"{file}: {error}") from error
    if config.format != FORMAT:
        raise ConfigError(
            f"{file}: format {config.format} is not known to this version, which writes format {FORMAT}: "
            "use the version that made the collection, or a newer one"
        )
    return config


def write_config(disk: Disk, path: Path, config: CollectionConfig) -> None:
    """Writes the configuration unless another process was first: whole, or not at all."""
    lines = ["# A wirecopy collection.", f"format = {config.format}", f"name = {json.dumps(config.name)}"]
    if config.operator:
        lines.append(f"operator = {json.dumps(config.operator)}")
    data = ("\n".join(lines) + "\n").encode()
    beside = path / f".{CONFIG_NAME}.{os.urandom(4).hex()}"
    fd = disk.create(beside)
    try:
        if disk.write(fd, data) != len(data):
            raise StorageError(beside, "the disk took only part of it")
        disk.sync(fd)
        disk.rename(beside, path / CONFIG_NAME)
        disk.sync_directory(path)
    except FileExistsError:
        pass
    finally:
        disk.close(fd)
        beside.unlink(missing_ok=True)
