"""wirecopy status: how each source stands."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.amounts import shortly
from crawler.commands.options import SOURCES, as_json, collection_option, echo_json

if TYPE_CHECKING:
    from crawler.watch.overview import Overview

__all__ = ["command"]

_COLUMNS = (
    *("source", "health", "last crawl", "outcome", "next", "interval", "newest article"),
    *("7 days: found", "new", "changed", "gone", "failed", "why"),
)


@click.command("status", short_help="how each source stands: last and next crawl, new articles, silent or failing")
@collection_option
@click.option("--test-alert", "trial", is_flag=True, help="Send an alert to all that sources.toml names, as a test.")
@as_json
def command(*, path: Path, trial: bool, json_: bool) -> int:
    """Each source: how it is, its last and next crawl, and what a week brought.

    'failing' is a source that did not answer for twelve crawls in a row, which get rarer, down to one a day; 'silent'
    one that answers, and has published nothing for far longer than it used to; 'worse' one whose articles lack texts,
    titles, dates or authors, or are shorter, as they never did: its site may have changed its layout. Exit code 1 when
    there is one of these.
    """
    from archive.collection import Collection
    from crawler.sources.file import read
    from crawler.watch.health import Health
    from crawler.watch.ledger import NAME, Ledger
    from crawler.watch.overview import overview

    collection = Collection.open(path)
    if trial:
        return _try_alerts(path)
    now = time.time()
    with closing(Ledger(collection.path / NAME)) as ledger:
        lines = overview(read(path / SOURCES), ledger, now)
    if json_:
        for line in lines:
            echo_json(_dated(line))
    else:
        _table(lines, now)
        for line in lines:
            for seed, target in line.moved.items():
                click.echo(f"{line.source}: {seed} has moved for good to {target}; followed meanwhile")
        if moved := [line.source for line in lines if line.moved]:
            click.echo(f"write that into {SOURCES}: wirecopy sources move {' '.join(moved)}")
    return int(any(line.health in (Health.FAILING, Health.SILENT, Health.WORSE) for line in lines))


def _try_alerts(path: Path) -> int:
    """1 where one did not arrive."""
    import asyncio

    from archive.errors import ConfigError
    from crawler.sources.file import read_alerts
    from crawler.watch.alerts import event
    from crawler.watch.alerts.courier import deliver
    from crawler.watch.alerts.webhook import Undelivered

    channels = read_alerts(path / SOURCES)
    if not channels:
        raise ConfigError(f"{path / SOURCES}: no [[alerts.webhook]] and no [[alerts.command]] in it (docs/alerts.md)")
    body = event.encode(event.trial(time.time(), path.name)).encode()
    failed = 0
    for channel in channels:
        try:
            asyncio.run(deliver(channel, body))
        except Undelivered as error:
            failed += 1
            click.echo(f"{channel.key}: {error}", err=True)
        else:
            click.echo(f"{channel.key}: delivered", err=True)
    return int(failed > 0)


def _table(lines: list[Overview], now: float) -> None:
    rows: list[Sequence[str]] = [_COLUMNS]
    for line in lines:
        last = line.last
        rows.append(
            (
                line.source,
                line.health.value + (f" ({line.failures} times)" if line.failures else ""),
                _time(last.started if last else None),
                last.outcome if last else "",
                "due" if line.next_at is not None and line.next_at <= now else _time(line.next_at),
                "" if line.interval is None else shortly(line.interval),
                _time(line.last_article),
                *(str(count) for count in (line.found, line.new, line.changed, line.gone, line.failed)),
                line.why,
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    for line in lines:
        for warning in line.warnings:
            click.echo(f"{line.source}: {warning}")


def _dated(line: Overview) -> dict[str, Any]:
    """For JSON: times in RFC 3339, spans in seconds."""
    row = asdict(line)
    for part, names in ((row, ("next_at", "last_article")), (row["last"] or {}, ("started", "ended"))):
        part |= {name: datetime.fromtimestamp(part[name], UTC) for name in names if part.get(name) is not None}
    return row


def _time(seconds: float | None) -> str:
    return "" if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%MZ}"
