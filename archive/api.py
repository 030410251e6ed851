"""`Collection` as programs use it: the directory, and all that is asked of what is in it.

Answers about articles come from the catalogue, answers about captures from the index, bytes from the WARC files.
Streams read as they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from archive import collection, http
from archive.catalogue import query, timeline
from archive.catalogue.store import Catalogue
from archive.disk import Disk
from archive.model import Article, Capture, Event, State, Version
from archive.resolve import Resolver
from archive.since import parse_since

__all__ = ["Collection"]


class Collection(collection.Collection):
    """A collection, also a context manager that closes its catalogue. For one thread; others open their own."""

    @classmethod
    def open(cls, path: Path | str, *, disk: Disk | None = None) -> Self:
        """The collection at `path`; NoCollection when it is none."""
        opened = super().open(path, disk=disk)
        assert isinstance(opened, cls)
        return opened

    @classmethod
    def create(
        cls, path: Path | str, *, name: str | None = None, operator: str | None = None, disk: Disk | None = None
    ) -> Self:
        """The collection at `path`, made when there is none."""
        created = super().create(path, name=name, operator=operator, disk=disk)
        assert isinstance(created, cls)
        return created

    @cached_property
    def catalogue(self) -> Catalogue:
        """Opened when it is first asked; NoCatalogue when there is none."""
        return Catalogue(self.catalogue_path)

    def articles(
        self, since: datetime | str | None = None, *, read: bool = False, walls: bool = False
    ) -> Iterator[Article]:
        """Every article as its newest reading has it, by the time of its last change, oldest first.

        `since`: only what is new or changed from then on; text such as ``7d`` or ``2026-01-31`` will do.
        `read`: also what was only read from then on, such as old pages of an import: what a copy elsewhere lacks.
        `walls`: also pages that stand where an article should, by their labels: bot walls, consent and login pages,
        paywalls, parked domains and soft 404s.
        """
        if isinstance(since, str):
            since = parse_since(since, datetime.now(UTC))
        return query.articles(self.catalogue, since, read=read, walls=walls)

    def states(self, since: datetime | str | None = None, *, walls: bool = False) -> Iterator[State]:
        """Every version of every article as it was; `since` and `walls` as above: versions that began from then on."""
        if isinstance(since, str):
            since = parse_since(since, datetime.now(UTC))
        return timeline.states(self.catalogue, since, walls=walls)

    def article(self, name: str) -> Article:
        """The article of this id, of the id that begins so, or at this URL; ArticleNotFound when there is none."""
        return query.article(self.catalogue, name)

    def versions(self, article_id: str) -> list[Version]:
        """Each state of the article's title and text, oldest first."""
        return query.versions(self.catalogue, article_id)

    def events(self, article_id: str) -> list[Event]:
        """All that happened to the article: seen first, edited, grown, deleted, moved, restored; in order of time."""
        return timeline.events(self.catalogue, article_id)

    def events_since(self, since: datetime | str) -> Iterator[Event]:
        """What happened to any article from then on, oldest first; without those that were seen for the first time."""
        if isinstance(since, str):
            since = parse_since(since, datetime.now(UTC))
        return timeline.recent(self.catalogue, since)

    def diff(self, article_id: str, old: int | None = None, new: int | None = None) -> timeline.Difference:
        """Two versions of the article word by word, by default the last two; VersionNotFound when there are none."""
        return timeline.difference(self.catalogue, article_id, old, new)

    def search(self, words: str, limit: int = 20, offset: int = 0, *, walls: bool = False) -> Iterator[query.Hit]:
        """Articles with all these words, newest first: ``climate "annual report" 東京 elect*``; `walls` as above."""
        return query.search(self.catalogue, words, limit, offset, walls=walls)

    def captures(self, url: str) -> list[Capture]:
        """Every capture of this very URL, oldest first."""
        with closing(Resolver(self)) as resolver:
            return resolver.captures(url)

    def payload(self, capture: Capture) -> bytes:
        """What the capture's response brought, without transfer and content encodings; of a revisit, the original's."""
        with closing(Resolver(self)) as resolver:
            answer = resolver.answer(capture)
            return http.decoded(b"".join(answer.payload()), answer.source.head)

    def close(self) -> None:
        if "catalogue" in self.__dict__:
            self.catalogue.close()
            del self.catalogue

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
