"""Which captures go into a pack: all, or those of a crawl, a source, a time, a search, or of several at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from archive.catalogue.captures import urls_of_article
from archive.catalogue.query import search
from archive.catalogue.store import Catalogue
from archive.collection import Collection
from archive.errors import NotFound
from archive.index.cdxj import key
from archive.model import Capture
from archive.warc.fields import load
from archive.warc.files import OPEN
from archive.warc.members import Damage, members

__all__ = ["Choice", "archived", "chosen", "opened"]

_MANY = 1 << 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is asked of a capture; nothing means everything."""

    crawls: tuple[str, ...] = ()
    """Of one of these crawls, by id."""
    source: str | None = None
    """Of this host with its subdomains, or below this URL."""
    since: datetime | None = None
    until: datetime | None = None
    """Not at or after this moment."""
    words: str | None = None
    """Of an article in which these stand (as `wirecopy search` has them)."""
    walls: bool = False
    """Also of articles that labels keep out of searches."""

    @property
    def is_everything(self) -> bool:
        return not (self.crawls or self.source or self.since or self.until or self.words)

    def __str__(self) -> str:
        asked = [f"crawl {name}" for name in self.crawls]
        asked += [f"source {self.source}"] if self.source else []
        asked += [f"since {self.since.isoformat()}"] if self.since else []
        asked += [f"until {self.until.isoformat()}"] if self.until else []
        asked += [f"search {self.words}"] if self.words else []
        return ", ".join(asked) or "everything"


def archived(collection: Collection) -> list[str]:
    """The final names of the WARC files with captures, here or shipped, in order."""
    names = {path.name.removesuffix(OPEN) for path in collection.archive_dir.glob("[!.]*")}
    names |= {name for name, copy in collection.copies().items() if copy.folder == collection.archive_dir.name}
    return sorted(name for name in names if name.endswith(".warc.gz"))


def opened(collection: Collection, name: str) -> BinaryIO:
    """The WARC file of this final name, whole or still growing, here or shipped; NotFound when it is nowhere."""
    while True:
        with suppress(FileNotFoundError):  # closed, and so renamed, or shipped, between the look and the opening
            return collection.readable(name).open("rb")


def chosen(collection: Collection, choice: Choice) -> Iterator[Capture]:
    """The captures, one by one; NotFound for a crawl that left no files."""
    files = _files(collection, choice.crawls) if choice.crawls else None
    prefixes = _prefixes(choice.source) if choice.source else ("",)
    for capture in _candidates(collection, choice, prefixes):
        if files is not None and capture.file not in files:
            continue
        if (choice.since and capture.date < choice.since) or (choice.until and capture.date >= choice.until):
            continue
        yield capture


def _candidates(collection: Collection, choice: Choice, prefixes: tuple[str, ...]) -> Iterator[Capture]:
    with closing(collection.index()) as index:
        if not choice.words:
            for prefix in prefixes:
                yield from index.under(prefix)
            return
        with closing(Catalogue(collection.catalogue_path)) as catalogue:
            for hit in search(catalogue, choice.words, _MANY, walls=choice.walls):
                for url in urls_of_article(catalogue.connection, hit.article.article_id):
                    if key(url).startswith(prefixes):
                        yield from index.captures(url)


def _prefixes(source: str) -> tuple[str, ...]:
    """How the keys of a source begin; those of answers that nothing had changed have a beginning of their own."""
    if "/" in source:
        starts = [key(source)]
    else:
        host = key(f"http://{source}/")
        starts = [host, host.removesuffix(")/") + ","]
    return tuple(before + start for start in starts for before in ("", "unmodified:"))


def _files(collection: Collection, crawls: tuple[str, ...]) -> set[str]:
    """The files that these crawls wrote, as their warcinfo says."""
    found: dict[str, set[str]] = {name: set() for name in crawls}
    for name in archived(collection):
        with opened(collection, name) as file:
            crawl = _crawl_of(file)
        if crawl in found:
            found[crawl].add(name)
    for crawl, files in found.items():
        if not files:
            raise NotFound(f"{collection.path} has no files of a crawl {crawl!r}; {collection.crawls_dir} names crawls")
    return set().union(*found.values())


def _crawl_of(file: BinaryIO) -> str:
    try:
        return dict(load(next(members(file)).start)).get("isPartOf", "")
    except (Damage, StopIteration):
        return ""
