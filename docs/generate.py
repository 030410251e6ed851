"""Writes the pages that come from the program itself: commands.md and defects.md. ``make docs``; a test compares."""

from __future__ import annotations

from pathlib import Path

import click

from archive.care.defects import CODES
from crawler.commands import COMMANDS, EXIT_CODES, cli

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


PAGES = {"commands.md": commands, "defects.md": defects}


def main() -> None:
    for name, page in PAGES.items():
        (HERE / name).write_text(page())


if __name__ == "__main__":
    main()
