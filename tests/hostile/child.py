"""``python -m tests.hostile.child FACTS ARGUMENT…``: wirecopy, where every name under .test is this machine.

Writes to the file FACTS, as JSON: the process's peak of memory in bytes, and the longest that anything held the event
loop, in seconds of the thread's own CPU time, so that a busy machine does not count.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import sys
import time
from pathlib import Path
from typing import Any

_PEAK = re.compile(r"VmHWM:\s*(\d+) kB")
_lookup = socket.getaddrinfo
_run = asyncio.Handle._run


class _Held:
    longest = 0.0
    by = ""


def resolve(host: Any, *rest: Any, **options: Any) -> Any:
    """As `socket.getaddrinfo` does, but for names under .test."""
    return _lookup("127.0.0.1" if isinstance(host, str) and host.endswith(".test") else host, *rest, **options)


def _timed(handle: asyncio.Handle) -> None:
    began = time.thread_time()
    _run(handle)
    if (took := time.thread_time() - began) > _Held.longest:
        _Held.longest, _Held.by = took, repr(handle)


def main(facts: Path, arguments: list[str]) -> int:
    from crawler.commands import main as wirecopy

    socket.getaddrinfo = resolve
    asyncio.Handle._run = _timed  # type: ignore[method-assign,assignment]
    sys.argv = ["wirecopy", *arguments]
    code: Any = 0
    try:
        wirecopy()
    except SystemExit as end:
        code = end.code
    # Not ru_maxrss: what the process that started this one had at the time counts in it (Linux, execve).
    peak = int(_PEAK.findall(Path("/proc/self/status").read_text())[0]) * 1024
    facts.write_text(json.dumps({"memory": peak, "held": _Held.longest, "held_by": _Held.by}))
    return int(code or 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
