"""A process that runs a module of ours, forked from one that has imported everything (`tests.warm`)."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from select import POLLIN, poll
from threading import Thread
from typing import IO, Any

__all__ = ["CHECKOUT", "Process", "environment"]

CHECKOUT = Path(__file__).parent.parent


def environment() -> dict[str, str]:
    """Ours, without settings of the crawler's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WIRECOPY_", "SCRAPY_"))}
    return {**kept, "PYTHONPATH": str(CHECKOUT)}


class Process:
    """``python -m NAME ARGUMENT…``, running. As `subprocess.Popen`, with text on stdout and stderr and no stdin."""

    def __init__(self, name: str, *arguments: str | Path, cwd: Path, env: Mapping[str, str]) -> None:
        command = {"module": name, "arguments": list(map(str, arguments)), "cwd": str(cwd), "env": dict(env)}
        (out, to_out), (err, to_err), (told, to_told) = os.pipe(), os.pipe(), os.pipe()
        theirs = [os.open(os.devnull, os.O_RDONLY), to_out, to_err, to_told]
        socket.send_fds(_warm(), [json.dumps(command).encode()], theirs)
        for descriptor in theirs:
            os.close(descriptor)
        self.stdout: IO[str] = os.fdopen(out)
        self.stderr: IO[str] = os.fdopen(err)
        self._told: IO[str] = os.fdopen(told)
        self.args = [name, *command["arguments"]]
        self.pid = int(self._told.readline())
        self.returncode: int | Any = None  # as in Popen: a number once it has ended

    def poll(self) -> int | None:
        return self.wait(0) if self._has_ended(0) else None

    def wait(self, timeout: float | None = None) -> int:
        if not self._has_ended(timeout):
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        if self.returncode is None:
            self.returncode = os.waitstatus_to_exitcode(int(self._told.readline()))
            self._told.close()
        return int(self.returncode)

    def _has_ended(self, timeout: float | None) -> bool:
        if self.returncode is not None:
            return True
        waiting = poll()
        waiting.register(self._told, POLLIN)
        return bool(waiting.poll(None if timeout is None else 1000 * timeout))

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """All that it says from here on, once it has ended."""
        said = ["", ""]

        def listen(number: int, stream: IO[str]) -> None:
            with stream:
                said[number] = stream.read()

        streams = [each for each in enumerate((self.stdout, self.stderr)) if not each[1].closed]
        listening = [Thread(target=listen, args=each, daemon=True) for each in streams]
        for thread in listening:
            thread.start()
        self.wait(timeout)
        for thread in listening:
            thread.join(timeout)
        return said[0], said[1]

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


@cache
def _warm() -> socket.socket:
    """The process that forks: one of each process that runs tests, with which it ends."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        subprocess.Popen(
            [sys.executable, "-m", "tests.warm", str(theirs.fileno())],
            cwd=CHECKOUT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
    return ours
