"""A program run to its end, and what it cost: start-up, modules compiled once, and all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.compiled import environment

__all__ = ["Cost", "cost", "program"]

TOP = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    seconds: float
    """Of CPU, user and system."""
    peak: int
    """Bytes of memory."""


def cost(command: list[str], bytecode: Path) -> Cost:
    """The system's account of the child; ends this program, with what the child said, where it fails."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, cwd=TOP, stdout=out, stderr=out, env=environment(bytecode))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            out.seek(0)
            sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{out.read().decode()}")
    return Cost(seconds=usage.ru_utime + usage.ru_stime, peak=usage.ru_maxrss * 1024)


def program(name: str) -> str:
    """A program of the environment that `make wacz` sets up."""
    found = shutil.which(name, path=str(TOP / ".venv-wacz" / "bin"))
    if found is None:
        sys.exit(f"{name} is not installed: run 'make wacz'")
    return found
