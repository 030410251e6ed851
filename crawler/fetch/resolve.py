"""From a host to the addresses it may be connected at: literal ones, and those that the system's resolver knows."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from ipaddress import ip_address
from typing import Any

from crawler.fetch.guard import Guard

__all__ = ["addresses", "literal"]

_RESOLVERS = ThreadPoolExecutor(64, thread_name_prefix="resolve")
"""Each look-up keeps a thread, and that of a name whose servers are silent for half a minute: asyncio has six."""


def literal(host: str, port: int) -> list[tuple[Any, ...]]:
    """A host that is an address, as getaddrinfo would give it; nothing for a name.

    What inet_aton(3) takes for one is one: ``127.1``, ``0x7f.1``, ``2130706433``.
    """
    with suppress(ValueError):
        if ip_address(host).version == 6:
            return [(socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port, 0, 0))]
    with suppress(OSError, UnicodeError):
        host = socket.inet_ntoa(socket.inet_aton(host))
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port))]
    return []


async def addresses(host: str, port: int, guard: Guard | None) -> list[tuple[Any, ...]]:
    """Raises OSError for a name that nobody knows, and RefusedAddress where the guard lets none of them pass."""
    found = literal(host, port)
    if not found:
        look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        found = list(await asyncio.get_running_loop().run_in_executor(_RESOLVERS, look_up))
    return guard.passed(host, found) if guard is not None else found
