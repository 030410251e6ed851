"""The two servers, on the wire."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from archive import Collection
from tests.commands import wirecopy
from tests.crawl.conftest import Crawled
from tests.crawl.conftest import crawled as crawled
from tests.serve.collections import SITE, collection, got
from tests.serve.serving import Served, ask, serving

LARGE = bytes(range(256)) * 4096 * 8
AT = "20260301120000"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    kept = [got("/", b"<p>hello"), got("/large.bin", LARGE, kind="application/octet-stream")]
    kept += [got(f"/{number}", b"%d " % number * 1000) for number in range(30)]
    path = collection(tmp_path_factory.mktemp("served") / "news", kept)
    with serving(path, "--name", "news.lan") as served:
        yield served


def test_all_that_the_replay_server_says_is_sandboxed(served: Served) -> None:
    for target in (f"/{AT}/{SITE}/", f"/{SITE}/", f"/2026/{SITE}/missing", "/", "/2026/x:y", f"/*/{SITE}/"):
        response, _ = ask(served.replay, target)
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("sandbox ")
        assert "allow-scripts" not in policy
        assert "allow-same-origin" not in policy
        assert "default-src 'self'" in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in response.headers


def test_methods_and_hosts(served: Served) -> None:
    path = f"/{AT}/{SITE}/large.bin"
    head, body = ask(served.replay, path, "HEAD")
    assert (head.status, head.headers["Content-Length"], body) == (200, str(len(LARGE)), b"")
    assert ask(served.replay, path)[1] == LARGE
    part, body = ask(served.replay, path, headers={"Range": "bytes=5000000-5000009"})
    assert (part.status, body) == (206, LARGE[5000000:5000010])
    assert part.headers["Content-Range"] == f"bytes 5000000-5000009/{len(LARGE)}"
    refused, _ = ask(served.replay, path, "POST")
    assert (refused.status, refused.headers["Allow"]) == (405, "GET, HEAD")
    for server in (served.replay, served.room):
        port = urlsplit(server).port
        for name, status in (
            ("evil.example", 421),
            ("localhost", 404),
            ("news.lan", 404),
            ("[::1]", 404),
            ("a b", 400),
        ):
            assert ask(server, "/nothing", headers={"Host": f"{name}:{port}"})[0].status == status, name
        absolute = f"http://127.0.0.1:{port}/nothing"
        assert ask(server, absolute)[0].status == 404


def test_fonts_for_its_own_pages_and_for_nobody_else(served: Served) -> None:
    own = {"Origin": "null", "Referer": f"{served.replay}/"}
    assert ask(served.replay, f"/{AT}/{SITE}/", headers=own)[0].headers["Access-Control-Allow-Origin"] == "null"
    for other in (
        {"Origin": "null", "Referer": "https://evil.example/"},
        {"Origin": "null"},
        {"Origin": served.replay},
    ):
        answer, _ = ask(served.replay, f"/{AT}/{SITE}/", headers=other)
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_many_at_a_time_and_some_that_never_read(served: Served) -> None:
    place = urlsplit(served.replay)
    assert place.hostname is not None
    idle = [socket.create_connection((place.hostname, place.port or 0)) for _ in range(20)]
    for connection in idle:
        connection.sendall(f"GET /{AT}/{SITE}/large.bin HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode())
    with ThreadPoolExecutor(12) as pool:
        pages = pool.map(lambda number: ask(served.replay, f"/{AT}/{SITE}/{number % 30}")[1], range(120))
        assert [page[:3].split()[0] for page in pages] == [b"%d" % (number % 30) for number in range(120)]
    for connection in idle:
        connection.close()
    assert ask(served.replay, f"/{AT}/{SITE}/")[1] == b"<p>hello"


def test_garbage_ends_in_no_traceback(served: Served) -> None:
    place = urlsplit(served.replay)
    for sent in (b"\x00\x01\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET /\xff\xfe HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"):
        with socket.create_connection((place.hostname or "", place.port or 0), timeout=30) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(9) in (b"HTTP/1.1 ", b"")


def test_the_reading_room_finds_articles_and_captures(crawled: Crawled) -> None:
    article = crawled.newsroom.articles[3]
    url = crawled.newsroom.url + article.path
    with serving(crawled.collection) as served:
        start, page = ask(served.room, "/?q=" + quote(article.title))
        assert start.status == 200
        assert "default-src 'none'" in start.headers["Content-Security-Policy"]
        with Collection.open(crawled.collection) as news:
            (capture,) = news.captures(url)
        link = f"{served.replay}/{capture.date:%Y%m%d%H%M%S}/{url}"
        assert f'href="{link}"' in page.decode()
        assert ask(served.replay, link.removeprefix(served.replay))[0].status == 200
        captures = ask(served.room, f"/captures?url={quote(url, safe='')}")[1].decode()
        assert f'href="{link}"' in captures
        assert ask(served.room, "/captures?url=http://nope.example/")[0].status == 404
        assert ask(served.room, "/?q=%3Cscript%3Ealert(1)%3C/script%3E")[1].count(b"<script") == 0
        code, said = served.stop(signal.SIGTERM)
        assert code == 143
        assert "rror" not in said


def test_it_ends_cleanly_and_says_what_is_in_its_way(tmp_path: Path) -> None:
    path = collection(tmp_path / "news", [got("/large.bin", LARGE)])
    with serving(path) as served:
        place = urlsplit(served.replay)
        busy = wirecopy("serve", "-c", path, "--port", str(place.port), cwd=tmp_path)
        assert busy.code == 2
        assert str(place.port) in busy.err
        with socket.create_connection((place.hostname or "", place.port or 0)) as reading:
            reading.sendall(f"GET /{AT}/{SITE}/large.bin HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode())
            reading.recv(1000)
            code, said = served.stop()
        assert code == 130
        assert "rror" not in said
    assert wirecopy("serve", "-c", tmp_path / "none", cwd=tmp_path).code == 3
