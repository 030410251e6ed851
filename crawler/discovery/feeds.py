"""Feeds to candidates: RSS 0.9 to 2.0, RDF, Atom 0.3 and 1.0. JSON Feed is in jsonlist.

Elements are taken wherever they stand and from whichever vocabulary has them, since feeds mix them freely. Pure.
"""

from __future__ import annotations

import re

from crawler.discovery import markup, payload
from crawler.discovery.candidates import Gathering, Listing, authors, date, joined, plain
from crawler.discovery.markup import Element, children, local, text_of

__all__ = ["read"]

_ENTRIES = frozenset({"item", "entry"})
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PUBLISHED = ("pubDate", "published", "dc:date", "dcterms:created", "issued", "created", "pubdate")
_MODIFIED = ("updated", "modified", "dcterms:modified", "atom:updated")
_MAIL_AND_NAME = re.compile(r"\S+@\S+\s*\((.+)\)")


def read(data: bytes, *, url: str, content_type: str | None = None) -> Listing:
    """The entries of an XML feed that was found at `url`. Never raises: what cannot be read is said in `faults`."""
    gathering = Gathering("feed", url)
    packed, fault = payload.inflate(data)
    root, entries, damage = markup.entries(payload.decode(packed, content_type), _ENTRIES)
    for text in filter(None, (fault, damage)):
        gathering.fault(text)
    if root is not None:
        head = next((child for child in root if local(child) == "channel"), root)
        base = joined(joined(url, root.get(_BASE)), head.get(_BASE))
        language = text_of(head, "language", "dc:language") or root.get(_LANG) or head.get(_LANG)
        for link in _links(head):
            if link.get("rel") == "next":
                gathering.page(link.get("href"))
        names, language = _names(head), _language(language)
        for entry in entries:
            _entry(entry, gathering, base, language, names)
    return gathering.done()


def _entry(entry: Element, gathering: Gathering, base: str, language: str | None, names: tuple[str, ...]) -> None:
    gathering.candidate(
        *_link(entry, joined(base, entry.get(_BASE))),
        title=plain(text_of(entry, "title", "dc:title")),
        authors=_names(entry) or names,
        published=date(text_of(entry, *_PUBLISHED)),
        language=_language(text_of(entry, "language", "dc:language") or entry.get(_LANG)) or language,
        lastmod=date(text_of(entry, *_MODIFIED)),
    )


def _links(element: Element) -> list[Element]:
    return list(children(element, "link", "atom:link"))


def _link(entry: Element, base: str) -> tuple[str | None, str]:
    """The page an entry is about, and its base: its own address before the feed service's, a web page before others."""
    if original := text_of(entry, "feedburner:origLink"):
        return original, base
    links = _links(entry)
    alternates = [link for link in links if link.get("href") and link.get("rel", "alternate") == "alternate"]
    pages = [link for link in alternates if link.get("type", "text/html") in ("text/html", "application/xhtml+xml")]
    if best := pages or alternates:
        return best[0].get("href"), joined(base, best[0].get(_BASE))
    for link in links:
        if written := (link.text or "").strip():
            return written, joined(base, link.get(_BASE))
    for guid in children(entry, "guid", "id"):
        text = (guid.text or "").strip()
        if guid.get("isPermaLink", "true").lower() != "false" and text.startswith(("http://", "https://", "//")):
            return text, base
    return entry.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"), base


def _names(element: Element) -> tuple[str, ...]:
    """Authors, as each vocabulary has them; mail addresses are no names."""
    found = [_name(author) for author in children(element, "author", "dc:creator", "creator")]
    return authors(found) or authors(map(_name, children(element, "itunes:author")))


def _name(author: Element) -> str | None:
    text = text_of(author, "name") or (author.text or "").strip()
    named = _MAIL_AND_NAME.fullmatch(text)
    return named[1] if named else None if "@" in text else text


def _language(text: str | None) -> str | None:
    """A language tag in its usual spelling; None for what is none."""
    text = (text or "").strip().replace("_", "-")
    return text.lower() if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}", text) else None
