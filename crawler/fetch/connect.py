"""Opens connections: name look-up, happy eyeballs (RFC 8305), TLS, and the three kinds of proxy.

Proxies: ``http`` and ``https`` ones get plain requests in absolute form and open tunnels for https by CONNECT;
``socks4``, ``socks5`` and ``socks5h`` ones need the package python-socks. What is said to a proxy to open a tunnel is
no exchange with a web server, and is not archived.

Where a crawl may connect to is a guard's to say, of the very addresses that are tried, so that a name which resolves
to another one a moment later gains nothing. A proxy is the user's word, and is let pass; of what it is asked for, the
addresses are judged that are known here: literal ones, and those looked up for a ``socks4`` or ``socks5`` proxy.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import importlib
import re
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from aiohappyeyeballs import start_connection

from archive.errors import ConfigError
from archive.http import head_end, parse_head
from crawler.fetch.connection import Connection
from crawler.fetch.guard import Guard
from crawler.fetch.resolve import addresses, literal

__all__ = ["Proxy", "Route", "TunnelError", "open_connection", "parse_proxy"]

ATTEMPT_DELAY = 0.25
"""Seconds before the next address is tried beside the last (RFC 8305 section 5)."""

_USER = re.compile(r"[^/@]*@")
_PORTS = {"http": 80, "https": 443, "socks4": 1080, "socks5": 1080, "socks5h": 1080}


class TunnelError(OSError):
    """The proxy was reached, and did not connect us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    scheme: str
    host: str
    port: int
    authorization: bytes | None = None
    """Value of Proxy-Authorization."""

    @property
    def socks(self) -> bool:
        return self.scheme.startswith("socks")


def parse_proxy(url: str, authorization: bytes | None = None) -> Proxy:
    """A proxy as Scrapy's request.meta names it: a URL, or host and port alone."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        sound = parts.scheme in _PORTS and parts.hostname is not None and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        named = _USER.sub("", url)  # name and password are for no screen and no log
        raise ConfigError(f"proxy {named!r}: wanted {', '.join(_PORTS)} and a host, as in socks5://localhost:1080")
    if authorization is None and parts.username:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = b"Basic " + base64.b64encode(pair.encode())
    return Proxy(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=parts.port or _PORTS[parts.scheme],
        authorization=authorization,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """All that tells one connection from another: only requests of the same route may share one."""

    scheme: str
    host: str
    port: int
    proxy: Proxy | None = None
    bind: tuple[str, int] | None = None
    """Local address to connect from."""

    @property
    def absolute(self) -> bool:
        """Whether requests go to a proxy that reads them."""
        return self.proxy is not None and not self.proxy.socks and self.scheme == "http"


async def open_connection(route: Route, context: ssl.SSLContext, guard: Guard | None = None) -> Connection:
    """Raises OSError (of which gaierror, SSLError and TunnelError are kinds), UnicodeError (no host name) or what the
    guard refuses.
    """
    loop = asyncio.get_running_loop()
    proxy = route.proxy
    secure = context if route.scheme == "https" else None
    if proxy is None:
        opened = await _open(route.host, route.port, route.bind, guard)
    elif proxy.socks:
        opened = await _through_socks(proxy, route, guard)
    else:
        if guard is not None:
            guard.passed(route.host, literal(route.host, route.port))
        opened = await _open(proxy.host, proxy.port, route.bind)
        if route.scheme == "https":
            return await _through_tunnel(opened, proxy, route, context)
        secure = context if proxy.scheme == "https" else None
    name = proxy.host if proxy is not None and route.absolute else route.host
    _, connection = await loop.create_connection(
        Connection, sock=opened, ssl=secure, server_hostname=name.rstrip(".") if secure else None
    )
    return connection


async def _open(host: str, port: int, bind: tuple[str, int] | None, guard: Guard | None = None) -> socket.socket:
    loop = asyncio.get_running_loop()
    local = await loop.getaddrinfo(*bind, type=socket.SOCK_STREAM) if bind else None
    return await start_connection(
        await addresses(host, port, guard),
        local_addr_infos=local,
        happy_eyeballs_delay=ATTEMPT_DELAY,
        interleave=1,
    )


async def _through_socks(proxy: Proxy, route: Route, guard: Guard | None) -> socket.socket:
    try:
        socks = importlib.import_module("python_socks")
        client = importlib.import_module("python_socks.async_.asyncio")
    except ImportError:
        raise ConfigError("SOCKS proxies need python-socks: pip install 'wirecopy[socks]'") from None
    user, password = _credentials(proxy.authorization)
    kind = socks.ProxyType.SOCKS4 if proxy.scheme == "socks4" else socks.ProxyType.SOCKS5
    opener = client.Proxy(
        kind, proxy.host, proxy.port, username=user, password=password, rdns=proxy.scheme == "socks5h"
    )
    host = route.host
    if guard is not None and proxy.scheme == "socks5h":
        guard.passed(host, literal(host, route.port))
    elif guard is not None:  # python-socks would look it up once more, and perhaps find another
        host = _first(await addresses(host, route.port, guard), proxy.scheme)
    try:
        opened: socket.socket = await opener.connect(host, route.port)
    except (socks.ProxyError, socks.ProxyTimeoutError) as error:
        raise TunnelError(f"proxy {proxy.host}:{proxy.port}: {error}") from error
    return opened


def _first(found: Sequence[tuple[Any, ...]], scheme: str) -> str:
    """The address to name to a proxy; SOCKS4 knows no IPv6."""
    fit = [info for info in found if scheme != "socks4" or info[0] == socket.AF_INET]
    if not fit:
        raise TunnelError("a socks4 proxy cannot be told an IPv6 address")
    return str(fit[0][4][0])


def _credentials(authorization: bytes | None) -> tuple[str | None, str | None]:
    scheme, _, token = (authorization or b"").partition(b" ")
    if scheme.lower() != b"basic":
        return None, None
    try:
        user, _, password = base64.b64decode(token).decode("latin-1").partition(":")
    except binascii.Error:
        return None, None
    return user, password


async def _through_tunnel(opened: socket.socket, proxy: Proxy, route: Route, context: ssl.SSLContext) -> Connection:
    loop = asyncio.get_running_loop()
    secure = context if proxy.scheme == "https" else None
    transport, tunnel = await loop.create_connection(
        _Tunnel, sock=opened, ssl=secure, server_hostname=proxy.host if secure else None
    )
    try:
        await tunnel.ask(route, proxy)
        connection = Connection()
        secured = await loop.start_tls(transport, connection, context, server_hostname=route.host.rstrip("."))
        if secured is None:
            raise ConnectionResetError("the proxy closed the tunnel")
    except BaseException:
        transport.abort()
        raise
    connection.connection_made(secured)
    return connection


class _Tunnel(asyncio.Protocol):
    """Says CONNECT to a proxy, and waits for its answer."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer = b""
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def ask(self, route: Route, proxy: Proxy) -> None:
        assert self._transport is not None
        host = f"[{route.host}]" if ":" in route.host else route.host
        lines = [f"CONNECT {host}:{route.port} HTTP/1.1", f"Host: {host}:{route.port}"]
        if proxy.authorization is not None:
            lines.append(f"Proxy-Authorization: {proxy.authorization.decode('latin-1')}")
        self._transport.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
        await self._opened

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if self._opened.done() or (head_end(self._answer) == 0 and len(self._answer) < 65536):
            return
        head = parse_head(self._answer)
        if head is not None and 200 <= head.status < 300:
            self._opened.set_result(None)
        else:
            said = self._answer.partition(b"\r\n")[0][:80].decode("latin-1")
            self._opened.set_exception(TunnelError(f"the proxy opened no tunnel: {said}"))

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._opened.done():
            self._opened.set_exception(TunnelError("the proxy closed the connection"))
            self._opened.exception()  # whoever was to ask may have given up
