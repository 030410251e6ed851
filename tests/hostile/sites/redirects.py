"""Redirects that lead nowhere, or nowhere good."""

from __future__ import annotations

from typing import Any

from tests.hostile.case import Case, Record, Respond
from tests.hostile.site import html, page, raw, redirect
from tests.newsroom.answers import Answer, Request

__all__ = ["CASES"]

_PATH = "/news/where-this-leads-nobody-knows"


def _only(to: str, status: int = 302) -> Respond:
    return lambda request: redirect(to, status) if request.path.startswith(_PATH) else None


def _ring(request: Request) -> Answer | None:
    if not request.path.startswith(_PATH):
        return None
    number = int(request.path.removeprefix(_PATH).lstrip("/") or 0)
    return redirect(f"{_PATH}/{(number + 1) % 3}", 301)


def _chain(request: Request) -> Answer | None:
    if not request.path.startswith(_PATH):
        return None
    number = int(request.path.removeprefix(_PATH).lstrip("/") or 0)
    return redirect(f"{_PATH}/{number + 1}", 307)


def _ever_new(request: Request) -> Answer | None:
    if not request.path.startswith(_PATH):
        return None
    return redirect(f"{_PATH}-{abs(hash((request.path, request.query))):x}?from={request.path[-20:]}")


def _refresh(request: Request) -> Answer | None:
    if not request.path.startswith(_PATH):
        return None
    number = int(request.path.removeprefix(_PATH).lstrip("/") or 0)
    head = f'<meta http-equiv="refresh" content="0; url={_PATH}/{number + 1}">'
    return page(html("One moment", "<p>You are being taken there.</p>", head), request)


def _endless(request: Request) -> Answer | None:
    if request.path != _PATH:
        return None
    head = b"HTTP/1.1 302 Found\r\nLocation: /\r\nConnection: close\r\n\r\n"
    return Answer(steps=[head, *[b"<p>Moved. " * 6000] * 60], then="close")


def _case(name: str, does: str, respond: Respond, **more: Any) -> Case:
    return Case(
        **{
            "name": name,
            "does": does,
            "respond": respond,
            "links": (_PATH,),
            "record": Record(path=_PATH, status=302),
            "most": 24,
            **more,
        }
    )


CASES = (
    _case(
        "redirect-self", "redirects a page to itself", _only(_PATH), failure="redirects in a circle", limit="redirects"
    ),
    _case(
        "redirect-ring",
        "redirects from one page to the next, and the last to the first",
        _ring,
        record=Record(path=_PATH, status=301),
        failure="redirects in a circle",
        limit="redirects",
    ),
    _case(
        "redirect-chain",
        "redirects on and on, counting",
        _chain,
        record=Record(path=_PATH, status=307),
        failure="redirects",
        limit="redirects",
    ),
    _case(
        "redirect-ever-new",
        "has a hundred stories that redirect to addresses that never were before, for ever",
        _ever_new,
        links=tuple(f"{_PATH}-{n}" for n in range(100)),
        record=Record(path=f"{_PATH}-0", status=302),
        failure="redirects",
        limit="failures",
        most=110,
    ),
    _case(
        "refresh-chain",
        "sends readers on by a refresh in the page's head, for ever",
        _refresh,
        record=Record(path=_PATH),
        label="thin",
        junk=11,
        failure="redirects",
        limit="redirects",
    ),
    _case("redirect-nowhere", "redirects to what is no address: http://[", _only("http://[")),
    _case(
        "redirect-scheme", "redirects to a file of the reader's own: file:///etc/passwd", _only("file:///etc/passwd")
    ),
    _case("redirect-script", "redirects to a script: javascript:alert(1)", _only("javascript:alert(1)")),
    _case(
        "redirect-giant", "redirects to an address of 100,000 characters", _only("/" + "x" * 100_000), limit="length"
    ),
    _case(
        "redirect-no-host",
        "redirects to a name that is none",
        _only("http://..../"),
    ),
    _case(
        "redirect-endless",
        "redirects, and goes on talking in the body",
        _endless,
        record=Record(path=_PATH, status=302, truncated="length"),
        failure="max size",
    ),
    _case(
        "redirect-no-target",
        "redirects without saying where to",
        lambda request: raw(b"HTTP/1.1 302 Found", b"Content-Length: 0") if request.path == _PATH else None,
    ),
)
