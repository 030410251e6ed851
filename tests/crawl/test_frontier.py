"""The short form of ``benchmarks.frontier``: what known pages cost."""

from __future__ import annotations

import subprocess
import sys

from tests.commands import CHECKOUT, environment


def test_known_pages_cost_little() -> None:
    command = [sys.executable, "-m", "benchmarks.frontier", "--urls", "20000", "--rounds", "3"]
    ran = subprocess.run(
        command, cwd=CHECKOUT, env=environment(), capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
