"""The command line: one file a verb, and here the edge where errors become one line and an exit code.

The table names every verb; a verb's module is imported only when it is asked for, so that
``wirecopy search`` does not wait for Scrapy and trafilatura.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
import traceback
from pathlib import Path

import click

from archive.disk import refused
from archive.errors import WirecopyError
from archive.version import __version__

__all__ = ["COMMANDS", "cli", "main"]

COMMANDS = {
    "crawl": "archive pages from a site, feed, sitemap or list of URLs",
    "sources": "what is watched: add, list, check, enable, disable, move, remove, import, export",
    "daemon": "watch the sources of sources.toml, each on its schedule",
    "status": "how each source stands: last and next crawl, new articles, silent or failing",
    "import": "take in WARC, ARC and WACZ files of any maker",
    "extract": "articles from what was captured, by today's extractor",
    "search": "find articles by words",
    "show": "an article: text, facts, and where each came from",
    "cite": "the records that prove an article, and how to check them without wirecopy",
    "versions": "what happened to an article: edits, growth, deletion, moves",
    "diff": "two versions of an article, word by word",
    "recipes": "rules for single sites: check, test, suggest",
    "serve": "the archive in a browser: search, and pages as they were",
    "proxy": "the archive to any browser or program, scripts and all",
    "export": "articles as JSON Lines, CSV, Parquet, Markdown or TEI",
    "ship": "closed WARC files to S3 or another disk, checked before they go here",
    "pack": "a collection, or a part of it, as one WACZ file",
    "unpack": "a WACZ file back into a collection, every digest checked",
    "verify": "does the archive hold what it says",
    "repair": "what verify finds, set right where that is safe",
    "rebuild": "index and catalogue anew, from the WARC files",
    "takedown": "captures, or a content, removed for good",
}

_MODULES = {"import": "imports"}
"""Where a verb is no name for a module."""

EXIT_CODES = """\b
Exit codes:
  0  complete                     7    not all in the archive (replay)
  1  partly failed, or not found  8    refused by policy
  2  usage or configuration       9    failed: no URL given could be fetched
  3  no collection                70   internal error
  4  locked by another process    130  interrupted, and sound
  5  storage refused              143  terminated, and sound
  6  defects found"""

_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EBADF)
"""A full, broken or read-only disk is no bug of ours, wherever it was met: Scrapy's log, a redirected output; nor is an
output that was closed before we began (``>&-``)."""


class _Verbs(click.Group):
    """A group whose commands are modules of this package, each with a `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = _MODULES.get(name, name)
        command: click.Command = importlib.import_module(f"crawler.commands.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Verbs, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="wirecopy")
def cli() -> None:
    """Keep the news: crawl articles, archive every byte in WARC files, read and search them."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code; no input ends in a traceback."""
    _hold_standard_streams()
    sys.exit(_run(arguments))


def _hold_standard_streams() -> None:
    """Opens those that were closed, lest a WARC file get the number that something prints to.

    What is said on stderr then goes nowhere; who writes to stdout is told that it cannot be written to.
    """
    for number, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)


def _run(arguments: list[str] | None) -> int:
    output = sys.stdout
    try:
        code = cli.main(arguments, prog_name="wirecopy", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except WirecopyError as error:
        _say(str(error))
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        _say("interrupted")
        return 130
    except SystemExit:
        if sys.stdout is output:  # click wraps it and leaves when nobody reads it any more
            raise
        _give_up_output()  # its reader has seen enough
        return 0
    except OSError as error:
        if error.errno not in _DISK:
            return _internal(error)
        failure = refused(error, Path("output"))
        _say(str(failure))
        _give_up_output()
        return failure.exit_code
    except Exception as error:  # noqa: BLE001 - the edge of the process: every other error is a bug of ours
        return _internal(error)


def _give_up_output() -> None:
    """What is still to be written goes nowhere, so that Python does not complain of it while it closes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _internal(error: Exception) -> int:
    _say(f"internal error: {type(error).__name__}: {error}; set WIRECOPY_TRACEBACK=1 to see where")
    if os.environ.get("WIRECOPY_TRACEBACK"):
        traceback.print_exception(error)
    return 70


def _say(text: str) -> None:
    click.echo(f"wirecopy: {text}", err=True)
