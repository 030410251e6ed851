"""A collection, or a part of it, to a WACZ file: WARC bytes as they are, index lines and pages from what is there.

The whole goes in as the files that hold it; a part as one file of its captures, with what they need. Everything is read
as it is written: of captures only their places are held.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from archive.catalogue.store import Catalogue
from archive.collection import Collection
from archive.errors import NotFound
from archive.export.output import whole_file
from archive.pack.choice import Choice, chosen
from archive.pack.index import BLOCKS
from archive.pack.index import write as write_index
from archive.pack.needed import Needed
from archive.pack.pages import page_lines
from archive.pack.part import Part
from archive.pack.wacz import WaczWriter
from archive.pack.whole import Whole
from archive.resolve import Resolver
from archive.spool import Spool
from archive.version import __version__
from archive.warc.records import Warcinfo

__all__ = ["Packed", "pack"]

Progress = Callable[[int, int], None]
"""Is told how many bytes of WARC files are written, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What came of it."""

    file: str
    files: int
    """WARC files in it."""
    captures: int
    """Lines of its index."""
    pages: int
    digest: str
    """Of the package, which lists the digests of all else."""
    missing: tuple[str, ...] = ()
    """Revisits in it whose original the collection does not have."""


class _Content(Protocol):
    """The WARC files of a pack, and how the collection's index tells of what is in them."""

    sizes: dict[str, int]

    def pieces(self, name: str) -> Iterator[bytes]: ...
    def has(self, file: str, offset: int) -> bool: ...
    def lines(self, lines: Iterable[str]) -> Iterator[str]: ...


def pack(
    collection: Collection,
    output: Path,
    choice: Choice,
    *,
    title: str | None = None,
    key: EllipticCurvePrivateKey | None = None,
    created: datetime | None = None,
    on_progress: Progress = lambda done, total: None,
) -> Packed:
    """Write `output`, whole or not at all; NotFound when nothing is chosen, StorageError when the disk refuses."""
    created = (created or datetime.now(UTC)).replace(microsecond=0)
    with ExitStack() as stack:
        if os.access(collection.path, os.W_OK):
            stack.enter_context(collection.shared("wirecopy pack"))  # nobody takes records out meanwhile
        catalogue = stack.enter_context(closing(Catalogue(collection.catalogue_path)))
        missing: list[str] = []
        content = Whole(collection) if choice.is_everything else _part(collection, choice, created, missing)
        if not content.sizes:
            raise NotFound(f"{collection.path} has no captures of {choice}: there is nothing to pack")
        writer = WaczWriter(stack.enter_context(whole_file(output)), created)
        _add_files(writer, content, on_progress)
        captures = _add_index(writer, content, collection)
        pages = _add_pages(writer, page_lines(catalogue, content.has, walls=choice.walls))
        facts = {"title": title or collection.name, "description": f"From the collection {collection.name}: {choice}"}
        digest = writer.finish(facts, key)
    return Packed(
        file=str(output),
        files=len(content.sizes),
        captures=captures,
        pages=pages,
        digest=digest,
        missing=tuple(missing),
    )


def _part(collection: Collection, choice: Choice, created: datetime, missing: list[str]) -> Part:
    values = Warcinfo(
        software=f"wirecopy/{__version__}",
        operator=collection.config.operator,
        description=f"records of the collection {collection.name}, copied as they are: {choice}",
    )
    with closing(Resolver(collection)) as resolver:
        needed = Needed(collection, resolver, missing.append)
        return Part(collection, needed.with_all(chosen(collection, choice)), values, date=created)


def _add_files(writer: WaczWriter, content: _Content, on_progress: Progress) -> None:
    done, total = 0, sum(content.sizes.values())

    def counted(pieces: Iterator[bytes]) -> Iterator[bytes]:
        nonlocal done
        for piece in pieces:
            yield piece
            done += len(piece)
            on_progress(done, total)

    for name, size in content.sizes.items():
        writer.add(f"archive/{name}", counted(content.pieces(name)), size)


def _add_index(writer: WaczWriter, content: _Content, collection: Collection) -> int:
    with closing(Spool()) as blocks, closing(Spool()) as index, closing(collection.index()) as lines:
        count = write_index(content.lines(lines.lines()), blocks, index)
        writer.add(f"indexes/{BLOCKS}", blocks.chunks(), len(blocks))
        writer.add("indexes/index.idx", index.chunks(), len(index), deflated=True)
    return count


def _add_pages(writer: WaczWriter, lines: Iterator[bytes]) -> int:
    with closing(Spool()) as pages:
        count = -1  # the first line is about the others
        for line in lines:
            pages.write(line)
            count += 1
        writer.add("pages/pages.jsonl", pages.chunks(), len(pages), deflated=True)
    return count
