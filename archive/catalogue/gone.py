"""Whether a capture in an article's place says that it is gone, and where to. Pure.

Deleted is what the server says is not there (404, 410, 451), what has become an error page by another name, and what
sends its readers to the front page or a section. Any other redirect, and a page that claims to be another, is a move;
but not one to a login or a consent form, which everything leads to for a while.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from archive.catalogue.looks import Look

__all__ = ["Gone", "gone"]

_GONE: Final = frozenset({404, 410, 451})
_FRONT: Final = re.compile(r"//[^/]+/(?:index\.\w+|home|[a-z]{2}(?:-[a-z]{2})?)?/?", re.IGNORECASE)
_FORM: Final = re.compile(
    r"//(?:log-?in|sign-?in|auth|accounts?|consent|id|sso|cmp|captcha)\."
    r"|/(?:log-?in|sign-?(?:in|up)|auth|consent|register|subscri(?:be|ptions?)|accounts?|paywall|captcha|challenge)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    kind: Literal["deleted", "moved"]
    target: str | None
    """Canonical key of the URL where it is now, or where the page of what is deleted leads."""


def gone(key: str, look: Look, places: Collection[str]) -> Gone | None:
    """What a capture that does not show the article of `key` says of it; `places`: where it has been seen."""
    if look.status in _GONE:
        return Gone(kind="deleted", target=None)
    if look.redirect:
        return _led_to(key, look.redirect, places)
    readings = [each for each in look.sightings if not each.failed]
    if not readings:
        return None
    if "soft-404" in readings[-1].labels:
        return Gone(kind="deleted", target=None)
    claims = next((each.key for each in readings if each.is_article and each.is_whole), readings[-1].key)
    if readings[-1].is_article:
        return None if _FRONT.fullmatch(claims) else _led_to(key, claims, places)
    return Gone(kind="deleted", target=claims) if claims != look.place and _FRONT.fullmatch(claims) else None


def _led_to(key: str, target: str, places: Collection[str]) -> Gone | None:
    if target == key or target in places or _FORM.search(target):
        return None
    section = key.startswith(f"{target.removesuffix('/')}/")
    return Gone(kind="deleted" if section or _FRONT.fullmatch(target) else "moved", target=target)
