"""What goes out: a status, headers, and bytes or a stream of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

__all__ = ["REASONS", "Asking", "Response", "html", "partial", "redirect"]

REASONS: Final = {status.value: status.phrase for status in HTTPStatus}

_RANGE: Final = re.compile(r"\s*bytes\s*=\s*(?P<first>\d*)\s*-\s*(?P<last>\d*)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A request, as far as it matters here."""

    target: str
    """Path and query as sent."""
    host: str
    """Name and port by which the client knows this server."""
    headers: Mapping[str, str]
    """By names in lower case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | Iterable[bytes] = b""
    length: int | None = None
    """Of a body that comes in pieces, where it is known."""

    @property
    def size(self) -> int | None:
        return len(self.body) if isinstance(self.body, bytes) else self.length


def html(page: str, status: int = 200, *headers: tuple[str, str]) -> Response:
    return Response(status=status, headers=(("Content-Type", "text/html; charset=utf-8"), *headers), body=page.encode())


def redirect(location: str, *headers: tuple[str, str]) -> Response:
    return Response(status=302, headers=(("Location", location), *headers))


def partial(response: Response, wanted: str | None) -> Response:
    """The part that a Range header asks for (RFC 9110, section 14.2): one of bytes, of a whole answer of known size."""
    size = response.size
    found = _RANGE.fullmatch(wanted) if wanted else None
    if found is None or size is None or response.status != 200 or not (found["first"] or found["last"]):
        return response
    if found["first"]:
        first, last = int(found["first"]), min(int(found["last"] or size), size - 1)
        if found["last"] and int(found["last"]) < first:
            return response  # no valid range: as if it were not there
    else:
        first, last = max(size - int(found["last"]), 0), size - 1
    kept = tuple((name, value) for name, value in response.headers if name.lower() != "content-length")
    if first > last:
        return Response(status=416, headers=(*kept, ("Content-Range", f"bytes */{size}")))
    return replace(
        response,
        status=206,
        headers=(*kept, ("Content-Range", f"bytes {first}-{last}/{size}")),
        body=_within(response.body, first, last + 1),
        length=last + 1 - first,
    )


def _within(body: bytes | Iterable[bytes], start: int, stop: int) -> bytes | Iterator[bytes]:
    return body[start:stop] if isinstance(body, bytes) else _pieces(body, start, stop)


def _pieces(body: Iterable[bytes], start: int, stop: int) -> Iterator[bytes]:
    at = 0
    for piece in body:
        if (part := piece[max(start - at, 0) : stop - at]) and at < stop:
            yield part
        at += len(piece)
        if at >= stop:
            return
