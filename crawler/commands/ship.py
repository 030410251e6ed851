"""wirecopy ship: closed WARC files to other storage, proven there before they go here."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.errors import ConfigError
from crawler.amounts import amount, size, span
from crawler.commands.options import as_json, collection_option, echo_json

if TYPE_CHECKING:
    from archive.care.retention import Rules
    from archive.collection import Collection
    from archive.storage.address import Address

__all__ = ["chosen", "command"]


@click.command("ship", short_help="closed WARC files to S3 or another disk, checked before they go here")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@collection_option
@click.option("--to", envvar="WIRECOPY_SHIP_TO", metavar="PLACE", help="s3://bucket/prefix, or a directory.")
@click.option(
    "--endpoint", envvar=["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"], metavar="URL", help="Of a store that is not AWS."
)
@click.option("--region", envvar=["AWS_REGION", "AWS_DEFAULT_REGION"], metavar="NAME", help="Of the bucket.")
@click.option(
    "--keep", envvar="WIRECOPY_SHIP_KEEP", metavar="SPAN", help="How long files stay here too: 30d, 0, or all.  [all]"
)
@click.option(
    "--free", envvar="WIRECOPY_SHIP_FREE", metavar="SIZE", help="Room the disk should have: the oldest go for it."
)
@click.option("--recheck", is_flag=True, help="Ask again whether files that are here are there, too.")
@click.option("--back", is_flag=True, help="The other way: FILEs, or all, from the store.")
@click.option("--dry-run", is_flag=True, help="Only say what would be shipped or brought.")
@as_json
def command(
    *,
    files: tuple[str, ...],
    path: Path,
    to: str | None,
    endpoint: str | None,
    region: str | None,
    keep: str | None,
    free: str | None,
    recheck: bool,
    back: bool,
    dry_run: bool,
    json_: bool,
) -> int:
    """Copy closed WARC files to a store, and let go of them here when the rules say so.

    What was sent is read back whole and its SHA-256 compared, and only then is it noted in shipped.jsonl; only
    what is noted there goes here. Everything else goes on as before: captures of shipped files are found,
    shown, read and exported. Can be stopped at any time; the next pass goes on.

    Where to, and the rules, may also stand in collection.toml, in a table [ship]. Credentials for S3 come from
    the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.

    \b
    Examples:
      wirecopy ship --to s3://news-archive/warc --keep 30d
      wirecopy ship --to /mnt/cold/news --free "50 GB"
      wirecopy ship --back news-20261101120000000-00001-host.warc.gz

    Exit code 1 when something was not shipped, 5 when the store is no use.
    """
    from archive.care.ship import Pass, ship, to_ship
    from archive.collection import Collection
    from crawler.progress import Meter

    signal.signal(signal.SIGTERM, _terminated)
    collection = Collection.open(path)
    if back:
        return _back(collection, files, dry_run, json_)
    if files:
        raise ConfigError("all closed files are shipped; single ones are named with --back")
    address, rules = chosen(collection, to=to, endpoint=endpoint, region=region, keep=keep, free=free)
    if dry_run:
        waiting = to_ship(collection, address)
        for listed in waiting:
            click.echo(f"{listed.where}/{listed.name}: {listed.size} bytes, to {address}")
        click.echo(f"{len(waiting)} files to be shipped, {sum(each.size for each in waiting)} bytes", err=True)
        return 0
    with Meter("sent and read back") as meter:

        def say(text: str) -> None:
            meter.clear()
            if not json_:
                click.echo(text, err=True)

        done: Pass = ship(collection, address, rules, recheck=recheck, on_progress=meter.bytes, on_file=say)
    for failure in done.failed:
        click.echo(str(failure), err=True)
    if json_:
        echo_json(done)
    else:
        said = f"{len(done.shipped)} files shipped and checked, {len(done.dropped)} let go of here ({size(done.freed)})"
        click.echo(said + (f", {done.erased} erased after takedowns" if done.erased else ""), err=True)
    return 1 if done.failed else 0


def chosen(
    collection: Collection,
    *,
    to: str | None,
    endpoint: str | None,
    region: str | None,
    keep: str | None,
    free: str | None,
) -> tuple[Address, Rules]:
    """Where to, and by which rules: what was said here, else what ``collection.toml`` says; ConfigError for neither."""
    from archive.care.retention import Rules
    from archive.config import CONFIG_NAME, ShipConfig
    from archive.storage.address import parse

    table = collection.config.ship
    if to is None and table is None:
        raise ConfigError(f"say where to: --to PLACE, or a table [ship] in {collection.path / CONFIG_NAME}")
    said = table or ShipConfig(to="")
    keep, free = keep or said.keep, free or said.free or "0"
    age = None if keep == "all" else span(keep)
    if age is None and keep != "all":
        raise ConfigError(f"ship.keep: {keep!r} is no span of time, such as 12h, 30d or 0, and not 'all'")
    room = amount(free)
    if room is None:
        raise ConfigError(f"ship.free: {free!r} is no size, such as 500 MB or 50 GB")
    address = parse(
        to or said.to,
        base=Path.cwd() if to else collection.path,
        endpoint=endpoint or (said.endpoint if to in (None, said.to) else None),
        region=region or (said.region if to in (None, said.to) else None),
    )
    return address, Rules(keep=age, free=room)


def _back(collection: Collection, files: tuple[str, ...], dry_run: bool, json_: bool) -> int:
    from archive.care.back import bring_back, wanted
    from crawler.progress import Meter

    if dry_run:
        for copy in wanted(collection, files):
            click.echo(f"{copy.key}: {copy.size} bytes, from {copy}")
        return 0
    with Meter("brought") as meter:

        def say(text: str) -> None:
            meter.clear()
            if not json_:
                click.echo(text, err=True)

        brought = bring_back(collection, files, on_progress=meter.bytes, on_file=say)
    if json_:
        echo_json({"brought": brought})
    else:
        click.echo(f"{len(brought)} files brought back", err=True)
    return 0


def _terminated(_number: int, _frame: object) -> None:
    """Every step can be left at any time: the next pass goes on from there."""
    raise SystemExit(128 + signal.SIGTERM)
