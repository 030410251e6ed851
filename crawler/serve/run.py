"""Two listeners, the reading room and the replay server, until a signal comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archive.collection import Collection
from archive.replay.headers import REPLAYED, ROOM
from archive.replay.replay import Replay, Resolvers
from archive.replay.room import Room
from crawler.serve.engine import Engine, shown
from crawler.serve.site import Site

__all__ = ["Serving", "serve"]


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
    engine = Engine()
    with closing(Resolvers(Collection.open(path))) as resolvers:
        replayed = engine.listen(replay_port, Site(Replay(resolvers).respond, REPLAYED, names, engine.threads), bind)
        room = Room(path, resolvers, replayed)
        read = engine.listen(port, Site(room.respond, ROOM, names, engine.threads), bind)
        serving = Serving(room=f"http://{shown(bind)}:{read}/", replay=f"http://{shown(bind)}:{replayed}/")
        return engine.run(lambda: ready(serving))
