"""Which header fields of a request carry credentials that the user configured, and so stay out of the archive.

Authorization and Proxy-Authorization always do. A Cookie field does where DEFAULT_REQUEST_HEADERS names it, or where
whoever filled it in says so in ``request.meta["wirecopy_secrets"]``, as any field may be named there. Cookies that a
site set in the course of the crawl are no secret of the user's: they are in the archive already, in its responses.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.settings import BaseSettings

__all__ = ["META", "REDACTION", "Secrets", "redacts"]

META = "wirecopy_secrets"
"""Key in request.meta: header names, bytes in lower case, whose values are not to be archived."""

REDACTION = (
    'Authorization, Proxy-Authorization, configured cookies, fields from the environment: their values are "(redacted)"'
)
"""As warcinfo tells it."""

_ALWAYS = frozenset([b"authorization", b"proxy-authorization"])


def redacts(settings: BaseSettings) -> bool:
    return settings.getbool("WIRECOPY_REDACT", True)


class Secrets:
    """What a crawl's settings ask to keep to ourselves."""

    def __init__(self, settings: BaseSettings) -> None:
        self._on = redacts(settings)
        names = {str(name).lower() for name in settings.getdict("DEFAULT_REQUEST_HEADERS")}
        self._fields = _ALWAYS | {b"cookie"} if "cookie" in names else _ALWAYS

    def of(self, request: Request) -> frozenset[bytes]:
        """Names in lower case."""
        if not self._on:
            return frozenset()
        named = request.meta.get(META)
        return self._fields | frozenset(named) if named else self._fields
