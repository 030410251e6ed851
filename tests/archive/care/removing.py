"""Collections with something in them that must go, and ways to see whether it went."""

from __future__ import annotations

import gzip
import shutil
import zlib
from collections.abc import Sequence
from pathlib import Path

import fastwarc
from warcio.archiveiterator import ArchiveIterator

from archive.api import Collection
from archive.care.rebuild import rebuild
from archive.care.takedown import Plan, Target, takedown
from archive.catalogue.follow import follow
from archive.catalogue.follow_text import follow_text
from archive.catalogue.store import Catalogue
from archive.dedup import DedupScope
from archive.desk import reading_group
from archive.disk import Disk
from archive.extract.article import extract
from archive.model import Capture, Exchange
from archive.warc.reader import Record, records
from tests.archive.care.breaking import members
from tests.archive.care.collections import HTML, chunked, defects
from tests.archive.catalogue.rows import rows, unread
from tests.archive.ingest.pages import START, article
from tests.archive.warc.making import exchange, response

SECRET = "qwyxzephyr"
"""A word that nothing else has."""
PAGE = article("Bridge opens", f"It was {SECRET} who had said so.").encode()
OTHER = article("Council meets", "Nobody was named.").encode()
URL = "http://news.example/story"
ELSEWHERE = "http://news.example/copy"


def crawl(path: Path, exchanges: Sequence[Exchange], dedup: DedupScope = "collection") -> list[Capture]:
    """Archives these in a file of their own, and reads what is new, within this process."""
    with Collection.create(path, operator="the tests") as collection:
        recorder = collection.recorder(crawl_id="test", user_agent="test", dedup=dedup)
        captures = [capture for each in exchanges if (capture := recorder.record(each).result(10))]
        recorder.close()
        read(collection)
    return captures


def read(collection: Collection) -> None:
    with Catalogue(collection.catalogue_path, create=True) as catalogue:
        follow(catalogue, collection.indexes_dir)
        waiting = [each.capture for each in unread(catalogue)]
        if waiting:
            writer = collection.text_writer()
            for capture in waiting:
                said = extract(collection.payload(capture), url=capture.url, charset="utf-8")
                writer.append(reading_group(capture, said, START)).result(10)
            writer.close()
        follow_text(catalogue, collection.text_dir)


def page(url: str = URL, body: bytes = PAGE, *, number: int = 0) -> Exchange:
    return exchange(response(body, HTML + b'ETag: "1"\r\n'), url, number=number)


def pages(path: Path) -> list[Capture]:
    """The page, something else, a copy elsewhere, a copy with chunks, a 304: in three files with three of readings."""
    captures = crawl(path, [page(), page("http://news.example/other", OTHER, number=1)])
    captures += crawl(path, [page(ELSEWHERE, number=2), page("http://news.example/more", OTHER + b"!", number=3)])
    captures += crawl(
        path,
        [
            exchange(chunked(PAGE), "http://news.example/chunked", number=4),
            exchange(
                b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n',
                URL,
                number=5,
                request=b'GET /story HTTP/1.1\r\nHost: news.example\r\nIf-None-Match: "1"\r\n\r\n',
            ),
        ],
    )
    assert [capture.mime for capture in captures].count("warc/revisit") == 3
    return captures


def take_down(path: Path, target: Target, *, url_too: bool = False, disk: Disk | None = None) -> Plan:
    plans: list[Plan] = []

    def agreed(plan: Plan) -> bool:
        plans.append(plan)
        return True

    collection = Collection.open(path, disk=disk)
    assert takedown(collection, target, reason="a court order", agreed=agreed, url_too=url_too)
    return plans[0]


def everything(path: Path) -> dict[Path, list[bytes]]:
    """Every member of every WARC file."""
    return {file: members(file.read_bytes()) for file in sorted(path.glob("*/*.warc.gz"))}


def all_records(path: Path) -> list[Record]:
    return [record for file in sorted(path.glob("*/*.warc.gz")) for record in records(file)]


def holding(path: Path, word: str) -> set[str]:
    """The files that have the word in their bytes, or in what these hold when inflated, twice if need be."""
    found = set()
    for file in path.rglob("*"):
        if file.is_file() and any(word.encode() in layer.lower() for layer in _layers(file)):
            found.add(str(file.relative_to(path)))
    return found


def _layers(file: Path) -> list[bytes]:
    layers = [file.read_bytes()]
    if ".warc.gz" in file.name:
        for member in members(layers[0]):
            block = zlib.decompress(member, 31)
            layers.append(block)
            at = block.find(b"\x1f\x8b\x08")
            if at >= 0:
                layers.append(zlib.decompressobj(31).decompress(block[at:]))
    return layers


def check(path: Path, before: dict[Path, list[bytes]]) -> None:
    """Nothing wrong, nothing else changed, and other programs read it."""
    assert defects(path) == []
    for file, members_then in before.items():
        now = members(file.read_bytes())
        kept = [member for member in now if member in members_then]
        assert kept == [member for member in members_then if member in kept]
        with file.open("rb") as stream:
            assert len(list(ArchiveIterator(stream))) == len(now)
        with file.open("rb") as stream:
            assert len(list(fastwarc.ArchiveIterator(stream))) == len(now)
    assert not list(path.rglob("*.staged*"))
    if not (path / "catalogue.sqlite").exists():
        return
    lines = {file.name: file.read_bytes() for file in (path / "indexes").glob("[!.]*")}
    catalogue = rows(path / "catalogue.sqlite")
    assert catalogue["words of no article"] == []
    copy = path.with_name(path.name + "-copy")
    shutil.copytree(path, copy)
    rebuild(Collection.open(copy))
    assert rows(copy / "catalogue.sqlite") == catalogue
    rebuilt = {file.name: file.read_bytes() for file in (copy / "indexes").glob("[!.]*")}
    assert sorted(b"".join(rebuilt.values()).splitlines()) == sorted(b"".join(lines.values()).splitlines())
    shutil.rmtree(copy)


def packed(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)
