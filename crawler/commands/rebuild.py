"""wirecopy rebuild: everything derived, made again from the WARC files."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.amounts import counted
from crawler.commands.options import as_json, collection_option, echo_json

__all__ = ["command"]


@click.command("rebuild", short_help="index and catalogue anew, from the WARC files")
@collection_option
@as_json
def command(*, path: Path, json_: bool) -> int:
    """Make indexes/ and catalogue.sqlite anew: the same lines and rows as before.

    Needs the collection for itself, so not while a crawl runs. Interrupted at any point, what was there
    before is still there. Nothing is fetched and nothing is extracted: readings are records too.

    Exit code 6 when records could not be read; each is named.
    """
    from archive.care.rebuild import Rebuild, rebuild
    from archive.collection import Collection
    from crawler.progress import Meter

    with Meter("indexed") as meter:

        def show(state: Rebuild) -> None:
            meter.count(state.indexed, state.files, "files")

        result = rebuild(Collection.open(path), show)
    for damage in result.damaged:
        click.echo(str(damage), err=True)
    if json_:
        echo_json(
            {
                "files": result.files,
                "captures": result.captures,
                "unread": result.unread,
                "readings": result.readings,
                "articles": result.articles,
                "removed": result.removed,
                "damaged": [str(damage) for damage in result.damaged],
            }
        )
    else:
        click.echo(
            f"rebuilt from {counted(result.files, 'file')}: {counted(result.captures, 'capture')}, "
            f"{counted(result.readings, 'reading')}, {counted(result.articles, 'article')}",
            err=True,
        )
        if result.unread:
            click.echo(f"{counted(result.unread, 'page')} not read yet: 'wirecopy extract' reads them", err=True)
    return 6 if result.damaged else 0
