"""What other people's programs make of our WACZ files: py-wacz and replayweb.page."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest

from archive import Collection
from archive.pack.choice import Choice
from archive.pack.pack import pack
from archive.pack.signature import private_key
from tests.pack.packages import changed
from tests.serve.chromium import Browser, chromium
from tests.serve.collections import SITE

CHECKOUT = Path(__file__).parents[2]
PATIENCE = 30.0

CHOICES = {"all": Choice(), "part": Choice(words="drawbridge")}

TEXTS = """
const found = [];
const walk = root => {
  found.push((root.body || root).textContent);
  for (const each of root.querySelectorAll('*')) {
    if (each.shadowRoot) walk(each.shadowRoot);
    if (each.tagName === 'IFRAME' && each.contentDocument) walk(each.contentDocument);
  }
};
walk(document);
return found.join(' ');
"""
COLOURS = """
const found = [];
const walk = root => {
  for (const each of root.querySelectorAll('*')) {
    if (each.tagName === 'ARTICLE') found.push(getComputedStyle(each).color);
    if (each.shadowRoot) walk(each.shadowRoot);
    if (each.tagName === 'IFRAME' && each.contentDocument) walk(each.contentDocument);
  }
};
walk(document);
return found.join(' ');
"""


@pytest.fixture
def packages(news: Path, tmp_path: Path) -> dict[str, Path]:
    key = private_key(tmp_path / "key.pem")
    made = {name: tmp_path / f"{name}.wacz" for name in CHOICES}
    with Collection.open(news) as collection:
        for name, path in made.items():
            pack(collection, path, CHOICES[name], key=key)
    return made


def test_wacz_finds_them_valid(packages: dict[str, Path], tmp_path: Path) -> None:
    found = shutil.which("wacz", path=str(CHECKOUT / ".venv-wacz" / "bin")) or shutil.which("wacz")
    if found is None:
        pytest.skip("py-wacz is not installed: run 'make wacz'")
    broken = changed(packages["all"], {"pages/pages.jsonl": b"{}"}, tmp_path / "broken.wacz")
    for path, code in ((packages["all"], 0), (packages["part"], 0), (broken, 1)):
        ran = subprocess.run([found, "validate", "-f", path], capture_output=True, text=True, check=False)
        assert ran.returncode == code, ran.stdout + ran.stderr


class _Ranges(SimpleHTTPRequestHandler):
    """Files, and pieces of them, which is how a WACZ file is read."""

    def do_GET(self) -> None:
        path, asked = Path(self.translate_path(self.path)), self.headers.get("Range")
        if not asked or not path.is_file():
            return super().do_GET()
        data = path.read_bytes()
        first, _, last = asked.removeprefix("bytes=").partition("-")
        start = int(first) if first else len(data) - int(last)
        piece = data[start : int(last) + 1 if first and last else None]
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {start}-{start + len(piece) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(piece)))
        self.end_headers()
        self.wfile.write(piece)
        return None

    def log_message(self, *_: object) -> None: ...


@contextmanager
def served(directory: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Ranges, directory=str(directory)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def awaited(browser: Browser, script: str, fits: Callable[[str], bool]) -> str:
    deadline = time.monotonic() + PATIENCE
    while not fits(said := str(browser.run(script))):
        assert time.monotonic() < deadline, said[-2000:]
        time.sleep(0.1)
    return said


def test_replayweb_page_lists_finds_and_shows_pages(packages: dict[str, Path], tmp_path: Path) -> None:
    program = CHECKOUT / ".replaywebpage" / "package"
    if not program.is_dir():
        pytest.skip("replayweb.page is not installed: run 'make replaywebpage'")
    site = tmp_path / "site"
    site.mkdir()
    for path in (*(program / name for name in ("index.html", "ui.js", "sw.js")), *packages.values()):
        shutil.copy(path, site)
    with chromium(tmp_path) as browser, served(site) as address:

        def opened(name: str, view: str) -> None:
            browser.open("about:blank")
            browser.open(f"{address}/?source={quote(f'{address}/{name}.wacz')}#{view}")

        opened("all", "view=pages")
        awaited(browser, TEXTS, lambda text: all(t in text for t in ("Bridge opens", "Ferry sails", "Elsewhere")))
        opened("all", "view=pages&query=steamferry")  # a word that is in no title and no URL
        awaited(browser, TEXTS, lambda text: "Ferry sails" in text and "Bridge opens" not in text)
        for name, day in (("all", "20260301120000"), ("all", "20260302120001"), ("part", "20260302120001")):
            opened(name, f"view=replay&url={quote(f'{SITE}/story/bridge', safe='')}&ts={day}")
            awaited(browser, TEXTS, lambda text: "The drawbridge was in the news on day 8" in text)
            awaited(browser, COLOURS, lambda colour: "rgb(1, 2, 3)" in colour)  # its style sheet is there
