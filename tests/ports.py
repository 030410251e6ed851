"""A port for programs that cannot take any and tell which."""

from __future__ import annotations

from contextlib import suppress
from random import SystemRandom
from socket import create_server

__all__ = ["free"]

_RANGE = range(20_000, 32_000)
"""Below those that systems give to connections, so that none of the tests' has it before the server does."""


def free() -> int:
    for port in SystemRandom().sample(_RANGE, 100):
        with suppress(OSError), create_server(("127.0.0.1", port)):
            return port
    raise OSError("no port is free")
