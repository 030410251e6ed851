"""Whose turn it is among hosts whose pages wait to be read: the one's that has taken the least of the readers' time.

Start-time fair queueing (Goyal, Vin, Cheng: SIGCOMM 1996): a host that comes, or comes back, starts level with the one
whose turn it was last, or where it had got to itself, if that is further. So pages that take long keep those of other
hosts waiting for one page's time, however many of them wait. Pure: whoever asks says what pages took.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["Turns"]

_USUAL: Final = 0.03
"""Seconds that a page is taken to take, of a host that none has been read of."""


@dataclass(slots=True)
class _Host:
    taken: float
    """Seconds, counted from where it started."""
    usual: float = _USUAL
    """Seconds that one of its pages takes, by those read last."""
    flying: int = 0
    """Pages that are being read, or are about to be."""

    @property
    def due(self) -> float:
        """What it will have taken once those are."""
        return self.taken + self.flying * self.usual


class Turns:
    """Hosts that wait for a turn, those whose pages are being read, and those that had more than their share."""

    def __init__(self, remembered: int = 1000) -> None:
        """`remembered`: of how many hosts it is known, at most, that they had more than their share."""
        self._remembered = remembered
        self._waiting: dict[str, _Host] = {}  # the one whose last turn was the longest ago first
        self._flying: dict[str, _Host] = {}
        self._ahead: dict[str, _Host] = {}  # of the others
        self._level = 0.0

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @property
    def under_way(self) -> float:
        """Seconds that what is being read takes, as far as one can tell."""
        return sum(host.flying * host.usual for host in self._flying.values())

    def reads(self, name: str) -> bool:
        """Whether a page of the host is being read."""
        return name in self._flying

    def comes(self, name: str) -> None:
        """Pages of the host wait, perhaps as they did before."""
        if name not in self._waiting:
            host = self._flying.get(name) or self._ahead.pop(name, None) or _Host(self._level)
            host.taken = max(host.taken, self._level)
            self._waiting[name] = host

    def leaves(self, name: str) -> None:
        """No page of the host waits any more."""
        self._rest(name, self._waiting.pop(name))

    def next(self) -> str | None:
        """Whose turn it is: of several, that of the one that has waited the longest."""
        waiting = self._waiting
        return min(waiting, key=lambda name: waiting[name].due, default=None)

    def starts(self, name: str) -> None:
        """The host has its turn: a page of its is read, now or soon."""
        self._waiting[name] = self._flying[name] = host = self._waiting.pop(name)
        self._level = max(self._level, host.due)
        host.flying += 1

    def ends(self, name: str, seconds: float) -> None:
        """That took so long."""
        host = self._flying[name]
        host.flying -= 1
        host.taken += seconds
        host.usual = (host.usual + seconds) / 2
        if not host.flying:
            self._rest(name, self._flying.pop(name))

    def _rest(self, name: str, host: _Host) -> None:
        """Remember a host that neither waits nor is read, for as long as that makes a difference."""
        if name in self._waiting or name in self._flying or host.due <= self._level:
            return
        self._ahead[name] = host
        if len(self._ahead) > self._remembered:
            self._ahead = {name: host for name, host in self._ahead.items() if host.due > self._level}
            if len(self._ahead) > self._remembered:
                del self._ahead[min(self._ahead, key=lambda name: self._ahead[name].due)]
