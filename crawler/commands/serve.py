"""wirecopy serve: the archive in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.options import as_json, collection_option, echo_json

if TYPE_CHECKING:
    from crawler.serve.run import Serving

__all__ = ["command"]


@click.command("serve", short_help="the archive in a browser: search, and pages as they were")
@collection_option
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="Of the reading room.")
@click.option(
    "--replay-port", type=click.IntRange(0, 65535), default=8081, show_default=True, help="Of the replay server."
)
@click.option("--bind", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option("--name", "names", multiple=True, help="A host name by which others may call it. Repeatable.")
@as_json
def command(*, path: Path, port: int, replay_port: int, bind: str, names: tuple[str, ...], json_: bool) -> int:
    """Two servers, until Ctrl-C. The reading room has a search, the captures of a URL, and a CDX API. The replay
    server shows pages as they were captured, at /20261123101500/https://…, with all they need from the archive, and
    nothing from anywhere else; it speaks Memento (RFC 7089).

    Archived pages run no scripts, and reach neither the network nor the reading room. There is no password: whoever
    reaches the ports reads the archive.

    Exit code 130 after Ctrl-C, 143 after SIGTERM.
    """
    from crawler.serve.run import serve

    def ready(serving: Serving) -> None:
        if json_:
            echo_json({"room": serving.room, "replay": serving.replay})
        click.echo(f"reading room   {serving.room}\nreplay server  {serving.replay}\nCtrl-C ends both", err=True)

    return serve(path, bind=bind, port=port, replay_port=replay_port, names=names, ready=ready)
