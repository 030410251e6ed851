"""Sitemaps to candidates: urlset, index, Google News, gzipped, and plain lists of URLs. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.discovery import markup, payload
from crawler.discovery.candidates import Gathering, Listing, ListingKind, date, plain
from crawler.discovery.markup import Element, children, local, text_of

__all__ = ["is_beside", "is_list", "read", "read_list", "robots"]

_ENTRIES = frozenset({"url", "sitemap"})
_ROBOTS = re.compile(r"^\s*site-?map\s*:\s*(\S[^#\r\n]*)", re.IGNORECASE | re.MULTILINE)
_BESIDE = re.compile(
    r"(?:^|[-_/.])(?:(?:post_)?tags?|categor(?:y|ies)|authors?|users?|taxonom(?:y|ies)|products?|images?|videos?)(?=$|[-_/.\d])",
    re.IGNORECASE,
)
_URL_LINE = re.compile(r"(?:https?:)?//\S+", re.IGNORECASE)


def read(data: bytes, *, url: str, content_type: str | None = None) -> Listing:
    """What an XML sitemap or sitemap index names. Never raises: what cannot be read is said in `faults`."""
    gathering = Gathering("sitemap", url)
    packed, fault = payload.inflate(data)
    _, entries, damage = markup.entries(payload.decode(packed, content_type), _ENTRIES)
    for text in filter(None, (fault, damage)):
        gathering.fault(text)
    for entry in entries:
        if local(entry) == "sitemap":
            gathering.listing(text_of(entry, "loc"), lastmod=date(text_of(entry, "lastmod")))
        else:
            _page(entry, gathering)
    return gathering.done()


def _page(entry: Element, gathering: Gathering) -> None:
    lastmod = date(text_of(entry, "lastmod"))
    news = next(children(entry, "news:news"), None)
    if news is None:
        gathering.candidate(text_of(entry, "loc"), lastmod=lastmod)
        return
    publication = next(children(news, "news:publication"), None)
    gathering.candidate(
        text_of(entry, "loc"),
        title=plain(text_of(news, "news:title")),
        published=date(text_of(news, "news:publication_date")),
        language=text_of(publication, "news:language") if publication is not None else None,
        lastmod=lastmod,
    )


def is_beside(url: str) -> bool:
    """Whether a sitemap's name says that it lists tags, authors, goods or pictures rather than articles."""
    return bool(_BESIDE.search(urlsplit(url).path.rpartition("/")[2]))


def is_list(text: str) -> bool:
    """Whether a text is one URL a line, comments and blank lines aside; a few other lines do no harm."""
    lines = _lines(text[:100_000])
    urls = sum(1 for line in lines if _URL_LINE.fullmatch(line))
    return urls > 0 and urls * 10 >= len(lines) * 9


def read_list(text: str, *, url: str, kind: ListingKind = "list") -> Listing:
    """The URLs of a plain list; `url` is where it was found, for what is relative."""
    gathering = Gathering(kind, url)
    for line in _lines(text):
        if _URL_LINE.fullmatch(line):
            gathering.candidate(line)
        else:
            gathering.fault(f"not a URL: {line[:200]!r}")
    return gathering.done()


def robots(text: str, *, url: str) -> tuple[str, ...]:
    """Addresses of the sitemaps that a robots.txt names."""
    gathering = Gathering("sitemap", url)
    for match in _ROBOTS.finditer(text):
        gathering.listing(match[1])
    return tuple(candidate.url for candidate in gathering.done().listings)


def _lines(text: str) -> list[str]:
    stripped = (line.strip().lstrip("\ufeff") for line in text.splitlines())
    return [line for line in stripped if line and not line.startswith("#")]
