"""What the proxy says at its own address, a name that no site can have (RFC 2606): how to use it, and what is missing.

Pure, but for what the tally has counted by then.
"""

from __future__ import annotations

from html import escape
from typing import Final

from archive.replay import response
from archive.replay.ownpages import page
from archive.replay.response import Response
from archive.replay.tally import Tally

__all__ = ["HOST", "Welcome"]

HOST: Final = "wirecopy.invalid"
_SHOWN: Final = 200
_GUARDS: Final = (
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
)
"""Archived pages run scripts beside these: they may neither frame nor read them."""


class Welcome:
    """certificate   what a client has to trust for https, PEM
    as_of            the time that is meant where a request names none, in words
    """

    def __init__(self, tally: Tally, certificate: bytes, as_of: str) -> None:
        self._tally = tally
        self._certificate = certificate
        self._as_of = as_of

    def respond(self, path: str) -> Response:
        match path.partition("?")[0]:
            case "/":
                return response.html(self._start(), 200, *_GUARDS)
            case "/certificate.pem":
                kind = ("Content-Type", "application/x-x509-ca-cert")
                name = ("Content-Disposition", 'inline; filename="wirecopy-proxy.pem"')
                return Response(headers=(kind, name, *_GUARDS), body=self._certificate)
            case "/misses.txt":
                text = "".join(f"{url}\n" for url in self._tally.urls.copy())
                return Response(headers=(("Content-Type", "text/plain; charset=utf-8"), *_GUARDS), body=text.encode())
            case _:
                said = page("Nothing here", "<h1>Nothing here</h1><p>The proxy’s own page is <a href='/'>/</a>.</p>")
                return response.html(said, 404, *_GUARDS)

    def _start(self) -> str:
        tally = self._tally
        newest = list(tally.urls.copy())[-_SHOWN:][::-1]
        missed = "".join(f'<li class="url">{escape(url)}</li>' for url in newest)
        listed = f'<h2>Asked for, and not in the archive</h2><ul>{missed}</ul><p><a href="/misses.txt">All</a></p>'
        title = "wirecopy proxy"
        return page(
            title,
            f"<h1>{title}</h1><p>What comes through this proxy comes from the archive, {escape(self._as_of)}; nobody "
            f"else is asked. {tally.answers} answers so far, {tally.misses} requests for what is not there.</p>"
            '<p>For https, have your client trust <a href="/certificate.pem">this certificate</a>: '
            "in a profile that you use for the archive only.</p>" + (listed if newest else ""),
        )
