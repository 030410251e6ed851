"""The reading room: the start page with its search, the captures of a URL, and the CDX API.

It is another server than the one that replays pages, so that no archived page shares an origin with it. Nothing here
changes anything, nothing is kept of who asks, and no cookie is set.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, quote

from archive.api import Collection
from archive.catalogue.query import Hit
from archive.catalogue.snippets import Snippet
from archive.errors import ConfigError, NoCatalogue
from archive.index import cdxj
from archive.index.cdxj import timestamp14
from archive.replay import cdx, memento, ownpages, response
from archive.replay.replay import Resolvers, find_captures
from archive.replay.response import Asking, Response

__all__ = ["Room"]

_SHEET: Final = '<link rel="stylesheet" href="/style.css">'
_HITS: Final = 50


class Room:
    """Answers for one collection, to many threads at a time."""

    def __init__(self, path: Path, resolvers: Resolvers, replay_port: int) -> None:
        self._path = path
        self._resolvers = resolvers
        self._replay_port = replay_port
        self._own = threading.local()

    def respond(self, asking: Asking) -> Response:
        """The answer to a GET, without the headers that guard all that this server says (`headers.ROOM`)."""
        if _is_embedding(asking):
            return Response(status=403, headers=(("Content-Type", "text/plain"),), body=b"not for pages of others\n")
        path, _, query = asking.target.partition("?")
        asked = parse_qs(query, errors="replace", max_num_fields=100)
        try:
            match path:
                case "/":
                    return self._start(asked.get("q", [""])[0], asking)
                case "/captures":
                    return self._captures(asked.get("url", [""])[0], asking)
                case "/cdx":
                    return self._cdx(query, asking)
                case "/style.css":
                    return Response(headers=(("Content-Type", "text/css"),), body=ownpages.STYLE.encode())
            return self._page("Not here", "<p>There is no such page.</p>", status=404)
        except (ConfigError, ValueError) as error:
            return self._page("Cannot be asked for", f"<p>{escape(str(error))}</p>", status=400)

    def _start(self, words: str, asking: Asking) -> Response:
        found = ""
        if words.strip():
            try:
                hits = list(self._collection.search(words, limit=_HITS))
            except NoCatalogue as error:
                return self._page("No search", f"<p>{escape(str(error))}</p>", words, status=503)
            items = "".join(self._hit(hit, asking) for hit in hits)
            found = f"<ol>{items}</ol>" if hits else f"<p>No article has all of these words: {escape(words)}</p>"
        return self._page(self._collection.name, found, words)

    def _captures(self, url: str, asking: Asking) -> Response:
        with self._resolvers.one() as resolver:
            captures = find_captures(resolver, url if "//" in url else f"https://{url}")
        if not captures:
            return self._page("Not in the archive", f'<p class="url">No capture of {escape(url)}</p>', status=404)
        found = captures[0].url
        table = ownpages.capture_list(found, captures, self._replay(asking))
        return self._page("Captures", f'<h2 class="url">{escape(found)}</h2>{table}')

    def _cdx(self, text: str, asking: Asking) -> Response:
        try:
            query = cdx.parse(text)
        except ConfigError as error:
            return Response(
                status=400, headers=(("Content-Type", "text/plain; charset=utf-8"),), body=f"{error}\n".encode()
            )
        body = self._time_map(query, self._replay(asking)) if query.output == "link" else self._lines(query)
        return Response(headers=(("Content-Type", cdx.TYPES[query.output]),), body=body)

    def _lines(self, query: cdx.Query) -> Iterator[bytes]:
        with self._resolvers.one() as resolver:
            for row in cdx.run(query, resolver.lines):
                yield cdx.write(row, query).encode() if row else b""

    def _time_map(self, query: cdx.Query, replay: str) -> Iterator[bytes]:
        captures = [cdxj.parse(line.decode()) for line in self._lines(replace(query, fields=())) if line]
        yield from memento.link_map(query.url, captures, replay)

    def _hit(self, hit: Hit, asking: Asking) -> str:
        article = hit.article
        shown = f"{self._replay(asking)}/{timestamp14(article.capture.date)}/{article.url}"
        facts = " · ".join(filter(None, [(article.published or "")[:10], article.site, ", ".join(article.authors)]))
        return (
            f'<li><a rel="noopener noreferrer" href="{escape(shown)}">{_marked(hit.title) or "untitled"}</a><br>'
            f'<span class="quiet">{escape(facts)} · '
            f'<a href="/captures?url={quote(article.url, safe="")}">captures</a></span><br>{_marked(hit.text)}</li>'
        )

    def _page(self, title: str, body: str, words: str = "", *, status: int = 200) -> Response:
        form = (
            f'<h1><a href="/">{escape(self._collection.name)}</a></h1><form action="/" role="search">'
            f'<input type="search" name="q" value="{escape(words)}" placeholder="words in articles" '
            'aria-label="words in articles"> <button>Search</button></form><form action="/captures">'
            '<input type="search" name="url" placeholder="https://…" aria-label="a URL"> <button>Captures</button>'
            "</form>"
        )
        return response.html(ownpages.page(title, form + body, style=_SHEET), status)

    def _replay(self, asking: Asking) -> str:
        """The replay server by the name under which the client knows this one."""
        name = asking.host if asking.host.endswith("]") else asking.host.rpartition(":")[0] or asking.host
        return f"http://{name}:{self._replay_port}"

    @property
    def _collection(self) -> Collection:
        """This thread's own: a connection to the catalogue is for one thread."""
        if not hasattr(self._own, "collection"):
            self._own.collection = Collection.open(self._path)
        opened: Collection = self._own.collection
        return opened


def _is_embedding(asking: Asking) -> bool:
    """Whether a page from elsewhere asks, and not its reader: browsers say so (Fetch Metadata Request Headers)."""
    headers = asking.headers
    elsewhere = headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
    return elsewhere and (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")) != ("navigate", "document")


_MARKS: Final = ("\x02", "\x03")


def _marked(found: Snippet) -> str:
    return escape(found.marked(*_MARKS)).replace(_MARKS[0], "<mark>").replace(_MARKS[1], "</mark>")
