"""The servers beside whoever changes the same collection: what is archived is there at once, and whole."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from urllib.parse import quote, urlsplit

from archive.collection import Collection
from archive.disk import Disk
from archive.index.merge import merge
from archive.resolve import Resolver
from archive.warc.appender import Fsync, Rolling
from tests.commands import start, wirecopy
from tests.newsroom import Newsroom
from tests.serve.collections import SITE, collection, got
from tests.serve.serving import Proxied, Served, ask, proxying, serving

PAGES = 120


def body_of(number: int) -> bytes:
    return b"%d " % number * (50 + number)


def test_what_is_written_is_there_at_once_and_what_is_removed_is_gone(tmp_path: Path) -> None:
    path = collection(tmp_path / "news", [])
    written: list[int] = []
    ready, done = Event(), Event()

    def write() -> None:
        news = Collection.open(path)
        for first in range(0, PAGES, 20):
            recorder = news.recorder(
                crawl_id="test", user_agent="test", fsync=Fsync(policy="never"), rolling=Rolling(size=4000)
            )
            for number in range(first, first + 20):
                recorder.record(got(f"/{number}", body_of(number), after=number)).result()
                written.append(number)
                ready.set()
            recorder.close()
            merge(Disk(), news.indexes_dir, news.archive_dir, many=3, age=0)

    def read(get: Callable[[str], bytes], stride: int) -> None:
        ready.wait(30)
        looks = 0
        while not done.is_set() or looks < 10:
            number = written[-1 - looks * stride % len(written)]
            assert get(f"{SITE}/{number}") == body_of(number)
            looks += 1

    with serving(path) as served, proxying(path) as proxied, ThreadPoolExecutor(5) as pool:
        readers = [
            pool.submit(read, get, 7) for get in (through(proxied), through(proxied), exact(served), exact(served))
        ]
        try:
            write()
        finally:
            done.set()
        for reader in readers:
            reader.result()
        gone = ("takedown", "-c", path, "--capture", f"{SITE}/7", "--reason", "asked to", "--yes")
        assert wirecopy(*gone, cwd=tmp_path).code == 0
        assert proxied.ask(f"{SITE}/7")[0].getheader("X-Archive-Miss") == "not-captured"
        assert ask(served.replay, f"/2026id_/{SITE}/7")[0].status == 404
        assert {number: proxied.ask(f"{SITE}/{number}")[1] for number in (6, 8)} == {6: body_of(6), 8: body_of(8)}
    assert len(list((path / "archive").glob("*.warc.gz"))) > 10
    assert any((path / "indexes").glob("merged-*"))


def through(proxied: Proxied) -> Callable[[str], bytes]:
    connection = HTTPConnection(urlsplit(proxied.proxy).netloc, timeout=60)

    def get(url: str) -> bytes:
        connection.request("GET", url)
        answer = connection.getresponse()
        assert answer.status == 200, url
        return answer.read()

    return get


def exact(served: Served) -> Callable[[str], bytes]:
    def get(url: str) -> bytes:
        found, _ = ask(served.replay, f"/2026id_/{url}")
        assert found.status == 302, url
        answer, body = ask(served.replay, found.headers["Location"])
        assert answer.status == 200, url
        return body

    return get


def test_a_crawl_is_seen_while_it_runs_and_its_articles_are_found(tmp_path: Path) -> None:
    path = collection(tmp_path / "news", [])
    received: dict[str, set[bytes]] = {}
    with serving(path) as served, proxying(path) as proxied, Newsroom(articles=6) as newsroom:
        urls = [newsroom.url + article.path for article in newsroom.articles]
        assert {proxied.ask(url)[0].status for url in urls} == {504}
        words = f"/?q={quote(newsroom.articles[3].title)}"
        assert ask(served.room, words)[0].status == 503
        crawl = start("crawl", newsroom.url + "/", "-c", path, "--set", "DOWNLOAD_DELAY=0.1", cwd=tmp_path)
        meanwhile: set[str] = set()
        while crawl.poll() is None:
            for url in urls:
                answer, body = proxied.ask(url)
                if answer.getheader("X-Archive-Miss") is None:
                    received.setdefault(url, set()).add(body)
                    meanwhile |= {url} if crawl.poll() is None else set()
            with suppress(subprocess.TimeoutExpired):
                crawl.wait(0.3)
        crawl.communicate()
        assert crawl.returncode == 0
        assert len(meanwhile) > 1
        assert {proxied.ask(url)[0].status for url in urls} == {200}
        assert urls[3] in ask(served.room, words)[1].decode()
    with closing(Resolver(Collection.open(path))) as resolver:
        for url, bodies in received.items():
            assert bodies <= {b"".join(resolver.answer(each).payload()) for each in resolver.captures(url)}, url
