"""No crawl outlives the daemon that began it. Imports next to nothing, as every command's start would pay for it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Any, Final

__all__ = ["PARENT", "die_with_parent"]

PARENT: Final = "WIRECOPY_PARENT"
"""In the environment of a child: the pid of the daemon."""
_PR_SET_PDEATHSIG: Final = 1


def die_with_parent(parent: int) -> None:
    """In a child: have the kernel kill this process when the daemon is gone, however that came (Linux: prctl(2))."""
    if not sys.platform.startswith("linux"):
        return
    libc: Any = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it was gone before this was arranged
        os._exit(143)
