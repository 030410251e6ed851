"""wirecopy versions: what happened to an article, or lately to any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.model import Change, Event
from crawler.commands.options import as_json, collection_option, echo_json

if TYPE_CHECKING:
    from archive import Collection

__all__ = ["command"]


@click.command("versions", short_help="what happened to an article: edits, growth, deletion, moves")
@click.argument("name", metavar="[ARTICLE]", required=False)
@click.option("--since", metavar="TIME", help="What happened to any article from then on: 90m, 7d, 2026-01-31.")
@collection_option
@as_json
def command(*, name: str | None, since: str | None, path: Path, json_: bool) -> int:
    """ARTICLE is an article's id, the start of one, or its URL; without one, --since lists the whole collection.

    Each line is an event, dated by the capture that shows it. "edited" begins a version, as its title or text changed:
    minor (marks and spelling) or substantial; "grown" is a live blog or the like that got more entries; "deleted",
    "moved" and "restored" are told from what the server answered. Counters, clocks, adverts and a newer extractor make
    no version.
    """
    from archive import Collection

    if (name is None) == (since is None):
        raise click.UsageError("give either an ARTICLE or --since")
    with Collection.open(path) as collection:
        if since is not None:
            for event in collection.events_since(since):
                if json_:
                    echo_json(event)
                else:
                    click.echo(f"{event.article_id}  {_line(collection, [event])}")
            return 0
        article = collection.article(name or "")
        events = collection.events(article.article_id)
        if json_:
            for event in events:
                echo_json(event)
            return 0
        click.echo(f"{article.article_id}  {article.url}")
        for run in _runs(events):
            click.echo(_line(collection, run))
    return 0


def _runs(events: Sequence[Event]) -> Iterator[list[Event]]:
    """Growth that was not interrupted is one line."""
    for grown, group in groupby(events, key=lambda each: each.kind == "grown"):
        if grown:
            yield list(group)
        else:
            yield from ([each] for each in group)


def _line(collection: Collection, run: Sequence[Event]) -> str:
    event, last = run[0], run[-1]
    parts = [f"{event.date:%Y-%m-%dT%H:%M:%SZ}", f"{event.kind:8}"]
    if event.version:
        to = f"-{last.version}" if last is not event else ""
        parts.append(f"version {event.version}{to}:".ljust(12))
    parts.append(_what(collection, run))
    return "  ".join(parts) + f"  <{last.capture_id}>"


def _what(collection: Collection, run: Sequence[Event]) -> str:
    event = run[0]
    if len(run) > 1:
        count = sum(each.change.paragraphs_added for each in run if each.change)
        return f"{len(run)} times, {count} paragraphs more, until {run[-1].date:%Y-%m-%dT%H:%M:%SZ}"
    if event.kind == "moved":
        return f"to {event.target}"
    if event.kind == "deleted":
        return f"leads to {event.target}" if event.target else "not there any more"
    if not event.version:
        return "there again"
    titles = [version.title or "(no title)" for version in collection.versions(event.article_id)]
    title = titles[event.version - 1]
    if event.change is None:
        return f'"{title}"'
    told = _changed(event.change)
    if "title" in event.change.fields:
        told += f'; headline "{titles[event.version - 2]}" -> "{title}"'
    if event.as_version:
        told += f"; as version {event.as_version} again"
    return told


def _changed(change: Change) -> str:
    told = f"{change.weight}: {', '.join(change.fields)}"
    counts = [
        f"{sign}{count} {noun}{'s' if count > 1 else ''}"
        for sign, count, noun in (
            ("+", change.paragraphs_added, "paragraph"),
            ("-", change.paragraphs_removed, "paragraph"),
            ("+", change.words_added, "word"),
            ("-", change.words_removed, "word"),
        )
        if count
    ]
    told += f" ({', '.join(counts)})" if counts else ""
    return told + ("; says that it was corrected" if change.notice else "")
