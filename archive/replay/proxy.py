"""Requests to the proxy -> the archived bytes, of one collection.

A request gets what the server said to the same method, URL and body, nearest to the time that it asks for, or that the
proxy was started with; else what was said last. A 304 is no page, and answers nobody; who asks on a condition gets the
whole. What the archive does not have is said with status 504, as of a cache that may ask nobody (RFC 9111, section
5.2.1.7), and the header ``X-Archive-Miss``.

Only two answers are made of archived ones: a range of bytes of a whole body, and leave to ask across origins (CORS),
for a browser that asks for it first where a crawler need not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from archive.errors import ConfigError, DamagedRecord, NotFound
from archive.http import Head
from archive.model import Capture
from archive.replay import memento, response
from archive.replay.address import is_at
from archive.replay.display import NotShown
from archive.replay.ownpages import message
from archive.replay.replay import Resolvers, beside
from archive.replay.response import Response
from archive.replay.tally import Tally
from archive.replay.wire import Message, as_sent, made
from archive.resolve import Answer, Policy, Resolver, choose
from archive.since import parse_moment
from archive.spool import kept, streamed

__all__ = ["Proxy", "Wanted"]

_NEAR: Final = 10
_OURS: Final = (
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
)
_OF_THE_WHOLE: Final = frozenset({b"content-length", b"transfer-encoding", b"trailer", b"connection", b"content-md5"})
"""Headers that a part of a body cannot have as the whole has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request to the proxy."""

    method: str
    url: str
    headers: Mapping[str, str]
    """By names in lower case."""
    body: bytes = b""


class Proxy:
    """Answers for one collection, to many threads at a time.

    at, policy   the time that is meant where a request names none, and which captures will do for it
    dated        adds Memento-Datetime and Link to what was archived, whose heads are not the exact ones then
    """

    def __init__(
        self,
        resolvers: Resolvers,
        tally: Tally,
        *,
        at: datetime | None = None,
        policy: Policy = "closest",
        dated: bool = False,
    ) -> None:
        self._resolvers = resolvers
        self._tally = tally
        self._at = at
        self._policy: Policy = policy
        self._dated = dated

    def respond(self, wanted: Wanted) -> Message:
        try:
            at = _asked_for(wanted.headers.get("accept-datetime")) or self._at
        except ConfigError as error:
            return _said(wanted, 400, "Cannot be asked for", str(error))
        methods = ("GET", "HEAD") if wanted.method == "HEAD" else (wanted.method,)
        with self._resolvers.one() as resolver:
            captures = _captures(resolver, wanted.url)
            try:
                for capture in choose(captures, at, self._policy):
                    if any(resolver.is_for(capture, method, wanted.body) for method in methods):
                        found = self._found(resolver.answer(capture), wanted)
                        self._tally.answered()
                        return found
            except NotShown as error:
                self._tally.missed(wanted.method, wanted.url)
                return _miss(wanted, "not-shown", f"was captured, and cannot be shown: {error}", captures, at)
            except (DamagedRecord, NotFound) as error:
                self._tally.missed(wanted.method, wanted.url)
                return _miss(wanted, "unreadable", f"was captured, and cannot be read: {error}", captures, at)
            if captures and _asks_leave(wanted):
                return made(_leave(wanted))
            self._tally.missed(wanted.method, wanted.url)
            near = captures or resolver.alike(wanted.url) or beside(resolver, wanted.url)
            why = "is not in the archive" if not captures else f"is not there for {wanted.method} as it was asked"
            return _miss(wanted, "not-captured", why, near, at)

    def _found(self, answer: Answer, wanted: Wanted) -> Message:
        head = None if answer.capture.truncated else answer.head
        also = _dates(answer.capture) if self._dated else ()
        if head is not None and head.status == 200 and wanted.method == "GET" and _may_be_cut(wanted, head):
            body = kept(answer.payload())
            whole = Response(
                headers=(*_of_any_part(head), *also),
                body=body if isinstance(body, bytes) else streamed(body),
                length=len(body),
            )
            part = response.partial(whole, wanted.headers["range"])
            if part is not whole:
                return made(part)
        return as_sent(answer, wanted.method, also)


def _asked_for(value: str | None) -> datetime | None:
    """A date as RFC 7089 has it, which is one of whole seconds; or of RFC 3339, with fractions."""
    try:
        return memento.accepted(value)
    except ConfigError:
        with suppress(ConfigError):
            return parse_moment(value or "", datetime.now(UTC))
        raise


def _captures(resolver: Resolver, url: str) -> list[Capture]:
    """Captures of this URL, also where another archiver spelled it in its own way; of none that is only like it."""
    captures = resolver.captures(url) or [capture for capture in resolver.alike(url) if is_at(capture, url)]
    return [capture for capture in captures if capture.status != 304]


def _may_be_cut(wanted: Wanted, head: Head) -> bool:
    """Whether a part is asked for, of just this body (RFC 9110, section 13.1.5)."""
    condition = wanted.headers.get("if-range")
    marks = {value.decode("latin-1") for name in (b"etag", b"last-modified") for value in head.all(name)}
    return "range" in wanted.headers and (condition is None or condition in marks)


def _of_any_part(head: Head) -> Iterator[tuple[str, str]]:
    for name, value in head.headers:
        if name.lower() not in _OF_THE_WHOLE:
            yield name.decode("latin-1"), value.decode("latin-1")


def _dates(capture: Capture) -> tuple[tuple[str, str], ...]:
    """RFC 7089, section 4.1.3: the URL is its own TimeGate, and its mementos have no URLs of their own."""
    return (
        ("Memento-Datetime", memento.http_date(capture.date)),
        ("Link", f'<{capture.url}>; rel="original timegate"'),
        ("Vary", "accept-datetime"),
    )


def _asks_leave(wanted: Wanted) -> bool:
    asks = wanted.headers
    return wanted.method == "OPTIONS" and "origin" in asks and "access-control-request-method" in asks


def _leave(wanted: Wanted) -> Response:
    """The answer to a CORS preflight; whether the page may read what then comes is in the archived headers."""
    asks = wanted.headers
    return Response(
        status=204,
        headers=(
            ("Access-Control-Allow-Origin", asks["origin"]),
            ("Access-Control-Allow-Methods", asks["access-control-request-method"]),
            ("Access-Control-Allow-Headers", asks.get("access-control-request-headers", "")),
            ("Access-Control-Allow-Credentials", "true"),
            ("X-Archive-Miss", "preflight"),
        ),
    )


def _miss(wanted: Wanted, kind: str, why: str, near: list[Capture], at: datetime | None) -> Message:
    text = f"{wanted.url} {why}. The proxy answers from the archive only, and asked nobody."
    status = 504 if kind == "not-captured" else 502
    title = "Not in the archive" if kind == "not-captured" else "Cannot be shown"
    return _said(wanted, status, title, text, near, at, ("X-Archive-Miss", kind))


def _said(
    wanted: Wanted,
    status: int,
    title: str,
    text: str,
    near: list[Capture] | None = None,
    at: datetime | None = None,
    *headers: tuple[str, str],
) -> Message:
    nearest = sorted(choose(near or [], at)[:_NEAR], key=lambda capture: (capture.url, capture.date))
    page = message(title, text, nearest, lambda capture: capture.url)
    return made(response.html(page, status, *_OURS, *headers), wanted.method)
