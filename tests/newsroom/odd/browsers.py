"""What a real browser made of each odd response, as found by `browse`.

page      all of it is shown
part      its beginning is shown
redirect  the place it pointed to is shown
blank     an empty document is shown
garbled   something is shown, but not what was meant
none      the browser stays where it was, as with 204
error X   the browser shows an error of its own, ERR_X
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

__all__ = ["BROWSER", "FILE", "usable", "verdict"]

FILE = Path(__file__).with_name("verdicts.json")
_FOUND: dict[str, Any] = json.loads(FILE.read_text())

BROWSER: str = _FOUND["browser"]
"""Name and version, as the browser tells them."""


def verdict(name: str, scheme: Literal["http", "https"] = "http") -> str:
    found: str = _FOUND[scheme][name]
    return found


def usable(name: str, scheme: Literal["http", "https"] = "http") -> bool:
    """Whether a browser shows what the server meant, or as much of it as came: then a crawl must have it, too."""
    return verdict(name, scheme) in ("page", "part", "redirect")
