"""wirecopy pack: a collection, or a part of it, as one WACZ file."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.errors import ConfigError
from crawler.amounts import counted
from crawler.commands.options import SOURCES, as_json, collection_option, echo_json
from crawler.progress import Meter

__all__ = ["command"]

_TELLING = 5


@click.command("pack", short_help="a collection, or a part of it, as one WACZ file")
@click.argument("output", metavar="FILE.wacz", type=click.Path(path_type=Path, dir_okay=False))
@collection_option
@click.option("--crawl", "crawls", multiple=True, metavar="ID", help="What this crawl captured (repeatable).")
@click.option("--source", metavar="ID|HOST|URL", help="Of a source's host and its subdomains, or below a URL.")
@click.option("--since", metavar="TIME", help="Captured from then on: 7d, 2026-01-31, 20260131101500.")
@click.option("--until", metavar="TIME", help="Captured before then.")
@click.option("--search", "words", metavar="WORDS", help="Articles in which these words stand, at all times.")
@click.option("--walls", is_flag=True, help="Texts too that labels keep out, and searches that find them.")
@click.option("--title", help="What readers show above it.  [default: the collection's name]")
@click.option(
    "--sign",
    metavar="KEY.pem",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Sign it; a key is made if absent.",
)
@as_json
def command(
    *,
    output: Path,
    path: Path,
    crawls: tuple[str, ...],
    source: str | None,
    since: str | None,
    until: str | None,
    words: str | None,
    walls: bool,
    title: str | None,
    sign: Path | None,
    json_: bool,
) -> int:
    """Write a WACZ 1.1.1 file, which replayweb.page and other readers open, with its pages and a search in their texts.

    All of the collection goes in, or what the options choose together: a part comes with the requests and metadata
    of its captures, the originals of its revisits, and what its pages need to be shown. WARC records are copied as
    they are. The file is there whole or not at all; SOURCE_DATE_EPOCH, where it is set, is its time, so that the same
    input makes the same file.

    Exit code 1 when there is nothing to pack, or an original is not in the collection.

    \b
    Examples:
      wirecopy pack news.wacz
      wirecopy pack vote.wacz --search '"general election"' --since 30d --sign key.pem
    """
    from archive.collection import Collection
    from archive.pack.choice import Choice
    from archive.pack.pack import pack
    from archive.pack.signature import fingerprint_of, private_key
    from archive.since import parse_moment

    if output.suffix != ".wacz":
        raise click.UsageError(f"{output} does not end in .wacz, by which readers know such files")
    now = datetime.now(UTC)
    collection = Collection.open(path)
    choice = Choice(
        crawls=crawls,
        source=_place(path, source) if source else None,
        since=parse_moment(since, now) if since else None,
        until=parse_moment(until, now) if until else None,
        words=words,
        walls=walls,
    )
    key = private_key(sign) if sign else None
    with Meter("packed") as meter:
        packed = pack(collection, output, choice, title=title, key=key, created=_created(now), on_progress=meter.bytes)
    if json_:
        echo_json(packed)
    else:
        captures, pages = counted(packed.captures, "capture"), counted(packed.pages, "page")
        click.echo(f"{captures} and {pages} in {packed.file}, {output.stat().st_size} bytes", err=True)
        if key is not None:
            click.echo(f"signed by the key {fingerprint_of(key)}", err=True)
    for each in packed.missing[:_TELLING]:
        click.echo(f"the original is not in the collection: {each}", err=True)
    if len(packed.missing) > _TELLING:
        click.echo(f"… and {len(packed.missing) - _TELLING} more", err=True)
    return 1 if packed.missing else 0


def _place(collection: Path, source: str) -> str:
    """Host or URL; of a source's id, the host of its URL."""
    if "." in source or "/" in source or ":" in source or source == "localhost":
        return source
    from urllib.parse import urlsplit

    from crawler.sources.file import read

    for each in read(collection / SOURCES):
        if each.id == source:
            return urlsplit(each.url).netloc.rpartition("@")[2].removeprefix("www.")
    raise ConfigError(f"--source {source}: {collection / SOURCES} has no source of this id, and it is no host")


def _created(now: datetime) -> datetime:
    """https://reproducible-builds.org/docs/source-date-epoch/"""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return now
    if not epoch.isascii() or not epoch.isdecimal() or len(epoch) > 11:
        raise ConfigError(f"SOURCE_DATE_EPOCH={epoch[:40]!r} is no number of seconds since 1970")
    return datetime.fromtimestamp(int(epoch), UTC)
