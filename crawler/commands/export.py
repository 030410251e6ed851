"""wirecopy export: articles for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from archive.errors import ConfigError
from archive.export.formats import FORMATS
from archive.model import ARTICLES, Article
from crawler.amounts import counted
from crawler.commands.options import SOURCES, as_json, collection_option, echo_json, walls_option

__all__ = ["command"]


@click.command("export", short_help="articles as JSON Lines, CSV, Parquet, Markdown or TEI")
@click.argument("format_", metavar="FORMAT", type=click.Choice(list(FORMATS)))
@collection_option
@click.option("--since", metavar="WHEN", help="Only what is new or changed since: 7d, 12h, 2026-11-23.")
@click.option(
    "--read-since",
    metavar="WHEN",
    help="… or was only read since: old pages of an import, late and newer readings. For a copy to be kept up to date.",
)
@click.option(
    "--versions", is_flag=True, help="Every version of every article, not only the newest; no Markdown or TEI."
)
@walls_option
@click.option(
    "--without", multiple=True, metavar="LABEL", help="Leave out what has this label (repeatable): noai, tdm-reserved."
)
@click.option(
    "--label",
    "labels",
    multiple=True,
    metavar="LABEL",
    help="Only what has one of these labels (repeatable): those of pages, or of sources in sources.toml.",
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
    read_since: str | None,
    versions: bool,
    walls: bool,
    without: tuple[str, ...],
    labels: tuple[str, ...],
    kinds: tuple[str, ...],
    output: Path | None,
    json_: bool,
) -> int:
    """FORMAT is jsonl, csv, markdown, tei or parquet (which needs a file, and 'pip install wirecopy[parquet]').

    Every article as its newest reading has it, with the record it came from, in the order of change; with
    --versions a row for each version, as the reading has it that first showed it, with when it was seen and
    what changed. A file is there whole or not at all. With --json the number of rows is printed when -o takes the rest.
    """
    from archive import Collection
    from archive.export.columns import VERSIONS
    from archive.export.formats import export

    if read_since and (since or versions):
        raise click.UsageError("--read-since takes the place of --since, and goes with articles only")
    for option, given in (("--without", without), ("--label", labels)):
        _check(option, given, path / SOURCES)
    with Collection.open(path) as collection:

        def wanted(one: Article) -> bool:
            has = {*one.labels}
            return has.isdisjoint(without) and not (
                (kinds and one.kind not in kinds) or (labels and has.isdisjoint(labels))
            )

        if versions:
            states = collection.states(since=since, walls=walls)
            count = export((each for each in states if wanted(each.article)), format_, output, VERSIONS)
        else:
            found = collection.articles(since=read_since or since, read=bool(read_since), walls=walls)
            count = export(filter(wanted, found), format_, output)
    what = "version" if versions else "article"
    if output is not None and json_:
        echo_json({f"{what}s": count, "file": str(output)})
    elif output is not None:
        click.echo(f"{counted(count, what)} in {output}", err=True)
    return 0


def _check(option: str, labels: tuple[str, ...], file: Path) -> None:
    """ConfigError for a label that no article can have: a misspelt one would leave out nothing."""
    if not labels:
        return
    from archive.extract.labels import LABELS

    known = {*LABELS}
    if not known.issuperset(labels) and file.exists():
        from crawler.sources.file import read

        known |= {label for source in read(file) for label in source.labels}
    if unknown := sorted({*labels} - known):
        raise ConfigError(f"{option} {unknown[0]}: no such label: there are {', '.join(sorted(known))}")
