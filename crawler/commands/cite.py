"""wirecopy cite: the records that prove what an article said, and how anybody can check them."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.options import as_json, collection_option, echo_json

if TYPE_CHECKING:
    from archive.citation import Citation, Cited

__all__ = ["command"]


@click.command("cite", short_help="the records that prove an article, and how to check them without wirecopy")
@click.argument("name", metavar="ARTICLE")
@click.argument("version", metavar="[VERSION]", type=int, required=False)
@collection_option
@as_json
def command(*, name: str, version: int | None, path: Path, json_: bool) -> int:
    """ARTICLE is an article's id, the start of one, or its URL; VERSION a number of its versions, else the newest.

    Names the record of each page that the text was taken from, and the record with the text: file, place, digests,
    time, address. Each is read and its digest compared now. Below stand commands for a shell that do the same with
    tail, head, gzip, sha1sum and sha256sum alone.

    Exit code 6 when a record is not what it says.
    """
    from archive import Collection
    from archive.citation import cite

    with Collection.open(path) as collection:
        found = cite(collection, name, version)
    if json_:
        echo_json(found)
    else:
        click.echo("\n".join(_lines(found, path)))
    return 0


def _lines(found: Citation, path: Path) -> Iterator[str]:
    yield f"# {found.title or '(no title)'}"
    yield ""
    yield f"article     {found.article_id}, version {found.version}"
    yield f"url         {found.url}"
    for page in found.pages:
        yield ""
        yield from _record("captured", page)
        sent = ", ".join(filter(None, (page.ip, *page.protocols, page.cipher)))
        if sent:
            yield f"from        {sent}"
    yield ""
    yield from _record("read", found.reading)
    yield f"by          {found.extractor}"
    yield ""
    yield "To check it, with a copy of these files:"
    yield ""
    yield f"cd {shlex.quote(str(path))}"
    cited = [*found.pages, found.reading]
    for file, sha256 in {each.file: each.sha256 for each in cited}.items():
        if sha256:
            yield f"echo '{sha256}  {file}' | sha256sum -c"
    for each in cited:
        yield f"{_member(each)} | {_block(each)}"


def _record(what: str, cited: Cited) -> Iterator[str]:
    yield f"{what + ' ':12}{cited.date}"
    yield f"record      <{cited.id}> ({cited.type})"
    yield f"in          {cited.file}, {cited.length} bytes from byte {cited.offset}"
    yield f"block       {cited.block_digest}, {cited.block} bytes"
    if cited.payload_digest:
        yield f"payload     {cited.payload_digest}"


def _member(cited: Cited) -> str:
    """The record, by the place of its gzip member."""
    return f"tail -c +{cited.offset + 1} {shlex.quote(cited.file)} | head -c {cited.length} | gzip -dc"


def _block(cited: Cited) -> str:
    """… and whether its block has the digest, which is the one in the record, in hexadecimal."""
    algorithm, _, spelled = cited.block_digest.partition(":")
    hexadecimal = spelled if algorithm == "sha256" else base64.b32decode(spelled).hex()
    return f"tail -c +{cited.header + 1} | head -c {cited.block} | {algorithm}sum | grep {hexadecimal}"
