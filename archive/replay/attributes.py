"""What becomes of an attribute when its document is shown from the archive: HTML, XHTML and SVG alike. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from archive.replay import css
from archive.replay.links import NOWHERE, Links
from archive.requisites import CANDIDATE, IMAGE, IMAGES

__all__ = ["refresh", "rewrite"]

_LINKS: Final = frozenset(
    {"action", "background", "cite", "classid", "codebase", "data", "data-background", "data-bg", "data-poster"}
    | {"dynsrc", "formaction", "href", "icon", "longdesc", "lowsrc", "manifest", "poster", "profile", "xlink:href"}
    | {*IMAGE}
)
_SETS: Final = frozenset({*IMAGES, "imagesrcset"})
_STYLES: Final = frozenset(
    {"style", "clip-path", "cursor", "fill", "filter", "mask", "stroke"}
    | {"marker", "marker-end", "marker-mid", "marker-start"}
)
_DROPPED: Final = frozenset({"crossorigin", "integrity", "nonce", "ping", "referrerpolicy"})
"""What refers to bytes or origins that are others here."""
_REFRESH: Final = re.compile(r"(?P<before>[\s\d.]*[;,\s]\s*(?:url\s*=\s*)?)(?P<address>.+)", re.IGNORECASE | re.DOTALL)


def rewrite(name: str, value: str, links: Links, inner: Callable[[str], str]) -> str | None:
    """The attribute's value in the archive, None where it has no place there; `inner` rewrites ``srcdoc``."""
    if name in _LINKS:
        address = links.to(value)
        return "#" if address == NOWHERE and name.endswith("href") else address  # a click on it shall do nothing
    if name.startswith("on") or name in _DROPPED:
        return None
    if name in _SETS:
        return _each(value, links.to)
    if name in _STYLES:
        return css.rewrite(value, links.to)
    if name == "srcdoc":
        return inner(value)
    if name == "attributename" and value.strip().lower() in ("href", "xlink:href"):
        return None  # an animation would lead out
    return value


def refresh(content: str, links: Links) -> str:
    """The ``content`` of a ``meta`` refresh (HTML Standard, section 4.2.5.3): ``5; url='/there'``."""
    found = _REFRESH.fullmatch(content)
    if found is None:
        return content
    address = found["address"].strip()
    if address[:1] in ("'", '"'):
        address = address[1:].partition(address[0])[0]
    return f"{found['before']}{links.to(address)}"


def _each(value: str, to: Callable[[str], str]) -> str:
    out: list[str] = []
    done = 0
    for found in CANDIDATE.finditer(value):
        out += (value[done : found.start(1)], to(found[1]))
        done = found.end(1)
    return "".join([*out, value[done:]])
