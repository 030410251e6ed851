"""The same article in other languages, as its page names them: HTML's link type "alternate" with hreflang. Pure.

It is the page's own word: whether the other names this one back, or is archived, is not looked at. ``x-default`` is no
language, and what has the type of a feed or the like is no article.
"""

from __future__ import annotations

import re
from typing import Final

from archive.extract.page import Page
from archive.urls import canonical, request_uri

__all__ = ["translations"]

_TAG: Final = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)
_PAGES: Final = frozenset({"", "text/html", "application/xhtml+xml"})
_MOST: Final = 100
"""The largest newsrooms have some fifty; hostile pages have thousands."""


def translations(page: Page) -> dict[str, str]:
    """Language tags in lower case, as ``de`` or ``pt-br``, to absolute addresses, sorted; the first of each."""
    named = [link for link in page.survey.all("link") if link.get("hreflang") and link.get("href")]
    if not named:
        return {}
    own = {canonical(url) for url in page.own}
    found: dict[str, str] = {}
    for link in named[:_MOST]:
        tag = link.get("hreflang", "").strip()
        where = _address(page.absolute(link.get("href", "").strip()))
        if (
            "alternate" in (link.get("rel") or "").lower().split()
            and (link.get("type") or "").strip().lower() in _PAGES
            and _TAG.fullmatch(tag)
            and where
            and canonical(where) not in own
        ):
            found.setdefault(tag.replace("_", "-").lower(), where)
    return dict(sorted(found.items()))


def _address(where: str) -> str | None:
    try:
        return request_uri(where) if where.startswith(("https://", "http://")) else None
    except ValueError:
        return None
