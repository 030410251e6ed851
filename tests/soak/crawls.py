"""A whole crawl as a child process, its extractors with it, that can be killed and looked for afterwards."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.commands import environment

__all__ = ["Crawl"]

_MARK = "SOAK_CRAWL"


class Crawl:
    """`wirecopy crawl` of `url` into `collection`, started."""

    def __init__(
        self, url: str, collection: Path, *options: str, acks: Path | None = None, env: Mapping[str, str] | None = None
    ) -> None:
        from tests.soak import acks as acknowledgements

        self._mark = secrets.token_hex(8)
        more = acknowledgements.settings(acks) if acks is not None else []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "crawler", "crawl", url, "-c", str(collection), *options, *more],
            env={**environment(), **(env or {}), _MARK: self._mark},
            cwd=collection.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> bool:
        """SIGKILL to the crawl's own process, not to its children; whether it was still running."""
        self.process.kill()
        self.process.communicate()
        return self.process.returncode == -9

    def finish(self, timeout: float = 120) -> tuple[int, str]:
        """Exit code and stderr."""
        try:
            _, err = self.process.communicate(timeout=timeout)
        finally:
            self.process.kill()
        return self.process.returncode, err

    def survivors(self) -> list[int]:
        """Processes of this crawl that are still there: its extractors inherited the mark."""
        wanted = f"{_MARK}={self._mark}".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if wanted in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:  # it is gone by now, or not ours
                continue
        return [pid for pid in found if pid != os.getpid()]
