"""A page at many addresses is fetched once in a crawl, by whichever came first, and a circle is walked once at most."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.commands import wirecopy
from tests.newsroom.answers import Answer, Page, Request, answer, simple
from tests.newsroom.log import Log
from tests.newsroom.server import Server

STORY = "/2026/03/01/what-the-harbour-cost-the-town"
OTHER = "/2026/03/02/the-pilots-were-not-asked"
LINKS = (
    f"{STORY}?utm_source=home",
    f"{STORY}/#top",
    "/out/1",
    OTHER,
    "/out/2",
    "/out/home",
    "/out/new-1",
    "/out/new-2",
)
LEADS_TO = {
    "/out/1": f"{STORY}?utm_campaign=out",
    "/out/2": f"{OTHER}/?fbclid=9",
    "/out/home": "/?utm_medium=back",
    "/out/new-1": "/2026/03/03/nothing-else-names-this?gclid=1",
    "/out/new-2": "/2026/03/03/nothing-else-names-this",
}


def site(request: Request) -> Page:
    """A front page, stories at any address of theirs, and links that count clicks."""
    if request.path in LEADS_TO:
        return simple(302, "Found", ("Location", LEADS_TO[request.path]))
    if request.path == "/":
        links = "".join(f'<li><a href="{to}"><h2>A headline of a story, the one at {to}</h2></a></li>' for to in LINKS)
        return Page(body=f"<html><body><main><ul>{links}</ul></main></body></html>".encode())
    if request.path.startswith("/2026/"):
        text = "<p>Pilots said on Monday that they had not been asked what the harbour would cost.</p>" * 20
        return Page(body=f"<html><body><article><h1>{request.path}</h1>{text}</article></body></html>".encode())
    return simple(404, "Not found")


def asks_back(request: Request) -> Page:
    """Sets a cookie and sends readers to the same address, until they bring it."""
    if request.path == "/story" and "seen=1" not in request.headers.get("cookie", ""):
        return simple(302, "Found", ("Location", "/story"), ("Set-Cookie", "seen=1"))
    return site(request) if request.path != "/story" else Page(body=b"<html><body><p>The story.</p></body></html>")


def test_a_page_is_fetched_once_under_whichever_address(tmp_path: Path) -> None:
    log = Log()
    server = Server(lambda request: _answer(site(request), request), log, "127.0.0.1", 0, None)
    server.start()
    try:
        ran = wirecopy("crawl", f"http://127.0.0.1:{server.port}/", "-c", "news", cwd=tmp_path)
    finally:
        server.stop()
    assert ran.code == 0, ran.err
    asked = Counter(_bare(served.request) for served in log.settled() if b" 200 " in served.sent[:16])
    assert asked[STORY] == asked[OTHER] == asked["/2026/03/03/nothing-else-names-this"] == asked[""] == 1
    assert _target(log, STORY) == f"{STORY}?utm_source=home", "the address as it was found first"


@pytest.mark.parametrize("cookies", [False, True])
def test_a_site_that_asks_a_cookie_back_is_asked_once_more_with_it(tmp_path: Path, cookies: bool) -> None:
    log = Log()
    server = Server(lambda request: _answer(asks_back(request), request), log, "127.0.0.1", 0, None)
    server.start()
    options = ("--scope", "page", "--set", f"COOKIES_ENABLED={cookies}", "--json")
    try:
        ran = wirecopy("crawl", f"http://127.0.0.1:{server.port}/story", "-c", "news", *options, cwd=tmp_path)
    finally:
        server.stop()
    sent = [served.sent[9:12] for served in log.settled() if served.path == "/story"]
    failures = json.loads(ran.out)["failures"]
    if cookies:
        assert (sent, failures) == ([b"302", b"200"], [])
    else:
        assert sent == [b"302"]
        assert "COOKIES_ENABLED=True" in failures[0]["why"]


def test_an_article_goes_on_where_a_recipe_says(tmp_path: Path) -> None:
    on = {STORY: "/more/of-it", "/more/of-it": "/more/the-end"}
    pages = (STORY, *on.values())

    def told(request: Request) -> Page:
        if request.path not in pages:
            return simple(404, "Not found")
        link = f'<a class="on" href="{on[request.path]}">Read on</a>' if request.path in on else ""
        text = f"<p>Pilots said at {request.path} that they had not been asked what the harbour would cost.</p>" * 8
        return Page(body=f"<html><body><article><h1>The harbour</h1>{text}</article>{link}</body></html>".encode())

    recipe = tmp_path / "news" / "recipes" / "site.toml"
    recipe.parent.mkdir(parents=True)
    recipe.write_text('format = 1\nhosts = ["127.0.0.1"]\nkind = "article"\nnext = "a.on"\n')
    server = Server(lambda request: _answer(told(request), request), Log(), "127.0.0.1", 0, None)
    server.start()
    seed = f"http://127.0.0.1:{server.port}{STORY}"
    try:
        ran = wirecopy("crawl", seed, "-c", "news", cwd=tmp_path)
    finally:
        server.stop()
    assert ran.code == 0, ran.err
    (row,) = wirecopy("export", "jsonl", "-c", "news", cwd=tmp_path).rows
    assert [page for page in pages if f"said at {page} that" in row["text"]] == list(pages)
    replayed = wirecopy("crawl", seed, "--from-archive", "-c", "news", "--json", cwd=tmp_path)
    assert replayed.rows[-1]["counts"]["answered"] == len(pages)


def _answer(page: Page, request: Request) -> Answer:
    return answer(page, request, datetime.now(UTC))


def _target(log: Log, path: str) -> str:
    return next(t for served in log.settled() if (t := served.request.split(b" ")[1].decode()).startswith(path))


def _bare(request: bytes) -> str:
    return request.split(b" ")[1].decode().partition("?")[0].rstrip("/")
