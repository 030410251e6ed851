"""``python -m benchmarks.hostile.child SAMPLES ARGUMENT…``: wirecopy, where every name under .test is this machine.

Writes to the file SAMPLES, fifty times a second, a line of two numbers: the time, by the clock that all processes share
(CLOCK_MONOTONIC), and the CPU time that the thread with the event loop has used by then; both in seconds.
"""

from __future__ import annotations

import socket
import sys
import threading
import time
from pathlib import Path

from tests.hostile.child import resolve

_EVERY = 0.02
"""Seconds between two samples: a clock can only be read now and then."""


def _sample(path: Path, clock: int) -> None:
    with path.open("w", buffering=1) as file:
        while True:
            file.write(f"{time.monotonic():.4f} {time.clock_gettime(clock):.4f}\n")
            time.sleep(_EVERY)


def main(samples: Path, arguments: list[str]) -> None:
    from crawler.commands import main as wirecopy

    socket.getaddrinfo = resolve
    ident = threading.main_thread().ident
    assert ident is not None
    clock = time.pthread_getcpuclockid(ident)
    threading.Thread(target=_sample, args=(samples, clock), daemon=True).start()
    sys.argv = ["wirecopy", *arguments]
    wirecopy()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
