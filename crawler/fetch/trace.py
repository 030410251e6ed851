"""How a request came about, as its metadata record will tell. Pure."""

from __future__ import annotations

from dataclasses import replace

from scrapy import Request

from archive.model import Discovery
from archive.urls import request_uri

__all__ = ["discovery_of"]

_SEED = Discovery()
_ROBOTS = Discovery(hops="P")


def discovery_of(request: Request, obeys: str | None = None) -> Discovery:
    """What request.meta["wirecopy"] says; else what Scrapy knows. Each redirect since adds an R.

    With whom the host's robots.txt refuses the page to, what its tdmrep.json reserves it by, and the name under which
    the crawl `obeys` what pages ask.
    """
    found = _found(request)
    refused: tuple[str, ...] = request.meta.get("wirecopy_refused", ())
    reserved: str | None = request.meta.get("wirecopy_reserved")
    if not (refused or reserved or obeys):
        return found
    return replace(found, refused=refused, reserved=reserved, obeys=obeys)


def _found(request: Request) -> Discovery:
    meta = request.meta
    redirects: list[str] = meta.get("redirect_urls", [])
    found: Discovery | None = meta.get("wirecopy")
    if found is None:
        first = redirects[0] if redirects else request.url
        if meta.get("dont_obey_robotstxt") and first.endswith(("/robots.txt", "/.well-known/tdmrep.json")):
            found = _ROBOTS
        elif depth := meta.get("depth", 0):
            referer = request.headers.get(b"Referer")
            found = Discovery(via=referer.decode("latin-1") if referer else None, hops="L" * depth)
        else:
            found = _SEED
    if not redirects:
        return found
    return replace(found, via=request_uri(redirects[-1]), hops=found.hops + "R" * len(redirects))
