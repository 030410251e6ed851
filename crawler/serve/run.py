"""Two listeners, the reading room and the replay server, until a signal comes."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from twisted.internet import error, reactor
from twisted.python.threadpool import ThreadPool

from archive.collection import Collection
from archive.errors import ConfigError
from archive.replay.headers import REPLAYED, ROOM
from archive.replay.replay import Replay, Resolvers
from archive.replay.room import Room
from crawler.serve.site import Site

__all__ = ["Serving", "serve"]

_THREADS: Final = 8
"""As many requests are answered at a time; further ones wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """Where the two can be reached."""

    room: str
    replay: str


def serve(
    path: Path, *, bind: str, port: int, replay_port: int, names: Iterable[str], ready: Callable[[Serving], None]
) -> int:
    """Serves the collection at `path` until SIGINT or SIGTERM, and returns the exit code that says which.

    `ready` is told when both listen; port 0 is any that is free. ConfigError when one cannot be had.
    """
    names = set(names)
    stopped: list[int] = []
    threads = ThreadPool(0, _THREADS, "serve")
    engine: Any = reactor
    with closing(Resolvers(Collection.open(path))) as resolvers:
        replay = _listen(engine, replay_port, Site(Replay(resolvers).respond, REPLAYED, names, threads), bind)
        room = Room(path, resolvers, replay.getHost().port)
        front = _listen(engine, port, Site(room.respond, ROOM, names, threads), bind)

        def stop(number: int, _frame: object) -> None:
            stopped.append(number)
            engine.callFromThread(_stop, engine)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        threads.start()
        engine.addSystemEventTrigger("during", "shutdown", threads.stop)
        shown = f"[{bind}]" if ":" in bind else bind
        ports = front.getHost().port, replay.getHost().port
        serving = Serving(room=f"http://{shown}:{ports[0]}/", replay=f"http://{shown}:{ports[1]}/")
        engine.callWhenRunning(ready, serving)
        engine.run(installSignalHandlers=False)
    return 128 + stopped[0] if stopped else 0


def _stop(engine: Any) -> None:
    if engine.running:
        engine.stop()


def _listen(engine: Any, port: int, site: Site, bind: str) -> Any:
    try:
        return engine.listenTCP(port, site, interface=bind)
    except error.CannotListenError as failure:
        why = getattr(failure.socketError, "strerror", None) or failure.socketError
        raise ConfigError(f"cannot listen on {bind} port {port}: {why}; --port and --bind name another") from failure
