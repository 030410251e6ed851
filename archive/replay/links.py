"""Where a reference in an archived document leads within the archive. Pure.

References are resolved as browsers do (URL Standard, sections 4.4 and 4.5) and become paths of the replay server:
``/20261123101500/https://news.example/style.css``. What stays within the page (``#top``) or is in it (``data:``) stays
as it is; what would run, or leave by another protocol, leads nowhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urljoin

from archive.urls import request_uri

__all__ = ["NOWHERE", "Links"]

NOWHERE: Final = "about:invalid"

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=:)")
_KEPT: Final = frozenset({"about", "data", "mailto", "tel"})
_AROUND: Final = "".join(map(chr, range(0x21)))
_IN_FRAGMENT: Final = "!$%&'()*+,-./:;=?@_~#[]^{|}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The references of one document."""

    base: str
    """The URL that they are relative to."""
    stamp: str
    """14 digits: the time at which the linked captures are wanted."""

    def to(self, reference: str) -> str:
        """The reference for use in the archive."""
        plain = _plain(reference)
        if not plain or plain.startswith("#"):
            return reference
        if (scheme := _SCHEME.match(plain)) and scheme[0].lower() not in ("http", "https"):
            return reference if scheme[0].lower() in _KEPT else NOWHERE
        address, hash_, fragment = plain.partition("#")
        try:
            url = self._joined(address)
        except ValueError:  # no address, neither here nor in a browser
            return NOWHERE
        return f"/{self.stamp}/{url}{hash_}{quote(fragment, safe=_IN_FRAGMENT, errors='replace')}"

    def absolute(self, reference: str) -> str:
        """The URL that it means; the base itself where it means none."""
        try:
            return self._joined(_plain(reference))
        except ValueError:
            return self.base

    def _joined(self, address: str) -> str:
        return request_uri(urljoin(self.base, _slashes(address)))


def _plain(reference: str) -> str:
    return re.sub(r"[\t\r\n]", "", reference.strip(_AROUND))


def _slashes(address: str) -> str:
    """Browsers take backslashes before the query for slashes, and any number of them behind the scheme for two."""
    path, mark, query = address.partition("?")
    path = path.replace("\\", "/")
    path = re.sub(r"^(https?:)?/{2,}", lambda start: f"{start[1] or ''}//", path, flags=re.IGNORECASE)
    return path + mark + query
