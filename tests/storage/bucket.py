"""An S3 server of somebody else's (moto), in a process and an environment of its own, and what it holds."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests import ports

__all__ = ["Bucket", "running"]

_PYTHON = Path(__file__).parents[2] / ".venv-s3" / "bin" / "python"
_ANYBODY = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
"""The server wants to see a signature, and does not check it."""
_SPACE = "{http://s3.amazonaws.com/doc/2006-03-01/}"


@dataclass(frozen=True, slots=True)
class Bucket:
    endpoint: str
    name: str

    def objects(self, prefix: str = "") -> dict[str, bytes]:
        """Every object below the prefix, by the rest of its key: asked without any code of ours."""
        listing = ElementTree.fromstring(self._ask("GET", f"?list-type=2&prefix={prefix}"))
        keys = [found.text or "" for found in listing.iter(f"{_SPACE}Key")]
        return {key.removeprefix(prefix).lstrip("/"): self._ask("GET", f"/{key}") for key in keys}

    def put(self, key: str, data: bytes) -> None:
        self._ask("PUT", f"/{key}", data)

    def remove(self, key: str) -> None:
        self._ask("DELETE", f"/{key}")

    def make(self) -> None:
        self._ask("PUT", "")

    def _ask(self, method: str, rest: str, data: bytes | None = None) -> bytes:
        url = f"{self.endpoint}/{self.name}{rest}"
        asked = urllib.request.Request(url, data=data, method=method, headers={"Authorization": _ANYBODY})
        with urllib.request.urlopen(asked, timeout=20) as answer:
            body: bytes = answer.read()
        return body


@contextmanager
def running() -> Iterator[str]:
    """The address of a server that holds nothing yet; skips the test where there is none."""
    if not _PYTHON.exists():
        pytest.skip("moto is not installed: run 'make s3'")
    port = ports.free()
    process = subprocess.Popen(
        [_PYTHON, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("moto did not start")
