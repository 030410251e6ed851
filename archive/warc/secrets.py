"""Credentials taken out of requests before they are archived: archives get shared. Pure."""

from __future__ import annotations

from collections.abc import Collection

__all__ = ["REDACTED", "hide"]

REDACTED = b"(redacted)"


def hide(request: bytes, names: Collection[bytes]) -> tuple[bytes, list[str]]:
    """The request with the values of these header fields (names in lower case) replaced, and the names as sent."""
    if not names:
        return request, []
    head, blank, body = request.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    hidden = []
    for number, line in enumerate(lines):
        name = line.partition(b":")[0].strip()
        if name.lower() in names:
            lines[number] = name + b": " + REDACTED
            hidden.append(name.decode("latin-1"))
    return b"\r\n".join([first, *lines]) + blank + body, hidden
