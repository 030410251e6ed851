"""wirecopy verify: does the archive hold what it says."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from archive.errors import ConfigError
from crawler.amounts import counted
from crawler.commands.options import as_json, collection_option, echo_json

__all__ = ["command"]


@click.command("verify", short_help="does the archive hold what it says")
@click.argument("files", nargs=-1, metavar="[WARC]...", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@collection_option
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Processes to read with.  [default: one a core]")
@click.option("--notes/--no-notes", default=False, help="Also what is unusual, and no defect.")
@click.option("--remote", is_flag=True, help="Also read whole what was shipped.  [default: ask whether it is there]")
@click.option("--offline", is_flag=True, help="Ask no store.")
@as_json
def command(
    *,
    files: tuple[Path, ...],
    path: Path,
    jobs: int | None,
    notes: bool,
    remote: bool,
    offline: bool,
    json_: bool,
) -> int:
    """Read every file whole, and name every defect with its file and offset.

    Checks members, lengths, ids, dates, digests, references, revisits, the index against the records, each
    file against what was noted when it was closed, and the catalogue against both. Changes nothing, and may
    run beside a crawl. With WARC files named it checks those by themselves, whoever wrote them.

    Of files that were shipped, their store is asked whether they are there, as large and as untouched as they
    were; --remote reads and checks them like all others.

    Exit code 6 when there are defects. With --json a line each, and the sums last.
    """
    gc.set_threshold(100_000)  # neither imports nor records leave cycles, and looking for them takes a tenth of the CPU
    from archive.care.verify import Verification
    from crawler.progress import Meter

    if remote and offline:
        raise ConfigError("--remote reads from stores, and --offline asks none: choose one")
    with Meter("verified") as meter:
        verification = Verification(files or path, jobs=jobs, progress=meter.bytes, remote=None if offline else remote)
        for defect in verification:
            if defect.severity == "note" and not notes:
                continue
            meter.clear()
            if json_:
                echo_json(defect)
            else:
                click.echo(str(defect))
    gc.freeze()  # nor need the end of the process look through all that was imported
    sums = verification.sums
    if json_:
        echo_json(sums)
    else:
        found = sums.defects.total()
        verdict = counted(found, "defect") if found else "no defects"
        read, records = counted(sums.files, "file"), counted(sums.records, "record")
        click.echo(f"{verdict} in {read}, {records}, {sums.bytes} bytes", err=True)
    return 6 if sums.defects else 0
