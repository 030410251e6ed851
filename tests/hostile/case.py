"""One hostile site, as data: what it does, and what is expected of a crawl that meets it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from archive.model import Truncation
from tests.newsroom.answers import Answer, Request

__all__ = ["Case", "Record", "Respond"]

Respond = Callable[[Request], Answer | None]
"""None: as the site's honest part does (`tests.hostile.site.honest`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the archive has of the hostile answer."""

    path: str
    status: int | None = 200
    """None where what came has no valid status line."""
    truncated: Truncation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    name: str
    """Also the first part of its host's name."""
    does: str
    respond: Respond
    links: tuple[str, ...] = ()
    """What the front page links to beside its three stories, as headlines do."""
    head: str = ""
    """What else stands in the head of the front page."""
    start: str = "/"
    scheme: Literal["http", "https"] = "http"
    wire: Callable[[socket.socket], None] | None = None
    """Instead of answers: what happens on a connection."""
    record: Record | None = None
    """None where nothing came that could be recorded."""
    most: int = 60
    """As many exchanges at most, tries and redirects counted."""
    stories: bool = True
    """Whether its three honest stories reach the text feed all the same."""
    junk: int = 0
    """Other articles of the site that the feed has at most."""
    label: str | None = None
    """Of the article that `record.path` holds; with a label it is left out of the feed."""
    shown: bool = False
    """Whether the feed has that page when walls are asked for."""
    limit: str | None = None
    """The limit that the report names for this host …"""
    failure: str | None = None
    """… or part of what it says of the page that could not be had."""
