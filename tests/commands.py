"""Run the command line as a user does: in a process of its own, with nothing from this one's environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Ran", "environment", "program", "scrapy", "start", "wirecopy"]

CHECKOUT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[Any]:
        """JSON Lines on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WIRECOPY_", "SCRAPY_"))}
    return {**kept, "PYTHONPATH": str(CHECKOUT)}


def program() -> str:
    """The command as a shell would be given it."""
    return f"{sys.executable} -m crawler"


def start(*arguments: str | Path, cwd: Path) -> subprocess.Popen[str]:
    """The command, started and left running."""
    return subprocess.Popen(
        [sys.executable, "-m", "crawler", *map(str, arguments)],
        cwd=cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wirecopy(*arguments: str | Path, cwd: Path, timeout: float = 180) -> Ran:
    """The command, to its end."""
    process = start(*arguments, cwd=cwd)
    try:
        out, err = process.communicate(timeout=timeout)
    finally:
        process.kill()
    return Ran(code=process.returncode, out=out, err=err)


def scrapy(*arguments: str, timeout: float = 180) -> Ran:
    """Scrapy's own command, in the checkout."""
    process = subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=CHECKOUT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Ran(code=process.returncode, out=process.stdout, err=process.stderr)
