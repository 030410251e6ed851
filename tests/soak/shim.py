"""Builds `shim.c` and says how a process is put behind it."""

from __future__ import annotations

import errno
import os
import re
import shutil
import struct
import subprocess
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

__all__ = ["FAULTS", "Clock", "Fault", "faulty", "needs_shim", "sites", "tracing"]

needs_shim = pytest.mark.skipif(
    shutil.which("cc") is None or not Path("/proc/self/fd").exists(), reason="needs a C compiler, and Linux"
)

FAULTS = ("ENOSPC", "EIO", "EROFS", "short")
_LASTING = ("ENOSPC", "EROFS")  # these do not go away by themselves
_VARYING = re.compile(r"[0-9][0-9A-Za-z_-]{5,}|(?<=locks/)[0-9]+-[0-9a-f]+|(?<=cdxj\.)[0-9]+|(?<=toml\.)[0-9a-f]+")
"""What is another in each run: times, random parts, process ids."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens at the `number`-th call (from 0) of an operation on the files of a pattern."""

    operation: str
    pattern: str
    number: int
    what: str

    def __str__(self) -> str:
        return f"{self.what} at {self.operation} {self.number} of {self.pattern}"


def faulty(fault: Fault, root: Path) -> dict[str, str]:
    """Environment of a process that meets the fault below `root`."""
    code = 0 if fault.what == "short" else getattr(errno, fault.what)
    spec = f"{fault.operation}:{fault.pattern}:{fault.number}:{code}:{int(fault.what in _LASTING)}"
    return _behind(root) | {"SHIM_FAULT": spec}


def tracing(root: Path, trace: Path) -> dict[str, str]:
    """Environment of a process that notes each change below `root` in a file."""
    return _behind(root) | {"SHIM_TRACE": str(trace)}


def sites(trace: Path) -> list[tuple[str, str, int]]:
    """Operation, pattern and number of each call; of the many of one kind the first two, the middle and the last."""
    calls: Counter[tuple[str, str]] = Counter()
    for line in trace.read_text().splitlines():
        operation, _, name = line.partition(" ")
        calls[operation, _VARYING.sub("*", name)] += 1
    return [
        (operation, pattern, number)
        for (operation, pattern), count in sorted(calls.items())
        for number in sorted({0, 1, count // 2, count - 1} & set(range(count)))
    ]


class Clock:
    """A wall clock for processes behind the shim, that can be put forward and back while they run."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "clock"
        self._path.write_bytes(bytes(8))
        self.environment = _behind(directory / "nothing") | {"SHIM_CLOCK": str(self._path)}

    def set(self, seconds: float) -> None:
        with self._path.open("r+b") as file:
            file.write(struct.pack("d", seconds))


def _behind(root: Path) -> dict[str, str]:
    return {"LD_PRELOAD": str(_library()), "SHIM_ROOT": os.fspath(root)}


@cache
def _library() -> Path:
    library = Path(mkdtemp(prefix="shim-")) / "shim.so"
    source = Path(__file__).with_name("shim.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library
