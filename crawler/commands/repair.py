"""wirecopy repair: what verify finds, set right where that is safe."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.options import as_json, collection_option, echo_json

if TYPE_CHECKING:
    from archive.care.remedies import Left, Remedy

__all__ = ["command"]


@click.command("repair", short_help="what verify finds, set right where that is safe")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@collection_option
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Processes to read with.  [default: one a core]")
@as_json
def command(*, files: tuple[str, ...], path: Path, dry_run: bool, jobs: int | None, json_: bool) -> int:
    """Set right what can be, without inventing anything: damaged files, indexes, files.jsonl, the catalogue.

    Files are never changed in place: each is made anew from its whole records, and the one that was damaged
    is kept, byte for byte, in quarantine/. What cannot be set right safely is left as it is and named, with
    the reason. FILE is one that verify names; without, all are looked at. Needs the collection for itself,
    so not while a crawl runs. Interrupted at any point, either nothing is done or the next start completes it.

    Exit code 1 when something was left; with --dry-run, 6 when there is anything to say.
    """
    from archive.care.repair import planned, repair
    from crawler.progress import Meter

    with Meter("verified") as meter:
        if dry_run:
            plan = planned(path, files, jobs=jobs, on_progress=meter.bytes)
            remedies, left = [(remedy, "") for remedy in plan.remedies], plan.left
        else:
            repaired = repair(path, files, jobs=jobs, on_progress=meter.bytes)
            remedies, left = list(repaired.done), repaired.left
            for recovery in repaired.recovered:
                meter.clear()
                if json_:
                    echo_json({"remedy": "close", "file": recovery.file, "codes": ["unclosed"], "done": str(recovery)})
                else:
                    click.echo(str(recovery))
    for remedy, done in remedies:
        _tell_remedy(remedy, done, json_)
    for each in left:
        _tell_left(each, json_)
    if not json_:
        verb = "to be done" if dry_run else "done"
        click.echo(f"{len(remedies)} remedies {verb}, {len(left)} defects left as they are", err=True)
    if dry_run:
        return 6 if remedies or left else 0
    return 1 if left else 0


def _tell_remedy(remedy: Remedy, done: str, json_: bool) -> None:
    if json_:
        echo_json({"remedy": remedy.kind, "file": remedy.file, "codes": remedy.codes, "done": done or None})
    else:
        click.echo(f"{remedy.file} ({', '.join(remedy.codes)}): {done}" if done else str(remedy))


def _tell_left(left: Left, json_: bool) -> None:
    if json_:
        echo_json({"left": asdict(left.defect), "why": left.why})
    else:
        click.echo(str(left))
