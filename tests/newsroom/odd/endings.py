"""Odd beginnings and endings: interim heads, surplus, broken connections, and what is no HTTP at all."""

from __future__ import annotations

from collections.abc import Iterator

from tests.newsroom.answers import Then, chunked
from tests.newsroom.odd.case import Odd, html, odd, sized

__all__ = ["CASES"]

_HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </assets/site.css>; rel=preload; as=style\r\n\r\n"
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
_UNTIL_CLOSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
_BEFORE_RESET = 0.05
"""A reset overtakes what is still on its way; this long it is not."""


def _interim() -> Iterator[Odd]:
    for name, heads in (
        ("interim-100", (_CONTINUE,)),
        ("interim-102", (b"HTTP/1.1 102 Processing\r\n\r\n",)),
        ("interim-103", (_HINTS,)),
        ("interim-many", (_CONTINUE, _HINTS) * 10),
        ("interim-bare-lf", (b"HTTP/1.1 100 Continue\n\n",)),
        ("interim-199", (b"HTTP/1.1 199 Miscellaneous\r\nX-Note: none\r\n\r\n",)),
    ):
        yield odd(name, b"".join(heads) + sized(html(name)), interim=len(heads))
    name = "interim-late"
    yield odd(name, _HINTS[:30], 0.05, _HINTS[30:], 0.05, sized(html(name)), interim=1)
    yield Odd(name="interim-only", steps=(_HINTS,), then="close", status=None, payload=None, interim=1)


def _surplus() -> Iterator[Odd]:
    stranger = sized(html("stranger"))
    for name, surplus in (
        ("surplus-crlf", b"\r\n"),
        ("surplus-junk", b"\0\0\0 left over from another page"),
        ("surplus-response", stranger),
        ("surplus-large", b"<!-- padding -->" * 12_500),
    ):
        yield odd(name, sized(html(name)) + surplus)
    yield odd("surplus-late", sized(html("surplus-late")), 0.1, stranger)
    yield odd("surplus-chunked", _CHUNKED + chunked(html("surplus-chunked")) + stranger)
    yield odd("surplus-zero-length", sized(b"") + html("surplus-zero-length"), body=b"")


def _cut(name: str, wire: bytes, then: Then, payload: bytes | None = None) -> Odd:
    """A response of which only `wire` comes."""
    return Odd(
        name=name,
        steps=(wire, _BEFORE_RESET) if then == "reset" else (wire,),
        then=then,
        status=None if payload is None else 200,
        payload=payload,
        truncated="disconnect",
    )


def _broken() -> Iterator[Odd]:
    ways: tuple[tuple[str, Then], ...] = (("fin", "close"), ("reset", "reset"))
    for way, then in ways:
        body = html(f"{way}-mid-body")
        yield _cut(f"{way}-mid-body", sized(body)[:-40], then, body[:-40])
        body = html(f"{way}-mid-chunk")
        yield _cut(f"{way}-mid-chunk", (_CHUNKED + chunked(body))[:-47], then, body[:-40])
        yield _cut(f"{way}-mid-head", _UNTIL_CLOSE[:-8], then)
        yield _cut(f"{way}-mid-status", _UNTIL_CLOSE[:11], then)
        yield Odd(name=f"{way}-empty", steps=(), then=then, status=None, payload=None)
    body = html("fin-no-last-chunk")
    yield _cut("fin-no-last-chunk", (_CHUNKED + chunked(body))[:-5], "close", body)
    body = html("reset-until-close")
    yield _cut("reset-until-close", _UNTIL_CLOSE + body, "reset", body)
    yield odd("drop-until-close", _UNTIL_CLOSE + html("drop-until-close"), then="drop")


def _slow() -> Iterator[Odd]:
    name = "slow-body"
    message = sized(html(name))
    steps: list[bytes | float] = []
    for at in range(0, len(message), 25):
        steps += [message[at : at + 25], 0.02]
    yield odd(name, *steps)
    name = "byte-by-byte"
    message = sized(html(name))
    yield odd(name, *(message[at : at + 1] for at in range(len(message))))
    line = b"<p>The tide comes in, and there is always more of it to come.</p>\n" * 150
    start = html("endless")
    yield Odd(name="endless", steps=(_UNTIL_CLOSE + start, *[line] * 300), then="close", payload=start + line * 300)


def _other_protocols() -> Iterator[Odd]:
    for name, raw in (
        ("http-0.9", html("http-0.9")),
        ("garbage", bytes(range(256))),
        ("ssh", b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"),
        ("one-byte", b"H"),
        ("lines-bare-cr", sized(html("lines-bare-cr")).replace(b"\r\n", b"\r")),
        ("tls-alert", b"\x15\x03\x01\x00\x02\x02\x46"),
    ):
        yield Odd(name=name, steps=(raw,), then="close", status=None, payload=None)


CASES = (*_interim(), *_surplus(), *_broken(), *_slow(), *_other_protocols())
