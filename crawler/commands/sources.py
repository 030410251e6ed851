"""wirecopy sources: what is watched: added, listed, tried, switched off, taken from and given to feed readers."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import idna

from archive.errors import ConfigError
from crawler.amounts import counted, shortly
from crawler.commands.options import SOURCES, as_json, collection_option, echo_json

if TYPE_CHECKING:
    from crawler.items import SourceResult
    from crawler.report import CrawlReport
    from crawler.sources.source import Schedule

__all__ = ["command"]

_FEEDS = 5
_SHOWN = 10


@click.group("sources", short_help="what is watched: add, list, check, enable, disable, move, remove, import, export")
def command() -> None:
    """The collection's sources.toml, which 'wirecopy daemon' goes by: edit it by hand, or with these."""


@command.command("add", short_help="find the feeds of a site, try them, and write them down")
@click.argument("url")
@click.option("--name", help="What to call it.  [default: its host]")
@click.option("--id", "id_", metavar="ID", help="Its id, which never changes.  [default: from its name]")
@click.option("--untried", is_flag=True, help="Write it down without asking the site for anything.")
@collection_option
def add(*, url: str, name: str | None, id_: str | None, untried: bool, path: Path) -> int:
    """Add a source. Its page is asked for feeds and sitemaps, which are tried (and archived); no article is fetched.

    The feeds that answered are written down, as one of them is all that a look has to ask for; else the page itself. A
    site that does not answer is not added (exit code 9), unless --untried.
    """
    from archive.urls import canonical, host_of
    from crawler.sources import editing, keys
    from crawler.sources.file import parse, read

    keys.seed(url)
    for source in read(path / SOURCES) if (path / SOURCES).exists() and not id_ else ():
        if canonical(source.url) == canonical(url):
            raise ConfigError(f"{source.id} watches {url} already; with an --id of its own it is added once more")
    entry: dict[str, Any] = {"name": name or _readable(host_of(url)), "url": url, **({"id": id_} if id_ else {})}
    if not untried:
        import tomlkit

        trial = tomlkit.dumps({"format": 1, "source": [{**entry, "id": "trial"}]})
        parse(trial.encode(), os.environ)
        report = _dry(path, trial, ["trial"])
        result = report.sources[0]
        if not result.answered:
            click.echo(f"{url} did not answer; not added", err=True)
            return report.outcome.exit_code or 9
        _show(result)
        feeds = [feed for feed in result.feeds if "comment" not in feed.lower()]
        if feeds:
            entry["feeds"] = feeds[:_FEEDS]
    for added in editing.add(path / SOURCES, [entry]):
        click.echo(f"added {added} to {path / SOURCES}")
    return 0


@command.command("list", short_help="every source, and when it is looked at")
@collection_option
@as_json
def list_(*, path: Path, json_: bool) -> int:
    """The sources, as the file and its defaults have them."""
    from crawler.sources.file import read

    sources = read(path / SOURCES)
    widest = max((len(source.id) for source in sources), default=0)
    for source in sources:
        if json_:
            echo_json(source)
        else:
            when = _when(source.schedule) if source.enabled else "disabled"
            click.echo(f"{source.id:{widest}}  {when:20}  {' '.join(source.seeds)}")
    return 0


def _when(schedule: Schedule) -> str:
    """As sources.toml has it."""
    from crawler.sources.source import Cron, Every

    if isinstance(schedule, Every):
        return f"every {shortly(schedule.seconds)}"
    if isinstance(schedule, Cron):
        return f"cron {schedule.expression} {schedule.timezone}"
    return f"adaptive, {shortly(schedule.fresh)} to {shortly(schedule.most)}"


@command.command("check", short_help="a dry run: what would be fetched")
@click.argument("ids", nargs=-1, metavar="[ID...]")
@collection_option
@as_json
def check(*, ids: tuple[str, ...], path: Path, json_: bool) -> int:
    """Ask sources for their listings, which are archived as always, and tell which articles a crawl would fetch.

    Without an id the file is checked, and nothing is asked for.
    """
    from crawler.sources.file import read

    file = path / SOURCES
    sources = read(file)
    if not ids:
        click.echo(f"{file}: {counted(len(sources), 'source')}, all right", err=True)
        return 0
    report = _dry(path, file.read_text("utf-8"), ids)
    for result in report.sources:
        if json_:
            echo_json(result)
        else:
            click.echo(f"{result.source}:")
            _show(result)
    return report.outcome.exit_code


@command.command("enable", short_help="watch a source again")
@click.argument("id_", metavar="ID")
@collection_option
def enable(*, id_: str, path: Path) -> int:
    """Watch a source again."""
    from crawler.sources import editing

    editing.set_enabled(path / SOURCES, id_, True)
    return 0


@command.command("disable", short_help="leave a source alone, and keep what is known of it")
@click.argument("id_", metavar="ID")
@collection_option
def disable(*, id_: str, path: Path) -> int:
    """Leave a source alone; what is known of it stays, and so does what is archived."""
    from crawler.sources import editing

    editing.set_enabled(path / SOURCES, id_, False)
    return 0


@command.command("move", short_help="write down where a source has moved to")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@collection_option
def move(*, ids: tuple[str, ...], path: Path) -> int:
    """Put the addresses that sources have moved to into the file, as crawls of the daemon found them.

    Only what was redirected for good (301 and 308, all the way) is known to have moved; 'wirecopy status' shows it.
    """
    from contextlib import closing

    from archive.collection import Collection
    from crawler.sources import editing
    from crawler.sources.file import read
    from crawler.watch.ledger import NAME, Ledger

    read(path / SOURCES)  # what is wrong in it is told first
    with closing(Ledger(Collection.open(path).path / NAME)) as ledger:
        pasts = ledger.pasts()
    for id_ in ids:
        moves = pasts[id_].moved if id_ in pasts else {}
        done = editing.move(path / SOURCES, id_, moves)
        for old, new in done.items():
            click.echo(f"{id_}: {new} (was {old})")
        if not done:
            click.echo(f"{id_}: nothing of it has moved, as far as crawls of it found", err=True)
    return 0


@command.command("remove", short_help="take a source out of the file")
@click.argument("id_", metavar="ID")
@collection_option
def remove(*, id_: str, path: Path) -> int:
    """Take a source out of the file; what is archived of it stays."""
    from crawler.sources import editing

    editing.remove(path / SOURCES, id_)
    return 0


@command.command("import", short_help="the feeds of an OPML file")
@click.argument("file", type=click.Path(path_type=Path))
@collection_option
def import_(*, file: Path, path: Path) -> int:
    """Add a source for each feed of an OPML file, as feed readers give them out; - for stdin. None is tried."""
    from crawler.sources import editing, opml
    from crawler.sources.file import read

    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}") from error
    known = {feed for source in read(path / SOURCES) for feed in source.feeds} if (path / SOURCES).exists() else set()
    try:
        feeds = opml.read(data)
    except ConfigError as error:
        raise ConfigError(f"{file}: {error}") from None
    entries = [entry for entry in feeds if entry["feeds"][0] not in known]
    added = editing.add(path / SOURCES, entries) if entries else []
    there = f"; of {len(feeds)} feeds, {len(feeds) - len(added)} are in it already" if len(added) < len(feeds) else ""
    click.echo(f"added {counted(len(added), 'source')} to {path / SOURCES}{there}", err=True)
    return 0


@command.command("export", short_help="the sources as OPML")
@collection_option
def export(*, path: Path) -> int:
    """The sources' feeds as OPML 2.0, on stdout, for feed readers."""
    from crawler.sources import opml
    from crawler.sources.file import read

    click.echo(opml.write(read(path / SOURCES)).decode(), nl=False)
    return 0


def _readable(host: str) -> str:
    """``münchen.de``, which is ``xn--mnchen-3ya.de`` to machines."""
    try:
        return idna.decode(host)
    except idna.IDNAError:
        return host.strip("[]")


def _dry(path: Path, text: str, ids: tuple[str, ...] | list[str]) -> CrawlReport:
    """A dry run by what the text of a file says, which need not be the collection's."""
    from archive.collection import Collection
    from crawler import run

    Collection.create(path)
    trial = path / f".{SOURCES}.{secrets.token_hex(4)}"
    try:
        trial.write_text(text, "utf-8")
        return run.crawl_sources(trial, ids, collection=path, extract=False, dry=True)
    finally:
        trial.unlink(missing_ok=True)


def _show(result: SourceResult) -> None:
    for kind, urls in (("feed", result.feeds), ("sitemap", result.sitemaps)):
        for url in urls:
            click.echo(f"  {kind} {url}")
    listed, wanted = counted(result.found, "article"), len(result.wanted)
    click.echo(f"  {listed} listed, {result.known} archived before; would fetch {wanted}{':' if wanted else ''}")
    for url in result.wanted[:_SHOWN]:
        click.echo(f"    {url}")
    if wanted > _SHOWN:
        click.echo(f"    … {wanted - _SHOWN} more")
