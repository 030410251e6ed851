"""wirecopy takedown: removed for good, and on the record."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.errors import ConfigError, Refused
from crawler.amounts import counted
from crawler.commands.options import as_json, collection_option, echo_json

if TYPE_CHECKING:
    from archive.care.takedown import Plan

__all__ = ["command"]

_SHOWN = 20


@click.command("takedown", short_help="captures, or a content, removed for good")
@click.option("--capture", metavar="NAME", help="All captures of a URL or of an article, or one by its record id.")
@click.option("--content", metavar="DIGEST", help="Every copy of a payload, by its digest: sha1:…")
@click.option("--reason", required=True, help="Why: kept in the tombstones and in takedowns.jsonl.")
@click.option("--url-too", is_flag=True, help="The URL does harm itself: leave it out of tombstones, logs and reports.")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@collection_option
@as_json
def command(
    *,
    capture: str | None,
    content: str | None,
    reason: str,
    url_too: bool,
    dry_run: bool,
    yes: bool,
    path: Path,
    json_: bool,
) -> int:
    """Remove captures with all that came of them: records, text, index lines, catalogue rows, full text.

    The files that hold any of it are made anew; a tombstone record says that something was there, and
    takedowns.jsonl who removed it and why. Pages that were stored only as "the same as a removed one" get
    its payload with --capture, and go too with --content. Needs the collection for itself, so not while a
    crawl runs. There is no way back. Copies, exports and backups made before are out of reach.

    \b
    Examples:
      wirecopy takedown --capture https://example.org/story --reason "court order 12/26" --dry-run
      wirecopy takedown --content sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ --reason "personal data" --yes

    Exit code 1 when there is no such thing, 6 when it is done but damaged records could not be looked into.
    """
    from archive.care.takedown import capture_target, content_target, takedown
    from archive.collection import Collection
    from crawler.progress import Meter

    if (capture is None) == (content is None):
        raise ConfigError("say what to remove: either --capture or --content")
    if not (dry_run or yes or sys.stdin.isatty()):
        raise Refused("nothing was removed: with nobody to ask, takedown needs --yes (or --dry-run)")
    target = capture_target(capture) if capture is not None else content_target(content or "")
    plans: list[Plan] = []

    def agreed(plan: Plan) -> bool:
        meter.clear()
        plans.append(plan)
        if not (json_ and (yes or dry_run)):
            click.echo(_described(plan), err=True)
        return not dry_run and (yes or click.confirm("Remove this for good?", err=True))

    with Meter("looked through") as meter:
        removed = takedown(
            Collection.open(path), target, reason=reason, agreed=agreed, url_too=url_too, on_progress=meter.bytes
        )
    (plan,) = plans
    for damage in plan.damaged:
        click.echo(f"could not be looked into: {damage}", err=True)
    if json_:
        echo_json(_document(plan, removed))
    elif removed:
        click.echo(f"removed {counted(plan.records, 'record')}, from {counted(len(plan.files), 'file')}", err=True)
    else:
        click.echo("nothing was removed", err=True)
    if removed and (kept := list((path / "quarantine").glob("*"))):
        click.echo(
            f"{path / 'quarantine'} holds {len(kept)} damaged files that may have it too: look, and delete", err=True
        )
    if not removed and not dry_run:
        return 8
    return 6 if plan.damaged else 0


def _described(plan: Plan) -> str:
    lines = [f"to be removed: {len(plan.captures)} captures with {plan.readings} texts, {plan.records} records in all"]
    lines += [f"  {held.date}  {held.url}  {held.id}" for held in plan.captures[:_SHOWN]]
    if len(plan.captures) > _SHOWN:
        lines.append(f"  … {len(plan.captures) - _SHOWN} more")
    lines += [f"gets the payload carried over: {held.date}  {held.url}" for held in plan.heirs]
    if plan.pointed:
        lines.append(f"to be pointed elsewhere: {plan.pointed} revisits")
    lines += [f"to be made anew: {file}" for file in plan.files]
    return "\n".join(lines)


def _document(plan: Plan, removed: bool) -> dict[str, object]:
    return {
        "removed": removed,
        "captures": [{"id": held.id, "url": held.url, "date": held.date} for held in plan.captures],
        "records": plan.records,
        "readings": plan.readings,
        "carried_over": [held.id for held in plan.heirs],
        "pointed": plan.pointed,
        "files": [file.name for file in plan.files],
        "damaged": [str(damage) for damage in plan.damaged],
    }
