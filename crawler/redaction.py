"""What stays out of logs and records of a crawl: credentials in URLs, and what settings with telling names hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

__all__ = ["HIDDEN", "hide", "is_secret", "secrets"]

HIDDEN: Final = "(redacted)"
_SECRET_NAME: Final = re.compile(
    r"(?:^|[_-])(?:pass(?:word|wd)?|secret|token|key|auth(?:orization)?|cookie)(?:$|[_-])", re.IGNORECASE
)
_USER_IN_URL: Final = re.compile(r"(?<=://)[^/@\s]+@")
_SHORTEST: Final = 4
"""Characters of a value that is looked for in lines: a shorter one hides nothing, and would spoil them."""


def is_secret(name: str) -> bool:
    """Whether a setting or header field of this name holds one."""
    return bool(_SECRET_NAME.search(name))


def hide(text: str, values: Collection[str] = ()) -> str:
    """The text without users and passwords in URLs, and without these values."""
    if "@" in text:
        text = _USER_IN_URL.sub(f"{HIDDEN}@", text)
    for value in values:
        if value in text:
            text = text.replace(value, HIDDEN)
    return text


def secrets(settings: Mapping[str, Any]) -> frozenset[str]:
    """The values in settings, and in tables within them, that are not to be shown."""
    return frozenset(value for value in _values(settings) if len(value) >= _SHORTEST)


def _values(settings: Mapping[Any, Any]) -> Iterator[str]:
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _values(value)
        elif isinstance(value, (str, bytes)) and is_secret(str(name)):
            yield value.decode("latin-1") if isinstance(value, bytes) else value
