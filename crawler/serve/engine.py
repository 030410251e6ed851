"""Twisted's reactor as the servers use it: listeners, a pool of threads, and an end when a signal comes."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any, Final

from twisted.internet import error, reactor
from twisted.python.threadpool import ThreadPool

from archive.errors import ConfigError

__all__ = ["Engine", "shown"]

_THREADS: Final = 8
"""As many requests are answered at a time; further ones wait."""


def shown(bind: str) -> str:
    """An address as URLs have it (RFC 3986, 3.2.2)."""
    return f"[{bind}]" if ":" in bind else bind


class Engine:
    """One a process: a reactor runs once."""

    def __init__(self) -> None:
        self.threads = ThreadPool(0, _THREADS, "serve")
        self._reactor: Any = reactor

    def listen(self, port: int, factory: Any, bind: str) -> int:
        """The port on which `factory` is served: any free one for 0. ConfigError when it cannot be had."""
        try:
            return int(self._reactor.listenTCP(port, factory, interface=bind).getHost().port)
        except error.CannotListenError as failure:
            why = getattr(failure.socketError, "strerror", None) or failure.socketError
            raise ConfigError(
                f"cannot listen on {bind} port {port}: {why}; --port and --bind name another"
            ) from failure

    def run(self, ready: Callable[[], None]) -> int:
        """Serves until SIGINT or SIGTERM; the exit code that says which. `ready` is called once it does."""
        stopped: list[int] = []

        def stop(number: int, _frame: object) -> None:
            stopped.append(number)
            self._reactor.callFromThread(self._stop)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        self.threads.start()
        self._reactor.addSystemEventTrigger("during", "shutdown", self.threads.stop)
        self._reactor.callWhenRunning(ready)
        self._reactor.run(installSignalHandlers=False)
        return 128 + stopped[0] if stopped else 0

    def _stop(self) -> None:
        if self._reactor.running:
            self._reactor.stop()
