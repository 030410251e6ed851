"""Ask a real browser: show every odd response to headless Chromium and write down what came of it.

    python -m tests.newsroom.odd.browse

writes verdicts.json anew. Each case gets a profile of its own, so that none meets another's connections. Needs
`chromium` on the PATH, and trustme; talks to the browser over its DevTools protocol.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

import aiohttp

from tests.browsers import QUIET
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.odd import ODD
from tests.newsroom.odd.browsers import FILE

_FLAGS = (
    *QUIET,
    "--no-proxy-server",
    "--ignore-certificate-errors",
    "--remote-debugging-port=0",
)
_PATIENCE = 5.0


class Browser:
    """A DevTools session: commands with answers, and the events of each tab."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.events: dict[str, asyncio.Queue[dict[str, Any]]] = {}
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self._socket:
            data = json.loads(message.data)
            if waiting := self._waiting.pop(data.get("id"), None):
                waiting.set_result(data.get("result", {}))
            elif queue := self.events.get(data.get("sessionId", "")):
                queue.put_nowait(data)

    async def command(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        number = next(self._ids)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        command = {"id": number, "method": method, "params": params}
        await self._socket.send_json(command | ({"sessionId": session} if session else {}))
        return await asyncio.wait_for(answer, _PATIENCE)

    async def verdict(self, url: str, name: str) -> str:
        """What the user sees: page, part, redirect, blank, none, or the browser's error."""
        profile = (await self.command("Target.createBrowserContext"))["browserContextId"]
        tab = (await self.command("Target.createTarget", url="about:blank", browserContextId=profile))["targetId"]
        session = (await self.command("Target.attachToTarget", targetId=tab, flatten=True))["sessionId"]
        events = self.events[session] = asyncio.Queue()
        await self.command("Page.enable", session)
        await self.command("Network.enable", session)
        try:
            navigated = await self.command("Page.navigate", session, url=url)
            if error := _plain(navigated.get("errorText", "")):
                return "none" if error == "ABORTED" else f"error {error}"
            failure = await asyncio.wait_for(_loaded(events), _PATIENCE)
            shown = await self.command("Runtime.evaluate", session, expression="document.documentElement.outerHTML")
            judged = _judge(shown["result"].get("value", ""), name)
            return f"error {failure}" if failure and judged in ("blank", "garbled") else judged
        except TimeoutError:
            return "error HANGS"
        finally:
            await self.command("Target.disposeBrowserContext", browserContextId=profile)


async def _loaded(events: asyncio.Queue[dict[str, Any]]) -> str:
    """Wait until the page is there; where it broke off, until the browser gave up on the rest, and say why."""
    failure, navigated, stopped = "", False, False
    while not (failure and stopped):
        event = await events.get()
        match event["method"]:
            case "Page.loadEventFired":
                return ""
            case "Page.frameNavigated":
                navigated = True
            case "Page.frameStoppedLoading":
                stopped = navigated  # the blank page the tab began with stops loading, too
            case "Network.loadingFailed" if event["params"]["type"] == "Document":
                failure = _plain(event["params"]["errorText"])
    return failure


def _plain(error: str) -> str:
    return error.removeprefix("net::ERR_")


def _judge(document: str, name: str) -> str:
    if f"start of {name}" in document:
        return "page" if f"end of {name}" in document else "part"
    if "end of plain" in document:
        return "redirect"
    return "garbled" if len(document) > len("<html><head></head><body></body></html>") else "blank"


async def browse() -> dict[str, Any]:
    program = shutil.which("chromium") or sys.exit("chromium is not installed")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = await asyncio.create_subprocess_exec(
            program, *_FLAGS, f"--user-data-dir={folder}", stderr=asyncio.subprocess.PIPE
        )
        assert process.stderr
        address = ""
        while "ws://" not in address:
            address = (await process.stderr.readline()).decode()
        complaints = asyncio.create_task(process.stderr.read())  # a full pipe would stop the browser
        try:
            async with aiohttp.ClientSession() as http, http.ws_connect(address.split()[-1], max_msg_size=0) as socket:
                return await _all(Browser(socket))
        finally:
            process.terminate()
            await process.wait()
            await complaints


def _fours(names: list[str]) -> Iterator[list[str]]:
    return (names[at : at + 4] for at in range(0, len(names), 4))


async def _all(browser: Browser) -> dict[str, Any]:
    found: dict[str, Any] = {"browser": (await browser.command("Browser.getVersion"))["product"]}
    for scheme in ("http", "https"):
        with Newsroom(https=scheme == "https") as newsroom:
            found[scheme] = {}
            for names in _fours(sorted(ODD)):
                verdicts = await asyncio.gather(
                    *(browser.verdict(f"{newsroom.url}/odd/{name}", name) for name in names)
                )
                found[scheme] |= zip(names, verdicts, strict=True)
    return found


if __name__ == "__main__":
    FILE.write_text(json.dumps(asyncio.run(browse()), indent=1) + "\n")
