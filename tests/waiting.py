"""Waiting for what nothing announces: that a file has grown, a process has ended, a worker has begun."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["wait_until"]


def wait_until(true: Callable[[], bool], timeout: float) -> bool:
    """Looks a hundred times a second; whether it came true in time, which is in seconds."""
    until = time.monotonic() + timeout
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True
