"""wirecopy proxy: the archive to any client of HTTP, as the sites were."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from archive.disk import refused
from archive.resolve import POLICIES, Policy
from archive.since import parse_moment
from crawler.amounts import counted
from crawler.commands.options import as_json, collection_option, echo_json

if TYPE_CHECKING:
    from crawler.serve.proxy import Proxying

__all__ = ["command"]


@click.command("proxy", short_help="the archive to any browser or program, scripts and all")
@collection_option
@click.option("--port", type=click.IntRange(0, 65535), default=8082, show_default=True, help="Port to listen on.")
@click.option("--bind", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option(
    "--at", "at_text", metavar="TIME", help="The sites as of then (2026-11-23T10:15, 20261123, 7d), not newest."
)
@click.option(
    "--policy",
    type=click.Choice(POLICIES),
    default="closest",
    show_default=True,
    help="Which captures will do for that time.",
)
@click.option(
    "--memento", "dated", is_flag=True, help="Add Memento-Datetime to what was archived: heads are not exact then."
)
@click.option(
    "--authority",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the key is that certificates are made with.  [default: ~/.local/state/wirecopy]",
)
@click.option(
    "--misses", type=click.Path(path_type=Path, dir_okay=False), help="Add each URL that is not there to a file."
)
@as_json
def command(
    *,
    path: Path,
    port: int,
    bind: str,
    at_text: str | None,
    policy: Policy,
    dated: bool,
    authority: Path | None,
    misses: Path | None,
    json_: bool,
) -> int:
    """An HTTP and HTTPS proxy that answers from the archive, until Ctrl-C: status, headers and body byte for byte as
    they were captured nearest to --at, or to the Accept-Datetime of a request; else the newest. The network is never
    asked: what is not there is status 504 with the header X-Archive-Miss.

    For https it makes certificates, by an authority of its own that your client must trust: http://wirecopy.invalid/
    hands it out, through the proxy. Archived pages run their scripts: use a browser profile made for this alone.

    Exit code 130 after Ctrl-C, 143 after SIGTERM.
    """
    from crawler.serve.authority import default_directory
    from crawler.serve.proxy import proxy

    def ready(proxying: Proxying) -> None:
        if json_:
            echo_json(proxying)
        lines = f"proxy        {proxying.proxy}\nstart page   {proxying.start}\ncertificate  {proxying.certificate}"
        click.echo(f"{lines}\nCtrl-C ends it", err=True)

    at = parse_moment(at_text, datetime.now(UTC)) if at_text else None
    with ExitStack() as stack:
        code, tally = proxy(
            path,
            bind=bind,
            port=port,
            at=at,
            policy=policy,
            dated=dated,
            authority=authority or default_directory(),
            misses=stack.enter_context(_appended(misses)) if misses else None,
            ready=ready,
        )
    click.echo(
        f"{counted(tally.answers, 'answer')}, {counted(tally.misses, 'request')} for what is not in the archive",
        err=True,
    )
    return code


def _appended(path: Path) -> TextIO:
    try:
        return path.open("a", encoding="utf-8")
    except OSError as error:
        raise refused(error, path) from error
