"""What crossed the sockets: every exchange with its exact bytes and times, and what can be measured of them."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Log", "Served", "most_at_once", "pace", "read_log"]

_BYTES = ("request", "sent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One exchange, as the server saw it."""

    connection: int
    number_on_connection: int
    """From 1."""
    request: bytes
    sent: bytes
    """What the socket took: exact when the peer reads to the end, else an upper bound of what reached it."""
    path: str
    case: str
    """What was special about the answer: ``redirect``, ``not-modified``, ``odd``, the name of a misbehaviour …"""
    began: float
    """When the request was there in full, in seconds of time.monotonic()."""
    ended: float
    """When the last bytes were about to go out: until then nobody can have had all of the answer."""
    client: str
    """Address and port of the peer."""
    tls: str | None = None
    cipher: str | None = None

    def to_json(self) -> str:
        plain = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(plain | {name: base64.b64encode(plain[name]).decode() for name in _BYTES})

    @classmethod
    def from_json(cls, line: str) -> Served:
        plain = json.loads(line)
        return cls(**(plain | {name: base64.b64decode(plain[name]) for name in _BYTES}))


class Log:
    """Grows from many threads; optionally a file too, a line of JSON an exchange."""

    def __init__(self, path: Path | str | None = None) -> None:
        self._served: list[Served] = []
        self._path = Path(path) if path else None
        self._changed = threading.Condition()
        self._under_way = 0

    def began(self) -> None:
        with self._changed:
            self._under_way += 1

    def ended(self, served: Served) -> None:
        with self._changed:
            self._served.append(served)
            if self._path:
                with self._path.open("a") as file:
                    file.write(served.to_json() + "\n")
            self._under_way -= 1
            self._changed.notify_all()

    def wait_for(self, enough: Callable[[list[Served]], bool], timeout: float = 60) -> None:
        """Until `enough` says so of the exchanges that are over; TimeoutError when it does not."""
        with self._changed:
            if not self._changed.wait_for(lambda: enough(self._served), timeout):
                raise TimeoutError(f"after {timeout} s and {len(self._served)} exchanges it was not enough")

    def settled(self, timeout: float = 5) -> list[Served]:
        """All exchanges so far, those still under way waited for: a client may have its answer before we note it."""
        with self._changed:
            self._changed.wait_for(lambda: not self._under_way, timeout)
            return list(self._served)


def read_log(path: Path | str) -> list[Served]:
    """The exchanges of a newsroom that ran with a log file."""
    with Path(path).open() as lines:
        return [Served.from_json(line) for line in lines]


def pace(served: Iterable[Served]) -> float:
    """Seconds from each request to the next, of a client that asks for one thing at a time; at the least.

    However busy the machine: a server may note late that a request came, but never early. So the next request after an
    answer is taken to have been sent when that answer ended, which is too early, and the pace is that of those that
    follow it. Infinite for fewer than three requests.
    """
    log = sorted(served, key=lambda one: one.began)
    spans = (
        (later.began - earlier.ended) / requests
        for number, earlier in enumerate(log)
        for requests, later in enumerate(log[number + 2 :], 1)
    )
    return min(spans, default=float("inf"))


def most_at_once(served: Iterable[Served]) -> int:
    """How many exchanges were under way together at the busiest moment, for sure."""
    events = sorted(event for one in served for event in ((one.began, 1), (one.ended, -1)))
    busy = most = 0
    for _, step in events:
        busy += step
        most = max(most, busy)
    return most
