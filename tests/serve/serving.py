"""`wirecopy serve` in a process of its own, for a test to talk to."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

from tests.commands import start

__all__ = ["Served", "ask", "serving"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    room: str
    replay: str
    process: subprocess.Popen[str]

    def stop(self, number: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """The exit code, and what was said meanwhile."""
        self.process.send_signal(number)
        _, err = self.process.communicate(timeout=30)
        return self.process.returncode, err


@contextmanager
def serving(collection: Path, *options: str) -> Iterator[Served]:
    process = start(
        "serve", "-c", collection, "--port", "0", "--replay-port", "0", "--json", *options, cwd=collection.parent
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        yield Served(process=process, **{name: address.rstrip("/") for name, address in json.loads(line).items()})
    finally:
        process.kill()
        process.communicate()


def ask(
    server: str, target: str, method: str = "GET", headers: dict[str, str] | None = None
) -> tuple[HTTPResponse, bytes]:
    """One request as it stands, no redirect followed; the body read."""
    connection = HTTPConnection(urlsplit(server).netloc, timeout=60)
    try:
        connection.request(method, target, headers=headers or {})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()
