"""Where a response sends the client (RFC 9110, section 15.4). Pure."""

from __future__ import annotations

from urllib.parse import urljoin

from archive.http import Head
from archive.urls import request_uri

__all__ = ["redirect_target"]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def redirect_target(url: str, head: Head | None) -> str | None:
    """The URL a redirect of `url` leads to, as it would be asked for; None when it is none, or leads nowhere."""
    location = head.get(b"location") if head is not None and head.status in _REDIRECTS else None
    if not location:
        return None
    try:
        return request_uri(urljoin(url, _text(location)))
    except ValueError:
        return None


def _text(location: bytes) -> str:
    """Servers send UTF-8 where only ASCII is allowed; whatever is not UTF-8 either keeps its bytes."""
    try:
        return location.decode()
    except UnicodeDecodeError:
        return location.decode("latin-1")
