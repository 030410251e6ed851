"""wirecopy import: WARC, ARC and WACZ files of any maker join a collection."""

from __future__ import annotations

import shutil
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import click

from archive.care.imports import Imported, import_file, importing, passing, sources
from archive.collection import Collection
from archive.ingest import IngestState, ingest
from crawler.amounts import counted
from crawler.commands.options import as_json, collection_option, echo_json
from crawler.progress import Meter

__all__ = ["command", "read_articles", "tell"]

_TIMEOUT = 60.0
_PIECE = 1024 * 1024
_TELLING = 5


@click.command("import", short_help="take in WARC, ARC and WACZ files of any maker")
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR|URL...")
@collection_option
@click.option("--copy", is_flag=True, help="Copy files that could be read where they are.")
@click.option("--extract/--no-extract", default=True, show_default=True, help="Read the articles in them, too.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes that read articles.  [default: cores - 1]")
@as_json
def command(*, files: tuple[str, ...], path: Path, copy: bool, extract: bool, workers: int | None, json_: bool) -> int:
    """Let archives made elsewhere join a collection, which is made when absent.

    Gzipped WARC files stay where they are, and are linked to; other forms (plain and zstd WARC, files compressed as
    a whole, ARC, and what a WACZ holds) are written anew. Each file is taken once, however often it is named.
    Damaged files give what they hold, and what is lost is told.

    \b
    Examples:
      wirecopy import crawl.warc.gz
      wirecopy import /srv/heritrix --copy
      wirecopy import https://example.org/archive.wacz
    """
    collection = Collection.create(path)
    results: list[Imported] = []
    with importing(collection), Meter("taken in") as meter:
        found = [source for file in files for source in _named(file)]
        for number, source in enumerate(found):
            meter.count(number, len(found), "files")
            results += _one(collection, source, copy=copy)
    state = read_articles(collection, workers) if extract else None
    if json_:
        echo_json({"files": results, "articles": state.articles if state else None})
    else:
        tell(results, state)
    return 0 if all(each.whole for each in results) else 1


def _named(file: str) -> list[Path | str]:
    return [file] if file.startswith(("http://", "https://")) else [*sources(Path(file))]


def _one(collection: Collection, source: Path | str, *, copy: bool) -> list[Imported]:
    if isinstance(source, Path):
        return list(import_file(collection, source, copy=copy))
    try:
        with passing(collection, urlsplit(source).path) as path:
            with urllib.request.urlopen(source, timeout=_TIMEOUT) as answer, path.open("wb") as out:  # noqa: S310 - http
                shutil.copyfileobj(answer, out, _PIECE)
            return list(import_file(collection, path, copy=True, name=source))
    except (urllib.error.URLError, TimeoutError) as error:
        return [Imported(source=source, how="unreadable", why=f"could not be fetched: {error}")]


def read_articles(collection: Collection, workers: int | None) -> IngestState:
    with Meter("read") as meter:

        def show(state: IngestState) -> None:
            meter.count(state.read, state.read + state.waiting, "pages")

        return ingest(collection, workers=workers or 0, on_progress=show)


def tell(results: list[Imported], state: IngestState | None) -> None:
    for each in results:
        if each.how == "unreadable":
            click.echo(f"{each.source}: {each.why}", err=True)
            continue
        what = (
            "is here already"
            if each.how == "known"
            else f"{each.how}, {counted(each.records, 'record')}, {counted(each.captures, 'capture')}"
        )
        click.echo(f"{each.source}: {what}, as {each.file}", err=True)
        if each.misstated:
            click.echo(f"  not what datapackage.json says: it {each.misstated}", err=True)
        for damage in each.damaged[:_TELLING]:
            click.echo(f"  damaged: {damage}", err=True)
        if len(each.damaged) > _TELLING:
            click.echo(f"  … {len(each.damaged) - _TELLING} more damaged places", err=True)
    if state is not None:
        read, articles = counted(state.read, "page"), counted(state.articles, "article")
        click.echo(f"{read} read, {articles}, {state.failed} unreadable", err=True)
