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

    errors, model              what can go wrong; the words, each defined once
    http, urls, digest         raw bytes, addresses and digests, without any input or output
    warc, index                records and files of the standard; lines by which captures are found
    storage                     WARC files that lie elsewhere: shipped to a bucket or another disk, read from there
    collection, recorder       the directory on disk; the only writer of captures
    resolve                    which capture stands for a URL at a moment, and what it brought
    recipes                    rules for single sites
    compare                    two states of an article: what changed, word by word
    extract                    a page to an article, in processes that no page can bring down
    catalogue                  SQLite: articles, versions, full text; derived, and rebuilt from the files at will
    ingest                     captures to articles: the one path
    export                     articles to files that other programs read
    care                       verify, repair, rebuild, takedown, import
    api                        Collection, with all that is asked most
    pack                       a collection, or a part of it, as a WACZ file
    replay                     captures shown again: pages that stay within the archive, Memento

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
    from archive.model import Article, Capture, Change, Event, Version

__all__ = ["Article", "Capture", "Change", "Collection", "Event", "Hit", "Snippet", "Version", "WirecopyError"]

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
}


def __getattr__(name: str) -> Any:
    """Public names on first use, so that a worker that needs one module does not load them all."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
