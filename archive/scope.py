"""Scope: which URLs a crawl may follow from its seed. Pure.

page     the seed alone
prefix   the seed's directory and all below it: of ``/news/today.html`` and of ``/news/`` everything under ``/news/``;
         a last segment without a dot is a directory itself
host     the seed's host (``www.`` counts as the same) and port
domain   everything below the domain that was registered, on any port
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self, get_args

from archive.urls import canonical, host_of, registrable_domain

__all__ = ["SCOPES", "Scope", "ScopeKind"]

ScopeKind = Literal["page", "prefix", "host", "domain"]
SCOPES: tuple[ScopeKind, ...] = get_args(ScopeKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The URLs a seed gives leave to follow."""

    kind: ScopeKind
    key: str
    """What a URL is compared with: a canonical key, the start of one, or a domain."""

    @classmethod
    def of(cls, seed: str, kind: ScopeKind) -> Self:
        """The scope of that kind around a seed. Raises ValueError when the seed is no http(s) URL."""
        if not host_of(seed):
            raise ValueError(f"not an http or https URL: {seed!r}")
        key = canonical(seed)
        if kind == "domain":
            key = registrable_domain(host_of(seed))
        elif kind == "host":
            key = _place(key)
        elif kind == "prefix":
            directory, _, last = key.partition("?")[0].rpartition("/")
            key = directory if "." in last and directory != "/" else f"{directory}/{last}".rstrip("/")
        return cls(kind=kind, key=key)

    def allows(self, url: str) -> bool:
        """Whether the URL lies within. Other schemes than http and https never do."""
        host = host_of(url)
        if not host:
            return False
        if self.kind == "domain":
            return registrable_domain(host) == self.key
        key = canonical(url)
        if self.kind == "page":
            return key == self.key
        if self.kind == "host":
            return _place(key) == self.key
        path = key.partition("?")[0]
        return path == self.key or path.startswith(f"{self.key}/")


def _place(key: str) -> str:
    """Host and port of a canonical key."""
    return key[2:].partition("/")[0]
