"""What a capture does not do without: the original of a revisit, where a redirect leads, what a page needs to be shown.

Of several captures of an address the nearest in time is taken. What the archive does not have is no fault of the pack:
only an original that is missing leaves a capture of it without its payload, and is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urljoin

from archive import http
from archive.collection import Collection
from archive.errors import CaptureNotFound, DamagedRecord, ExtractionFailed, NotFound
from archive.extract.decode import charset_of, decode, parse
from archive.model import Capture
from archive.pages import is_page
from archive.requisites import of_page, of_style
from archive.resolve import Resolver, choose

__all__ = ["Needed"]


class Needed:
    """Adds to captures what they need."""

    def __init__(self, collection: Collection, resolver: Resolver, on_missing: Callable[[str], None]) -> None:
        """`on_missing` is told, with URL and time, of each revisit whose original is not in the collection."""
        self._collection = collection
        self._resolver = resolver
        self._on_missing = on_missing

    def with_all(self, captures: Iterable[Capture]) -> Iterator[Capture]:
        """Each of the captures and of those they need, once."""
        taken: set[tuple[str, int]] = set()
        for capture in captures:
            waiting = [capture]
            while waiting:
                one = waiting.pop()
                if (one.file, one.offset) not in taken:
                    taken.add((one.file, one.offset))
                    yield one
                    waiting += self._of(one)

    def _of(self, capture: Capture) -> Iterator[Capture]:
        if capture.mime == "warc/revisit":
            try:
                record = self._collection.read(capture.file, capture.offset, capture.length)
                yield self._resolver.original(capture, record)
            except CaptureNotFound:
                self._on_missing(f"{capture.url} of {capture.date:%Y-%m-%dT%H:%M:%SZ}")
        for url in self._named(capture):
            yield from choose(self._resolver.captures(url), capture.date)[:1]

    def _named(self, capture: Capture) -> list[str]:
        """Addresses that the capture leads to, or shows."""
        if capture.redirect:
            return [capture.redirect]
        page = is_page(capture.mime, capture.status)
        if not page and not (capture.mime == "text/css" and capture.status == 200):
            return []
        try:
            answer = self._resolver.answer(capture)
            body = http.decoded(b"".join(answer.payload()), answer.head)
        except (NotFound, DamagedRecord):
            return []
        said = answer.head.get(b"content-type") if answer.head else None
        charset = charset_of((said or b"").decode("latin-1"))
        if not page:
            return of_style(body, capture.url, "all", charset)
        try:
            tree = parse(decode(body, charset))
        except ExtractionFailed:
            return []
        base = next((each.get("href") for each in tree.iter("base") if each.get("href")), None)
        try:
            return of_page(tree, urljoin(capture.url, base or ""), "all")
        except ValueError:  # a base that is no address
            return of_page(tree, capture.url, "all")
