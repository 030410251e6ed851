"""`wirecopy serve` and `wirecopy proxy` in processes of their own, for a test to talk to."""

from __future__ import annotations

import json
import signal
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.commands import start
from tests.process import Process

__all__ = ["Proxied", "Served", "ask", "proxying", "serving"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    process: Process

    def stop(self, number: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """The exit code, and what was said meanwhile."""
        self.process.send_signal(number)
        _, err = self.process.communicate(timeout=30)
        return self.process.returncode, err


@dataclass(frozen=True, slots=True, kw_only=True)
class Served(Running):
    room: str
    replay: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxied(Running):
    proxy: str
    start: str
    certificate: str

    def connection(self, url: str) -> HTTPConnection:
        """To the site of this URL through the proxy, whose certificates are trusted, and no others."""
        place, (host, _, port) = urlsplit(url), urlsplit(self.proxy).netloc.partition(":")
        if place.scheme == "http":
            return HTTPConnection(host, int(port), timeout=60)
        context = ssl.create_default_context(cafile=self.certificate)
        connection = HTTPSConnection(host, int(port), timeout=60, context=context)
        connection.set_tunnel(place.hostname or "", place.port or 443)
        return connection

    def ask(
        self, url: str, method: str = "GET", headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> tuple[HTTPResponse, bytes]:
        """One request as it stands, no redirect followed; the body read."""
        with closing(self.connection(url)) as connection:
            place = urlsplit(url)
            target = url if place.scheme == "http" else url.partition(place.netloc)[2]
            connection.request(method, target, body, headers or {})
            response = connection.getresponse()
            return response, response.read()


@contextmanager
def serving(collection: Path, *options: str) -> Iterator[Served]:
    with _started(collection, "serve", "--port", "0", "--replay-port", "0", *options) as (process, said):
        yield Served(process=process, **{name: address.rstrip("/") for name, address in said.items()})


@contextmanager
def proxying(collection: Path, *options: str | Path) -> Iterator[Proxied]:
    authority = ("--authority", collection.parent / "authority")
    with _started(collection, "proxy", "--port", "0", *authority, *options) as (process, said):
        yield Proxied(process=process, **said)


@contextmanager
def _started(collection: Path, verb: str, *options: str | Path) -> Iterator[tuple[Process, Any]]:
    process = start(verb, "-c", collection, "--json", *options, cwd=collection.parent)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        yield process, json.loads(line)
    finally:
        process.kill()
        process.communicate()


def ask(
    server: str, target: str, method: str = "GET", headers: dict[str, str] | None = None
) -> tuple[HTTPResponse, bytes]:
    """One request as it stands, no redirect followed; the body read."""
    connection = HTTPConnection(urlsplit(server).netloc, timeout=60)
    try:
        connection.request(method, target, headers=headers or {})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()
