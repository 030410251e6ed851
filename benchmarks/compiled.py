"""The environment of a program that is measured: its modules are compiled once, as an installer does it."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["environment"]


def environment(bytecode: Path) -> dict[str, str]:
    """This process's, with compiled modules kept in `bytecode`: else start-up may compile what is not installed."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(bytecode)}
