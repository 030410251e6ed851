"""wirecopy daemon: sources watched on their schedules, unattended."""

from __future__ import annotations

import logging
import os
import signal
from pathlib import Path

import click

from archive.errors import ConfigError, StorageError
from crawler.amounts import RESERVE
from crawler.commands.options import SOURCES, collection_option, log_format_option, parse_settings
from crawler.logs import FACTS, Form, handler, rotation
from crawler.redaction import secrets
from crawler.values import size

__all__ = ["command"]


@click.command("daemon", short_help="watch the sources of sources.toml, each on its schedule")
@collection_option
@click.option("--processes", type=click.IntRange(1, 64), default=2, show_default=True, help="Crawls at once.")
@click.option(
    "--batch", type=click.IntRange(1, 200), default=10, show_default=True, help="Sources in one crawl, at most."
)
@click.option(
    "--hung",
    type=click.IntRange(min=30),
    default=120,
    show_default=True,
    metavar="SECONDS",
    help="Kill a crawl that gave no sign of life for so long; its sources are due again.",
)
@click.option(
    "--metrics",
    metavar="[HOST:]PORT",
    help="Serve /metrics (Prometheus) and /healthz there; without a host, to this machine alone.",
)
@log_format_option
@click.option(
    "--log-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the daemon's log there and not to stderr; the file is put aside at 50 MB, or as WIRECOPY_LOG_… say.",
)
@click.option(
    "--keep-logs",
    type=click.IntRange(min=0),
    default=30,
    show_default=True,
    metavar="DAYS",
    help="Remove what older crawls left in crawls/: their logs and reports are in WARC files, too. 0: never.",
)
@click.option("--once", is_flag=True, help="Crawl what is due, and end: for cron and systemd timers.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A setting of every crawl (repeatable).")
def command(
    *,
    path: Path,
    processes: int,
    batch: int,
    hung: int,
    metrics: str | None,
    log_format: Form,
    log_file: Path | None,
    keep_logs: int,
    once: bool,
    settings: tuple[str, ...],
) -> int:
    """Crawl each source of the collection's sources.toml when it is due, until SIGTERM or Ctrl-C.

    Crawls run in processes of their own, several sources in each. What comes of them is kept in state.sqlite, for
    'wirecopy status'. The file is read again when it changes, and on SIGHUP; one that is not right leaves the last good
    one in force. Exit code 5 where nothing can be written, though there is room on the disk.
    """
    import asyncio

    from archive.collection import Collection
    from crawler.watch.daemon import Daemon, Options

    chosen = {**os.environ, **parse_settings(settings)}
    options = ("--log-format", log_format, *(word for pair in settings for word in ("--set", pair)))
    try:
        hidden = secrets(parse_settings(settings))
        made = handler(log_file, form=log_format, level="INFO", rotated=rotation(chosen), secrets=hidden)
    except OSError as error:
        raise ConfigError(f"--log-file {log_file}: {error.strerror}") from error
    log = logging.getLogger("wirecopy.daemon")
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(made)
    collection = Collection.create(path)
    with collection.only_one("daemon"):
        daemon = Daemon(
            path,
            path / SOURCES,
            Options(
                processes=processes,
                batch=batch,
                hung=hung,
                reserve=size(chosen, "WIRECOPY_RESERVE", RESERVE),
                keep=keep_logs * 86_400.0,
                once=once,
                metrics=metrics,
                crawl=options,
            ),
            lambda text, **facts: log.info("%s", text, extra={FACTS: facts}),
        )
        asyncio.run(daemon.run())
    if daemon.signalled is None:
        return StorageError.exit_code if daemon.unwritable else 0
    return 130 if daemon.signalled == signal.SIGINT else 143
