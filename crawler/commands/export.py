"""wirecopy export: articles for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from archive.errors import ConfigError
from archive.export.formats import FORMATS
from archive.model import ARTICLES
from crawler.commands.options import as_json, collection_option, echo_json, walls_option

__all__ = ["command"]


@click.command("export", short_help="articles as JSON Lines, CSV, Parquet, Markdown or TEI")
@click.argument("format_", metavar="FORMAT", type=click.Choice(list(FORMATS)))
@collection_option
@click.option("--since", metavar="WHEN", help="Only what is new or changed since: 7d, 12h, 2026-11-23.")
@walls_option
@click.option(
    "--without", multiple=True, metavar="LABEL", help="Leave out what has this label (repeatable): noai, tdm-reserved."
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="KIND",
    type=click.Choice([*ARTICLES, "article"]),
    help="Only articles of this kind (repeatable): news, opinion, live-blog, gallery, video, press-release.",
)
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@as_json
def command(
    *,
    format_: str,
    path: Path,
    since: str | None,
    walls: bool,
    without: tuple[str, ...],
    kinds: tuple[str, ...],
    output: Path | None,
    json_: bool,
) -> int:
    """FORMAT is jsonl, csv, markdown, tei or parquet (which needs a file, and 'pip install wirecopy[parquet]').

    Every article as its newest reading has it, with the record it came from, in the order of change. A file
    is there whole or not at all. With --json the number of articles is printed when -o takes the rest.
    """
    from archive import Collection
    from archive.export.formats import export

    _check(without)
    with Collection.open(path) as collection:
        articles = collection.articles(since=since, walls=walls)
        chosen = (one for one in articles if not {*without} & {*one.labels} and (not kinds or one.kind in kinds))
        count = export(chosen, format_, output)
    if output is not None and json_:
        echo_json({"articles": count, "file": str(output)})
    elif output is not None:
        click.echo(f"{count} articles in {output}", err=True)
    return 0


def _check(labels: tuple[str, ...]) -> None:
    """ConfigError for a label that no article can have: a misspelt one would leave out nothing."""
    if not labels:
        return
    from archive.extract.labels import LABELS

    if unknown := sorted({*labels} - {*LABELS}):
        raise ConfigError(f"--without {unknown[0]}: no such label: there are {', '.join(LABELS)}")
