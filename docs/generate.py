"""Writes the pages that come from the program itself, and those of its tests' data. ``make docs``; a test compares."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from archive.care.defects import CODES
from crawler.commands import COMMANDS, EXIT_CODES, cli
from crawler.discovery.platforms import PLATFORMS
from crawler.watch.metrics import METRICS
from tests.fetch.test_odd import MORE_THAN_A_BROWSER
from tests.hostile.case import Case
from tests.hostile.sites import CASES
from tests.hostile.sites import GROUPS as HOSTILE_GROUPS
from tests.newsroom.odd import BROWSER, ODD, codings, endings, framing, heads, usable, verdict

__all__ = ["PAGES"]

HERE = Path(__file__).parent
_WIDTH = 100


def commands() -> str:
    """What ``--help`` says, for each command."""
    parts = ["# Commands", "", "What `wirecopy COMMAND --help` says. Made by `make docs`; do not edit.", ""]
    context = click.Context(cli, info_name="wirecopy", terminal_width=_WIDTH)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        help_text = command.get_help(click.Context(command, info_name=name, parent=context, terminal_width=_WIDTH))
        parts += [f"## {name}", "", "```", help_text, "```", ""]
        for part, inner in command.commands.items() if isinstance(command, click.Group) else ():
            above = click.Context(command, info_name=name, parent=context)
            help_text = inner.get_help(click.Context(inner, info_name=part, parent=above, terminal_width=_WIDTH))
            parts += [f"### {name} {part}", "", "```", help_text, "```", ""]
    parts += ["## Exit codes", "", "```", EXIT_CODES.removeprefix("\b\n").removeprefix("Exit codes:\n"), "```", ""]
    return "\n".join(parts)


def defects() -> str:
    """Every code that verify can name."""
    parts = [
        "# What verify finds",
        "",
        "A *defect* makes `wirecopy verify` exit with 6; a *note* (`--notes`) is unusual, and allowed. Files of other",
        "programs are held to the standard, ours to all of our own rules too. Made by `make docs`; do not edit.",
        "",
        "| code | in our files | in others' | what it means |",
        "|---|---|---|---|",
    ]
    parts += [f"| `{code}` | {rule.ours or '–'} | {rule.foreign or '–'} | {rule.why} |" for code, rule in CODES.items()]
    return "\n".join([*parts, ""])


def metrics() -> str:
    """What the daemon's /metrics has."""
    parts = [
        "# Metrics",
        "",
        "What `/metrics` of `wirecopy daemon --metrics [HOST:]PORT` has, besides `process_…` as everywhere. Those of a",
        "source have its id as label `source`, and no other label; counters begin at the daemon's start. Made by",
        "`make docs`; do not edit.",
        "",
        "| metric | |",
        "|---|---|",
    ]
    return "\n".join([*parts, *(f"| `{name}` | {text} |" for name, text in METRICS.items()), ""])


_GROUPS = {
    "Status lines, header fields, types, redirects": heads.CASES,
    "Lengths, chunks, statuses without a body": framing.CASES,
    "Interim heads, surplus, broken connections, other protocols": endings.CASES,
    "Content encodings and charsets": codings.CASES,
}


def odd_responses() -> str:
    """Each odd response of the rig, and what becomes of it."""
    parts = [
        "# Odd responses",
        "",
        f"{len(ODD)} answers that real servers do give, and what becomes of each. `tests/fetch/test_odd.py` sends them",
        "all, over http and https, on fresh and on kept-alive connections, and holds every row: what was archived is",
        "what the server's own log says it sent, byte for byte (of bytes after a message's end, the first 64 KiB); the",
        f"spider gets the page, or the redirect, wherever a browser ({BROWSER}) shows one; and the next page is",
        "never parsed from what belongs to this one.",
        "Made by `make docs`; do not edit.",
        "",
        "| group | cases | archived byte for byte | a page in the browser: http, https | a page here: http, https |",
        "|---|---|---|---|---|",
    ]
    for title, cases in (*_GROUPS.items(), ("**all**", tuple(ODD.values()))):
        names = [case.name for case in cases]
        browser = [sum(usable(name, scheme) for name in names) for scheme in ("http", "https")]
        here = [sum(_usable_here(name, scheme) for name in names) for scheme in ("http", "https")]
        parts.append(f"| {title} | {len(names)} | {len(names)} | {browser[0]}, {browser[1]} | {here[0]}, {here[1]} |")
    for title, cases in _GROUPS.items():
        parts += ["", f"## {title}", "", "| case | status | browser | here | WARC-Truncated |", "|---|---|---|---|---|"]
        for case in cases:
            shown = verdict(case.name)
            if verdict(case.name, "https") != shown:
                shown += f" (https: {verdict(case.name, 'https')})"
            given = "page" if usable(case.name) else "page all the same" if _usable_here(case.name, "http") else ""
            row = [f"`{case.name}`", str(case.status or "none"), shown, given, case.truncated or ""]
            parts.append("| " + " | ".join(row) + " |")
    return "\n".join([*parts, ""])


def _usable_here(name: str, scheme: Literal["http", "https"]) -> bool:
    return usable(name, scheme) or name in MORE_THAN_A_BROWSER


def hostile() -> str:
    """Each hostile site of the rig, and what a crawl makes of it."""
    parts = [
        "# Hostile sites",
        "",
        f"{len(CASES)} sites that are up to no good. `tests/hostile` serves them all at once, crawls them together",
        "with healthy ones, and holds every row: the hostile answer is archived so, the report says so, the site's own",
        "honest stories are there all the same, and healthy hosts do not notice. What has the label of a",
        "[wall](labels.md) is in the text feed only when it is asked for (`--walls`). See also [limits](limits.md).",
        "Made by `make docs`; do not edit.",
        "",
        "Other hosts are finished *in the usual time*: what they take from the crawl's first request to their last",
        "article, alone or with as many small honest sites in place of the hostile ones, at the same pace, give or",
        "take a fifth. Only where the crawl has too little CPU to be there when a host may be asked, they wait for the",
        "turns of others ([politeness](politeness.md)).",
        "`python -m benchmarks.hostile` measures all three ([performance](performance.md)).",
    ]
    columns = ["| case | a site that … | its record | label | report |", "|---|---|---|---|---|"]
    for title, cases in HOSTILE_GROUPS.items():
        parts += ["", f"## {title}", "", *columns]
        parts += [f"| {' | '.join(_hostile_row(case))} |" for case in cases]
    return "\n".join([*parts, ""])


def _hostile_row(case: Case) -> list[str]:
    record = case.record
    kept = "none: nothing came" if record is None else str(record.status or "no valid status")
    if record is not None and record.truncated:
        kept += f", truncated: {record.truncated}"
    said = [f"held back: {case.limit}"] if case.limit else []
    said += [f"failed: {case.failure}"] if case.failure else []
    return [f"`{case.name}`", case.does.replace("|", "\\|"), kept, case.label or "", "; ".join(said)]


def platforms() -> str:
    """Where sites on each platform list their articles."""
    parts = [
        "# Platforms",
        "",
        "Where sites on a platform list their articles, whether their pages declare it or not: of each cell the first",
        "that holds a listing is used; `{path}` is that of a section. Made by `make docs`; do not edit.",
        "",
        "| platform | feeds and interfaces | sitemaps, unless declared | of each section |",
        "|---|---|---|---|",
    ]
    for each in PLATFORMS:
        cells = ["<br>".join(f"`{name}`" for name in row) for row in (each.feeds, each.sitemaps, each.sections)]
        parts.append(f"| {each.name} | {' | '.join(cells)} |")
    return "\n".join([*parts, ""])


PAGES = {
    "commands.md": commands,
    "metrics.md": metrics,
    "defects.md": defects,
    "hostile.md": hostile,
    "odd-responses.md": odd_responses,
    "platforms.md": platforms,
}


def main() -> None:
    for name, page in PAGES.items():
        (HERE / name).write_text(page())


if __name__ == "__main__":
    main()
