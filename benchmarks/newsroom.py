"""The bundled newsroom in a process of its own, so that its CPU is not the crawler's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

from tests.newsroom.world import articles

__all__ = ["serving"]


@contextmanager
def serving(count: int) -> Iterator[list[str]]:
    """The URLs of `count` article pages, while they are served."""
    command = [sys.executable, "-m", "tests.newsroom", "--articles", str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        base = process.stdout.readline().strip()
        try:
            yield [base + article.path for article in islice(articles(), count)]
        finally:
            process.terminate()
