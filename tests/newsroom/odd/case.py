"""An odd response: what goes over the wire, and what is to be made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.newsroom.answers import Then

__all__ = ["Odd", "html", "odd", "sized"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """One case. Status, payload and truncation are what a lenient reader makes of the bytes."""

    name: str
    steps: tuple[bytes | float, ...]
    """Bytes to send as they are, or seconds to wait."""
    then: Then = "keep"
    status: int | None = 200
    """None where there is no valid status line."""
    payload: bytes | None
    """The entity body, transfer encodings removed and content encodings kept; None where opinions may differ."""
    truncated: Literal["disconnect"] | None = None
    """WARC-Truncated of the record. (A reader with limits of its own may have to add others.)"""
    interim: int = 0
    """How many 1xx heads come first."""

    @property
    def wire(self) -> bytes:
        return b"".join(step for step in self.steps if isinstance(step, bytes))


def html(name: str) -> bytes:
    """A page that shows whether its beginning and its end arrived."""
    return (
        f"<!doctype html><html><head><title>{name}</title></head>"
        f"<body><p>start of {name}</p><p>end of {name}</p></body></html>\n"
    ).encode()


def sized(body: bytes, *headers: bytes, status: bytes = b"HTTP/1.1 200 OK", kind: bytes = b"text/html") -> bytes:
    """A response with nothing odd but what the arguments bring."""
    lines = (status, *headers, b"Content-Type: " + kind, b"Content-Length: %d" % len(body), b"", body)
    return b"\r\n".join(lines)


def odd(
    name: str,
    *steps: bytes | float,
    body: bytes | None = None,
    then: Then = "keep",
    status: int | None = 200,
    truncated: Literal["disconnect"] | None = None,
    interim: int = 0,
) -> Odd:
    """A case whose payload is `body`, or its own page where none is given."""
    return Odd(
        name=name,
        steps=steps,
        then=then,
        status=status,
        payload=html(name) if body is None else body,
        truncated=truncated,
        interim=interim,
    )
