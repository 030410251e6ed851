"""What an answer is, told by its bytes: neither its URL nor its Content-Type is believed. Pure."""

from __future__ import annotations

import re
from typing import Literal

from archive.sniff import sniff
from crawler.discovery import jsonlist, markup, payload, sitemaps
from crawler.discovery.candidates import Listing
from crawler.discovery.feeds import read as read_feed

__all__ = ["Form", "form_of", "listing"]

Form = Literal["feed", "json", "sitemap", "list", "page", "other"]

_ROOTS: dict[str, Form] = {
    "rss": "feed",
    "feed": "feed",
    "rdf": "feed",
    "channel": "feed",
    "urlset": "sitemap",
    "sitemapindex": "sitemap",
}
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(rss|feed|rdf|channel|urlset|sitemapindex)(?=[\s/>])", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)(?=[\s>])", re.IGNORECASE)
_LOOKED_AT = 20_000
_NO_TEXT = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip", "application/ogg")


def form_of(data: bytes, content_type: str | None = None) -> Form:
    """The form of a payload (content encodings removed; gzip files are looked into)."""
    start, _ = payload.inflate(data, _LOOKED_AT)
    if not start.strip():
        return "other"
    kind = sniff(start)
    if kind and kind.startswith(_NO_TEXT):
        return "other"
    text = payload.decode(start, content_type)
    html = _HTML.search(text)
    # A warning printed before the declaration is common; a feed's name within a page is not its root.
    root = _ROOT.search(text, markup.start_of(text)) or _ROOT.search(text)
    if root and (html is None or root.start() < html.start()):
        return _ROOTS[root[1].lower()]
    if html:
        return "page"
    if kind is None:
        return "other"
    if kind == "application/json" or text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return "json" if jsonlist.is_list(data) else "other"
    if kind in ("text/html", "application/xhtml+xml"):
        return "page"
    return "list" if sitemaps.is_list(text) else "other"


def listing(data: bytes, *, url: str, content_type: str | None = None, loaded: bool = False) -> Listing | None:
    """What a feed, sitemap or list names; None when the answer is none of these.

    `loaded`: JSON is what a page's script would load, and its entries no more certain to be articles than links are.
    """
    match form_of(data, content_type):
        case "feed":
            return read_feed(data, url=url, content_type=content_type)
        case "json":
            return jsonlist.read(data, url=url, kind="section" if loaded else "feed")
        case "sitemap":
            return sitemaps.read(data, url=url, content_type=content_type)
        case "list":
            text = payload.decode(payload.inflate(data)[0], content_type)
            return sitemaps.read_list(text, url=url, kind="sitemap")
        case _:
            return None
