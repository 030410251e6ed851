"""Chromium without a window, driven by chromedriver in the W3C's WebDriver protocol."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.browsers import QUIET

__all__ = ["Browser", "chromium"]

_FLAGS = (
    *QUIET,
    "--hide-scrollbars",
    "--window-size=900,1200",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)

_STARTED = re.compile(r"started successfully on port (\d+)")


class Browser:
    def __init__(self, driver: str, profile: Path, binary: str, flags: Iterable[str]) -> None:
        self._driver = driver
        options = {"binary": binary, "args": [*_FLAGS, *flags, f"--user-data-dir={profile}"]}
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"performance": "ALL"}}
        session = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self._session = f"/session/{session['sessionId']}"

    def open(self, url: str) -> None:
        """The page, with all it needs, fonts included."""
        self.do("POST", "/url", {"url": url})
        self.run("return document.fonts.ready.then(() => true)")

    def run(self, script: str) -> Any:
        """What a script says in the page, of its own accord: not one of the page's."""
        return self.do("POST", "/execute/sync", {"script": script, "args": []})

    def picture(self) -> str:
        """The whole page as PNG, in base64."""
        shot = {"format": "png", "captureBeyondViewport": True}
        command = {"cmd": "Page.captureScreenshot", "params": shot}
        return str(self.do("POST", "/goog/cdp/execute", command)["data"])

    def asked(self) -> list[str]:
        """Every URL that was asked for since the last look; not those that a page's own policy kept back."""
        log = self.do("POST", "/se/log", {"type": "performance"})
        events = [json.loads(entry["message"])["message"] for entry in log]
        kept_back = {
            each["params"]["requestId"]
            for each in events
            if each["method"] == "Network.loadingFailed" and each["params"].get("blockedReason")
        }
        return [
            each["params"]["request"]["url"]
            for each in events
            if each["method"] == "Network.requestWillBeSent" and each["params"]["requestId"] not in kept_back
        ]

    def do(self, method: str, path: str, body: object = None) -> Any:
        return self._ask(method, self._session + path, body)

    def close(self) -> None:
        self.do("DELETE", "")

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._driver + path, data=data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()[:500]) from error


@contextmanager
def chromium(directory: Path, *flags: str) -> Iterator[Browser]:
    """A browser with an empty profile, and these flags besides; skips where there is none."""
    found = {name: shutil.which(name) for name in ("chromium", "chromedriver")}
    if not (found["chromium"] and found["chromedriver"]):
        pytest.skip("no Chromium: install the packages chromium and chromium-driver")
    command = [found["chromedriver"], "--port=0", f"--log-path={directory / 'chromedriver.log'}"]
    driver = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert driver.stdout is not None
        # It says so when it listens, and where; it ends, and with it what it says, where it cannot.
        started = next((said for line in driver.stdout if (said := _STARTED.search(line))), None)
        assert started, "chromedriver does not start"
        browser = Browser(f"http://127.0.0.1:{started[1]}", directory / "profile", found["chromium"], flags)
        try:
            yield browser
        finally:
            browser.close()
    finally:
        driver.terminate()
        driver.wait(10)
