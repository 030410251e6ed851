"""The kinds of store there are, and the one way to open one. An opened one is kept: it has connections to use again."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from archive.storage.address import Address
from archive.storage.directory import DirectoryStore
from archive.storage.port import Store

__all__ = ["STORES", "open_store"]


def _s3(address: Address) -> Store:
    from archive.storage.s3 import S3Store  # with a library that not everybody has

    return S3Store(address)


STORES: Final[dict[str, Callable[[Address], Store]]] = {"directory": DirectoryStore, "s3": _s3}


@lru_cache(maxsize=16)
def open_store(address: Address) -> Store:
    """ConfigError when it cannot be asked: no credentials, no library."""
    return STORES[address.scheme](address)
