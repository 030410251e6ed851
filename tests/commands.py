"""Run the command line as a user does: in a process of its own, with nothing from this one's environment."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.process import CHECKOUT, Process, environment

__all__ = ["CHECKOUT", "Ran", "environment", "program", "run", "scrapy", "start", "wirecopy"]


_PATIENCE = 180
"""Seconds that a command may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[Any]:
        """JSON Lines on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]


def program() -> str:
    """The command as a shell would be given it."""
    return f"{sys.executable} -m crawler"


def start(*arguments: str | Path, cwd: Path) -> Process:
    """The command, started and left running."""
    return Process("crawler", *arguments, cwd=cwd, env=environment())


def run(module: str, *arguments: str | Path, cwd: Path = CHECKOUT) -> Ran:
    """``python -m MODULE``, to its end."""
    process = Process(module, *arguments, cwd=cwd, env=environment())
    try:
        out, err = process.communicate(_PATIENCE)
    finally:
        process.kill()
    return Ran(code=process.returncode, out=out, err=err)


def wirecopy(*arguments: str | Path, cwd: Path) -> Ran:
    """The command, to its end."""
    return run("crawler", *arguments, cwd=cwd)


def scrapy(*arguments: str) -> Ran:
    """Scrapy's own command, in the checkout."""
    return run("scrapy", *arguments)
