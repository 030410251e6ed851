"""wirecopy's archive: what is kept of the news, and what can be asked of it.

    from archive import Collection

    with Collection.open("collections/news") as news:
        for article in news.articles(since="7d"):
            print(article.published, article.title, article.capture.file, article.capture.offset)
        for hit in news.search('"climate report" 東京'):
            print(hit.article.url, hit.text.marked("[", "]"))
        for capture in news.captures("https://example.org/story"):
            page = news.payload(capture)

Map of the package, from the bottom up; each imports only from above itself:

    errors, version, disk, readable, spool  what can go wrong; files as they are written and read
    config, locks                           collection.toml; who has a collection
    http, chunked, encodings                raw bytes of a response to its head and payload            (pure)
    model, structure                        the words, each defined once; what the lines of a text are
    surt, urls, scope, redirects            addresses: compared, cleaned, allowed, led elsewhere       (pure)
    digest, sniff, pages, requisites, since digests; what a payload is, and what it needs; points in time
    asks                                    what publishers ask, in the words of a capture's own records
    dedup, index, warc                      stored again or pointed to; lines and records of the standard
    known, recorder, storage, changeover    the only writer of captures; files elsewhere; many files replaced as one
    collection                              the directory on disk
    compare, recipes, resolve               two states of an article; rules for single sites; a URL's capture
    extract                                 a page to an article, in processes that no page can bring down
    catalogue                               SQLite: articles, versions, full text; derived, and rebuilt at will
    memory, turns, desk, ingest             what a crawl remembers; pages to be read, and whose next; the one path
    export, api                             articles to files; Collection, with all that is asked most
    citation                                where the words of an article stand, for others to check
    replay                                  captures shown again: pages that stay within the archive, Memento
    pack                                    a collection, or a part of it, as a WACZ file
    care                                    verify, repair, rebuild, ship, takedown, import

Nothing here imports Scrapy, Twisted or the package `crawler`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archive.api import Collection
    from archive.catalogue.query import Hit
    from archive.catalogue.snippets import Snippet
    from archive.errors import WirecopyError
    from archive.model import Article, Capture, Change, Event, Version, Wish

__all__ = ["Article", "Capture", "Change", "Collection", "Event", "Hit", "Snippet", "Version", "WirecopyError", "Wish"]

_HOMES = {
    "Article": "archive.model",
    "Capture": "archive.model",
    "Collection": "archive.api",
    "Change": "archive.model",
    "Event": "archive.model",
    "Hit": "archive.catalogue.query",
    "Snippet": "archive.catalogue.snippets",
    "Version": "archive.model",
    "WirecopyError": "archive.errors",
    "Wish": "archive.model",
}


def __getattr__(name: str) -> Any:
    """Public names on first use, so that a worker that needs one module does not load them all."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
