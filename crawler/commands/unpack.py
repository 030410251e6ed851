"""wirecopy unpack: a WACZ file back into a collection, when it holds what it says."""

from __future__ import annotations

from pathlib import Path

import click

from archive.errors import Refused
from crawler.commands.options import as_json, collection_option, echo_json
from crawler.progress import Meter

__all__ = ["command"]


@click.command("unpack", short_help="a WACZ file back into a collection, every digest checked")
@click.argument("package", metavar="FILE.wacz", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@collection_option
@click.option("--check", "check_only", is_flag=True, help="Only say whether it holds what it says.")
@click.option("--signer", metavar="FINGERPRINT", help="Only if the key of this fingerprint has signed it.")
@click.option("--extract/--no-extract", default=True, show_default=True, help="Read the articles in it, too.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes that read articles.  [default: cores - 1]")
@as_json
def command(
    *,
    package: Path,
    path: Path,
    check_only: bool,
    signer: str | None,
    extract: bool,
    workers: int | None,
    json_: bool,
) -> int:
    """Check every digest of a WACZ file, and its signature if it has one; then restore its WARC files.

    They join the collection, which is made when absent, as with 'wirecopy import', which takes WACZ files of which
    only some is whole, too. Here one mismatch is enough for nothing to be restored: each is named, and the exit code
    is 6. With --signer a file that nobody signed, or somebody else, is refused with 8.
    """
    from archive.care.imports import import_file, importing
    from archive.collection import Collection
    from archive.pack.check import check
    from crawler.commands.imports import read_articles, tell

    with Meter("checked") as meter:
        checked = check(package, meter.bytes)
    if not json_ or checked.faults:
        for fault in checked.faults:
            click.echo(f"{package}: {fault}", err=True)
    if checked.faults or check_only:
        if json_:
            echo_json(checked)
        elif not checked.faults:
            by = f"signed by the key {checked.signer}" if checked.signer else "not signed"
            click.echo(f"{package}: {checked.resources} entries are what they should be, {by}", err=True)
    if checked.faults:
        return 6
    if signer and signer.lower().replace(":", "") != checked.signer:
        who = f"is signed by the key {checked.signer}" if checked.signer else "is not signed"
        raise Refused(f"{package} {who}, and not by {signer}, which --signer asks for")
    if check_only:
        return 0
    collection = Collection.create(path)
    with importing(collection):
        results = list(import_file(collection, package, copy=True))
    state = read_articles(collection, workers) if extract else None
    if json_:
        echo_json({"files": results, "articles": state.articles if state else None, "signer": checked.signer})
    else:
        tell(results, state)
    return 0 if all(each.whole for each in results) else 1
