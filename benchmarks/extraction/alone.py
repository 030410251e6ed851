"""An engine by itself: no network, and no page for ever."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["TooLong", "deadline", "without_network"]


class TooLong(BaseException):
    """A page took longer than its deadline; no Exception, as engines catch those."""


def without_network() -> None:
    """From now on whoever looks up a name or connects in this process gets an error: some engines would fetch."""

    def refuse(event: str, _: tuple[object, ...]) -> None:
        if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
            raise OSError("no network in a benchmark")

    sys.addaudithook(refuse)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """TooLong once so many seconds of CPU have gone by."""

    def end(_: int, __: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
