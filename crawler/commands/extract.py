"""wirecopy extract: today's extractor over what was captured."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from archive.api import Collection
from archive.catalogue import documents
from archive.catalogue.again import Comparison, Reader, Selection, compared, count_pdfs, queue_again, queue_pdfs
from archive.catalogue.follow import follow
from archive.catalogue.store import Catalogue
from archive.errors import DamagedRecord
from archive.extract import pdf
from archive.extract.files import FromFile, extracted
from archive.extract.identity import EXTRACTOR, VERSION
from archive.ingest import IngestState, ingest
from archive.recipes.book import Book, read
from archive.since import parse_since
from crawler.commands.options import as_json, collection_option, echo_json
from crawler.progress import Meter

__all__ = ["command"]


@click.command("extract", short_help="articles from what was captured, by today's extractor")
@click.argument("warcs", nargs=-1, metavar="[WARC...]", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@collection_option
@click.option("--again", is_flag=True, help="Pages too that an older extractor has read, or another recipe.")
@click.option("--failed", is_flag=True, help="Pages too that this extractor gave up on.")
@click.option("--since", metavar="TIME", help="Of --again and --compare: captures from then on: 7d, 2026-01-31.")
@click.option("--source", metavar="HOST|URL", help="… and only of this host with its subdomains, or below this URL.")
@click.option("--compare", is_flag=True, help="Say of each page what today's extractor reads otherwise.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes that read.  [default: cores - 1]")
@as_json
def command(
    *,
    warcs: tuple[Path, ...],
    path: Path,
    again: bool,
    failed: bool,
    since: str | None,
    source: str | None,
    compare: bool,
    workers: int | None,
    json_: bool,
) -> int:
    """Read the collection's pages that nobody has read, or could (PDFs, without wirecopy[pdf]); with --again, all
    that an older extractor read, and all for which there is another recipe by now, or none any more.

    Readings are added, none is replaced: articles show the newest, and --compare holds it against the one before.
    Stopped, the same command goes on where it was. Given WARC files instead, their pages come out as JSON Lines, in
    order, and no collection is needed or changed.

    \b
    Examples:
      wirecopy extract --again --source example.org --compare
      wirecopy extract crawl.warc.gz > articles.jsonl
    """
    if warcs:
        if again or failed or since or source or compare:
            raise click.UsageError(
                "WARC files are read as they are: --again, --compare and the like are of a collection"
            )
        return _from_files(warcs, workers or max(1, (os.cpu_count() or 2) - 1))
    chosen = Selection(since=parse_since(since, datetime.now(UTC)) if since else None, source=source)
    collection = Collection.open(path)
    reader = Reader(extractor=EXTRACTOR, version=VERSION, recipes=Book(read(collection.path)))
    with collection.shared("wirecopy extract"), Catalogue(collection.catalogue_path, create=True) as catalogue:
        follow(catalogue, collection.indexes_dir)
        if again or failed:
            queue_again(catalogue, chosen, reader, failed=failed)
        if count_pdfs(catalogue) and pdf.is_installed():
            queue_pdfs(catalogue)
    state = _ingest(collection, workers)
    if not json_:
        click.echo(f"{state.read} pages read, {state.articles} articles, {state.failed} unreadable", err=True)
    with Catalogue(collection.catalogue_path) as catalogue:
        if pdfs := count_pdfs(catalogue):
            click.echo(f"{pdfs} PDFs not read: pip install wirecopy[pdf], then wirecopy extract reads them", err=True)
    if compare:
        with Catalogue(collection.catalogue_path) as catalogue:
            _compare(compared(catalogue, chosen, reader), json_=json_)
    elif json_:
        echo_json(state)
    return 1 if state.failed else 0


def _ingest(collection: Collection, workers: int | None) -> IngestState:
    with Meter("read") as meter:

        def show(state: IngestState) -> None:
            meter.count(state.read, state.read + state.waiting, "pages")

        return ingest(collection, workers=workers or 0, on_progress=show)


def _compare(comparisons: Iterator[Comparison], *, json_: bool) -> None:
    counts: Counter[str] = Counter()
    pages = same = 0
    for each in comparisons:
        pages += 1
        same += not each.changed
        counts.update(each.changed)
        if json_:
            echo_json(each)
        elif each.changed:
            words = f"{each.words_before} to {each.words_after} words" if "text" in each.changed else ""
            click.echo(f"{each.date:%Y-%m-%d %H:%M} {each.url}: {', '.join(each.changed)} {words}".rstrip())
    if not json_:
        fields = ", ".join(f"{name} {count}" for name, count in counts.most_common())
        click.echo(f"{pages} pages compared, {same} the same{'; ' if fields else ''}{fields}", err=True)


def _from_files(paths: tuple[Path, ...], workers: int) -> int:
    code = 0
    with Meter("read") as meter:
        for path in paths:
            size = path.stat().st_size
            try:
                for page in extracted(path, workers=workers):
                    meter.bytes(page.offset, size)
                    click.echo(_line(page))
                    code = code or (1 if page.extraction.error else 0)
            except DamagedRecord as error:
                meter.clear()
                click.echo(f"wirecopy: {error}", err=True)
                code = error.exit_code
    return code


def _line(page: FromFile) -> bytes:
    document = msgspec.json.decode(documents.encode(page.id, page.extraction))
    document["capture"] = {"id": page.id, "file": page.file, "offset": page.offset, "date": page.date}
    return msgspec.json.encode(document)
