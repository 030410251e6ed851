"""Small on the wire, and large once unpacked or parsed."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

from tests.hostile.case import Case, Record, Respond
from tests.hostile.site import ok
from tests.newsroom.answers import Answer, Request

__all__ = ["CASES"]

_PATH = "/news/this-story-is-larger-than-it-looks"


@cache
def _blanks() -> bytes:
    return gzip.compress(b" " * 20_000_000, 9, mtime=0)


@cache
def _nested() -> bytes:
    return gzip.compress(_blanks(), 9, mtime=0)


@cache
def _deflated() -> bytes:
    return zlib.compress(b"<p>" * 7_000_000, 9)


def _coded(coding: bytes, body: Callable[[], bytes]) -> Respond:
    def respond(request: Request) -> Answer | None:
        return ok(body(), b"Content-Encoding: " + coding) if request.path == _PATH else None

    return respond


def _case(name: str, does: str, respond: Respond, **more: Any) -> Case:
    return Case(
        **{
            "name": name,
            "does": does,
            "respond": respond,
            "links": (_PATH,),
            "record": Record(path=_PATH),
            "failure": "unpacks to more than",
            "limit": "unpacked",
            "most": 10,
            **more,
        }
    )


CASES = (
    _case("gzip-bomb", "sends a page that gzip made a thousandth of", _coded(b"gzip", _blanks)),
    _case(
        "gzip-nested",
        "sends a page that went through gzip twice",
        _coded(b"gzip, gzip", _nested),
    ),
    _case("deflate-bomb", "sends a page that deflate made a thousandth of", _coded(b"deflate", _deflated)),
    _case(
        "codings",
        "says that its page went through gzip 200 times",
        _coded(b", ".join([b"gzip"] * 200), lambda: gzip.compress(b"<p>Hello</p>", mtime=0)),
        label="thin",
        junk=1,  # the archive's reader takes it off all the same
        failure="packed 200 times",
    ),
    _case(
        "gzip-members",
        "sends a page of 50,000 gzip members with nothing in them",
        _coded(b"gzip", lambda: gzip.compress(b"", mtime=0) * 50_000),
        failure=None,
        limit=None,
    ),
)
