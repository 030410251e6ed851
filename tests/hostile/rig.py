"""One crawl over all hostile sites and some healthy ones, in a process of its own, and all that came of it."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from tests.commands import CHECKOUT, environment
from tests.hostile.case import Case
from tests.hostile.site import honest
from tests.newsroom import Newsroom, Served
from tests.newsroom.answers import Answer, Request
from tests.newsroom.log import Log
from tests.newsroom.server import Server
from tests.newsroom.tls import server_context

__all__ = ["LIMITS", "Kept", "Outcome", "Rig"]

LIMITS: Mapping[str, str] = {
    # no politeness: it has tests of its own, and the limits are what this is about
    "WIRECOPY_ALLOW_NETWORKS": "127.0.0.0/8",
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "False",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "2",
    # limits, scaled down
    "DOWNLOAD_TIMEOUT": "10",
    "DOWNLOAD_MAXSIZE": "2000000",
    "RETRY_TIMES": "1",
    "WIRECOPY_MAX_SAME": "10",
    "WIRECOPY_MAX_FAILURES": "4",
    "WIRECOPY_MAX_HOSTS": "10",
    "WIRECOPY_MAX_FACETS": "12",
    "WIRECOPY_MAX_LINKS": "60",
    "WIRECOPY_MAX_UNPACKED": "4 MB",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A response or revisit record."""

    url: str
    status: int | None
    truncated: str | None
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    code: int
    err: str
    report: dict[str, Any]
    memory: int
    """Peak of the crawl's process, in bytes."""
    held: float
    """The longest that the event loop was held, in seconds of CPU time."""
    held_by: str
    records: Mapping[str, list[Kept]]
    """By host and port."""
    collection: Path


class _Wire(Server):
    """A server whose connections are a case's own affair."""

    wire: Any = None

    def _converse(self, stream: socket.socket, number: int, client: str) -> None:
        if self.wire is None:
            super()._converse(stream, number, client)
        else:
            self.wire(stream, self._stopping.wait)


class Rig:
    """`with Rig(cases) as rig: rig.crawl(directory)`: every site serves in between."""

    def __init__(self, cases: Iterable[Case], healthy: int = 3) -> None:
        self.cases = {case.name: case for case in cases}
        self._stack = ExitStack()
        self._servers: dict[str, Server] = {}
        self._logs = {name: Log() for name in self.cases}
        self.healthy = [Newsroom(articles=12, seed=100 + n, name=f"healthy-{n}.test") for n in range(healthy)]
        for name, case in self.cases.items():
            context = server_context(None) if case.scheme == "https" and case.wire is None else None
            self._servers[name] = server = _Wire(_responder(case), self._logs[name], "127.0.0.1", 0, context)
            server.wire = case.wire

    def __enter__(self) -> Rig:
        for newsroom in self.healthy:
            self._stack.enter_context(newsroom)
        for server in self._servers.values():
            server.start()
            self._stack.callback(server.stop)
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def host(self, name: str) -> str:
        """Name and port of a case's site."""
        return f"{name}.test:{self._servers[name].port}"

    def url(self, name: str, path: str = "/") -> str:
        return f"{self.cases[name].scheme}://{self.host(name)}{path}"

    def served(self, name: str) -> list[Served]:
        """What a hostile site noted of its exchanges."""
        return self._logs[name].settled(timeout=0)

    def arguments(self, collection: Path, settings: Mapping[str, str] = LIMITS) -> list[str]:
        """Of the command line, for one crawl with all sites as seeds."""
        seeds = [self.url(name, case.start) for name, case in self.cases.items()]
        seeds += [newsroom.url + "/" for newsroom in self.healthy]
        options = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
        return ["crawl", *seeds, "-c", str(collection), "--max-pages", "5000", *options]

    def crawl(self, directory: Path) -> Outcome:
        collection, facts = directory / "news", directory / "facts.json"
        ran = subprocess.run(
            [sys.executable, "-m", "tests.hostile.child", str(facts), *self.arguments(collection)],
            cwd=CHECKOUT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        (report,) = (collection / "crawls").glob("*/report.json")
        return Outcome(
            code=ran.returncode,
            err=ran.stderr,
            report=json.loads(report.read_bytes()),
            records=_kept(collection),
            collection=collection,
            **json.loads(facts.read_text()),
        )


def _responder(case: Case) -> Any:
    def respond(request: Request) -> Answer:
        return case.respond(request) or honest(request, case.links, case.head)

    return respond


def _kept(collection: Path) -> dict[str, list[Kept]]:
    """What a program of other people's reads in the WARC files."""
    found: dict[str, list[Kept]] = defaultdict(list)
    for path in sorted((collection / "archive").glob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, no_record_parse=True):
                headers = record.rec_headers
                if record.rec_type in ("response", "revisit"):
                    url = headers.get_header("WARC-Target-URI")
                    block = record.content_stream().read()
                    found[url.split("/")[2]].append(
                        Kept(
                            url=url,
                            status=_status(block),
                            truncated=headers.get_header("WARC-Truncated"),
                            length=len(block),
                        )
                    )
    return found


def _status(block: bytes) -> int | None:
    line = re.match(rb"HTTP/\S+ +(\d{3})\b", block)
    return int(line[1]) if line else None
